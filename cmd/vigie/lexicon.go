package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

func lexiconCommand(s *settings) *cobra.Command {
	return group("lexicon", "What the lexicon's owners need: lint, examples, counts (prints French)",
		lintCommand(s),
		lexiconAct(s, "test", "Run the examples of every factor", testExamples),
		lexiconAct(s, "stats", "Count categories, factors, terms, and what they cost", stats),
		diffCommand(s),
	)
}

// lexiconAct is a command that runs act on the loaded rules.
func lexiconAct(s *settings, use, short string, act func(io.Writer, *rules) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, r, err := s.rules()
			if err != nil {
				return err
			}
			return act(c.OutOrStdout(), r)
		},
	}
}

func lintCommand(s *settings) *cobra.Command {
	remarks := false
	c := lexiconAct(s, "lint", "What the lexicon could do better: doubles, shadowed, dead, too short or costly terms",
		func(w io.Writer, r *rules) error { return lint(w, r, remarks) })
	c.Flags().BoolVar(&remarks, "remarks", false, "print remarks too: which factors have terms that no example tries")
	return c
}

// lint prints every problem with its place; warnings and remarks alone are no
// failure.
func lint(w io.Writer, r *rules, remarks bool) error {
	problems, err := lexicon.Lint(r.source, r.program, r.find)
	if err != nil {
		return err
	}
	count := make(map[lexicon.Severity]int)
	for _, p := range problems {
		count[p.Severity]++
		if p.Severity > lexicon.Remark || remarks {
			fmt.Fprintf(w, "%s: %s : %s\n", p.Place, p.Severity, p.Message)
		}
	}
	fmt.Fprintf(w, "%s, %s, %s\n", plural(count[lexicon.Error], "erreur"), plural(count[lexicon.Warning], "avertissement"), plural(count[lexicon.Remark], "remarque"))
	if count[lexicon.Error] > 0 {
		return errInput
	}
	return nil
}

// find returns the ids of the terms found in a text that is written as an
// example is.
func (r *rules) find(text string) ([]string, error) {
	record, err := eval.ExampleRecord(text)
	if err != nil {
		return nil, err
	}
	found, err := r.classifier.Explain(record)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found))
	for i, x := range found {
		ids[i] = x.Finding.Term
	}
	return ids, nil
}

// stats prints what the lexicon holds.
func stats(w io.Writer, r *rules) error {
	s := lexicon.NewStats(r.source, r.program)
	fmt.Fprintf(w, "%s %s\n%s\n\n", s.Name, s.Version, s.Digest)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	var t io.Writer = table
	fmt.Fprint(t, "termes\toral\tsauf\tstructures\tsuites\texemples\tgravité\t  facteur\n")
	for _, c := range s.Categories {
		fmt.Fprintf(t, "%d\t\t\t\t\t\t\t  %s\n", c.Terms, c.Label)
		for _, f := range c.Factors {
			fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t    %s\n",
				f.Terms, f.Heard, f.Unless, f.Structures, f.Phrases, f.Matches+f.NoMatches+f.OtherText, f.Severity, f.ID)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, d := range s.Drivers {
		fmt.Fprintf(w, "FG21/1 %-12s %s, %s\n", d.ID, plural(d.Factors, "facteur"), plural(d.Terms, "terme"))
	}
	fmt.Fprintf(w, "\n%s, %s, %s\n", plural(s.Classes, "classe"), plural(s.Masks, "masque"), plural(s.Cues, "indice"))
	fmt.Fprintf(w, "%s, %s, %s, %.1f Mo\n", plural(s.Words, "mot"), plural(s.Literals, "suite"), plural(s.Sequences, "assemblage"), float64(s.Bytes)/1e6)
	return nil
}

// plural counts in French, where nought and one are singular.
func plural(n int, noun string) string {
	if n > 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
