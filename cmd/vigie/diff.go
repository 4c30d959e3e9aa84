package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// shipped names the lexicon in the program where a directory is asked for.
const shipped = "livré"

func diffCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "diff A B [EVENTS…]",
		Short: "What lexicon B says differently from A, and what it would change on events",
		Long: `diff compares two lexicons by meaning: terms, settings, qualifiers and indices
that were added, removed or changed; order, comments, labels and examples are no
difference. A and B are directories; "livré" (or "shipped") is the lexicon in
the program. With files of events, one a line, it classifies them with both and
tells whose flag appears, disappears or changes, by file and line, without a
customer's words. Both are judged by the configured routing policy.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			var both [2]*rules
			for i, dir := range args[:2] {
				cfg, err := s.load()
				if err != nil {
					return err
				}
				if cfg.Lexicon.Dir = dir; dir == shipped || dir == "shipped" {
					cfg.Lexicon.Dir = ""
				}
				if both[i], err = loadRules(&cfg.Lexicon); err != nil {
					return err
				}
			}
			w := c.OutOrStdout()
			writeDifferences(w, lexicon.Diff(both[0].source, both[1].source))
			if len(args) == 2 {
				return nil
			}
			if _, err := sizeOf(args[2:]); err != nil {
				return err
			}
			return diffEvents(c.Context(), w, c.ErrOrStderr(), both, args[2:], c.InOrStdin())
		},
	}
}

// mostIndices is how many differences of indices are printed: a new fit changes
// nearly all of them.
const mostIndices = 40

func writeDifferences(w io.Writer, list []lexicon.Difference) {
	indices := 0
	for _, d := range list {
		if d.Where == lexicon.WhereIndices {
			if indices++; indices > mostIndices {
				continue
			}
		}
		fmt.Fprintln(w, d)
	}
	if more := indices - mostIndices; more > 0 {
		fmt.Fprintf(w, "%s : %d autres différences\n", lexicon.WhereIndices, more)
	}
	fmt.Fprintln(w, plural(len(list), "différence"))
}

// diffEvents judges events with both lexicons and prints whose flag differs.
func diffEvents(ctx context.Context, w, errs io.Writer, both [2]*rules, files []string, stdin io.Reader) error {
	names := labelsOf(both[1].program)
	var t changes
	seconds := sync.Pool{New: func() any { return both[1].classifier.Clone() }} // liner clones the first only
	fmt.Fprintln(w)
	l := liner{
		classifier: both[0].classifier, out: w, errs: errs, progress: func(int) {},
		judge: func(c *pipeline.Classifier, r event.Record, place string, dst []byte) ([]byte, error) {
			before, err := c.Classify(r)
			if err != nil {
				return dst, err
			}
			second := seconds.Get().(*pipeline.Classifier)
			after, err := second.Classify(r)
			seconds.Put(second)
			if err != nil {
				return dst, err
			}
			if line := t.line(before.Flag, after.Flag, names); line != "" {
				dst = fmt.Appendf(dst, "%s : %s\n", place, line)
			}
			return dst, nil
		},
	}
	err := l.files(ctx, files, stdin)
	fmt.Fprintf(w, "%s ; %d de plus, %d de moins, %d changées, %d pareilles\n", plural(int(t.events.Load()), "événement"),
		t.more.Load(), t.fewer.Load(), t.changed.Load(), t.same.Load())
	return err
}

// changes counts events and their flags; liner judges on several processors.
type changes struct{ events, more, fewer, changed, same atomic.Int64 }

// line tells how a flag differs, "" if it does not.
func (t *changes) line(a, b *flag.Flag, names labels) string {
	t.events.Add(1)
	switch {
	case a == nil && b == nil:
		return ""
	case a == nil:
		t.more.Add(1)
		return "+ " + told(b, names)
	case b == nil:
		t.fewer.Add(1)
		return "− " + told(a, names)
	}
	var list []string
	for _, c := range b.Categories {
		if !slices.Contains(a.Categories, c) {
			list = append(list, "+ "+names.of(c)+reasons(b, c))
		}
	}
	for _, c := range a.Categories {
		if !slices.Contains(b.Categories, c) {
			list = append(list, "− "+names.of(c)+reasons(a, c))
		}
	}
	if a.Route != b.Route {
		list = append(list, names.of(a.Route)+" → "+names.of(b.Route))
	} else if a.Severity != b.Severity {
		list = append(list, fmt.Sprintf("gravité %d → %d", a.Severity, b.Severity))
	}
	if !slices.Equal(a.Referrals, b.Referrals) {
		list = append(list, fmt.Sprintf("à proposer : %s → %s", orNothing(names.list(a.Referrals)), orNothing(names.list(b.Referrals))))
	}
	if len(list) == 0 {
		t.same.Add(1)
		return ""
	}
	t.changed.Add(1)
	return strings.Join(list, " ; ")
}

// told names what a flag says.
func told(f *flag.Flag, names labels) string {
	list := make([]string, len(f.Categories))
	for i, c := range f.Categories {
		list[i] = names.of(c) + reasons(f, c)
	}
	return fmt.Sprintf("%s, gravité %d : %s", names.of(f.Route), f.Severity, strings.Join(list, ", "))
}

// reasons lists the terms that made a category.
func reasons(f *flag.Flag, category string) string {
	var terms []string
	for _, x := range f.Findings {
		if x.Category == category && x.Status == flag.Asserted {
			terms = append(terms, x.Term)
		}
	}
	if len(terms) == 0 {
		return ""
	}
	return " (" + strings.Join(terms, ", ") + ")"
}

func orNothing(text string) string {
	if text == "" {
		return "rien"
	}
	return text
}
