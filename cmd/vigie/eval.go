package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/flag"
)

// evaluation holds the options of eval.
type evaluation struct {
	format                  string
	list                    bool
	baseline, writeBaseline string
	verdicts                string
	learning
}

func evalCommand(s *settings) *cobra.Command {
	var e evaluation
	c := &cobra.Command{
		Use:   "eval CORPUS.jsonl",
		Short: "Precision, recall and F1 against an annotated corpus (prints French)",
		Long: `eval classifies the documents of an annotated corpus, one JSON object a line
("-" is standard input), and counts what was right, wrong and missed: by
category, kind and source, which is the id up to its last "-", by factor and by
term, with 95 % confidence intervals. Figures that fell below a baseline by
more than 0.002 are named on standard error, and the exit code is 1.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return e.run(c, s, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&e.format, "format", formatText, "text or json")
	f.BoolVar(&e.list, "list", false, "each miss and false alarm with its context; shows customers' words")
	f.StringVar(&e.baseline, "baseline", "", "compare with `FILE`")
	f.StringVar(&e.verdicts, "verdicts", "", "precision by term and channel from a care team's verdicts in `FILE`; the argument is then a file of flags")
	e.addFlags(c)
	f.StringVar(&e.writeBaseline, "write-baseline", "", "write the figures to `FILE`, for --baseline")
	return c
}

func (e *evaluation) run(c *cobra.Command, s *settings, file string) error {
	if e.format != formatText && e.format != formatJSON {
		return fmt.Errorf("--format %q is neither %s nor %s", e.format, formatText, formatJSON)
	}
	if e.verdicts != "" {
		return e.judged(c, s, file)
	}
	if e.baseline != "" && e.writeBaseline != "" {
		return errors.New("--baseline compares and --write-baseline writes: one at a time")
	}
	if err := e.check(); err != nil {
		return err
	}
	before, err := readBaseline(e.baseline)
	if err != nil {
		return err
	}
	cfg, r, err := s.rules()
	if err != nil {
		return err
	}
	corpus, name, err := readCorpus(file, c.InOrStdin())
	if err != nil {
		return err
	}
	if r, err = e.strip(r, cfg.Lexicon.Engine); err != nil {
		return err
	}
	var flags []*flag.Flag
	if e.leaveOut || e.fit != "" {
		x, err := e.learner(c.Context(), r, cfg.Lexicon.Engine, corpus, c.ErrOrStderr())
		if err != nil {
			return err
		}
		if e.fit != "" {
			return x.write(e.fit)
		}
		flags, err = x.judge(c.Context(), corpus)
		if err != nil {
			return err
		}
	} else if flags, err = corpus.Judge(c.Context(), r.classifier, progress(c.OutOrStdout(), c.ErrOrStderr(), corpus.Size())); err != nil {
		return fmt.Errorf("interrupted, nothing was measured: %w", err)
	}
	score := eval.NewScore(e.list)
	for i, d := range corpus.Documents {
		if !e.leaveOut || !slices.Contains(e.read, d.Source()) {
			score.Add(d, flags[i])
		}
	}
	warnOfCorpus(c.ErrOrStderr(), name, corpus)
	result := score.Result(corpus, flag.Lexicon{Name: r.program.Name, Version: r.program.Version, Digest: r.program.Digest})
	names := namesOf(r)
	worse := before != nil && e.compare(c.ErrOrStderr(), result, before, names)
	if err := e.write(c.OutOrStdout(), result, names); err != nil {
		return err
	}
	if worse || len(corpus.Wrong) > 0 {
		if e.writeBaseline != "" {
			fmt.Fprintf(c.ErrOrStderr(), "%s : non écrit, le corpus a des lignes fausses\n", e.writeBaseline)
		}
		return errInput
	}
	return e.keep(result)
}

// judged reports a care team's verdicts on the flags of a file.
func (e *evaluation) judged(c *cobra.Command, s *settings, file string) error {
	_, r, err := s.rules()
	if err != nil {
		return err
	}
	verdicts, _, err := open(e.verdicts, c.InOrStdin())
	if err != nil {
		return err
	}
	defer verdicts.Close()
	flags, _, err := open(file, c.InOrStdin())
	if err != nil {
		return err
	}
	defer flags.Close()
	v, err := eval.ReadVerdicts(verdicts, flags)
	if err != nil {
		return err
	}
	if e.format == formatJSON {
		err = v.WriteJSON(c.OutOrStdout())
	} else {
		err = v.WriteText(c.OutOrStdout(), namesOf(r))
	}
	for _, w := range v.Wrong {
		fmt.Fprintf(c.ErrOrStderr(), "ligne %d : %s\n", w.Line, w.Message)
	}
	if err == nil && len(v.Wrong) > 0 {
		err = errInput
	}
	return err
}

// compare says on errs which figures fell, and reports whether one did.
func (e *evaluation) compare(errs io.Writer, result *eval.Result, before *eval.Baseline, names eval.Names) bool {
	if !result.Same(before) {
		fmt.Fprintf(errs, "%s : mesuré sur un autre corpus (%d documents) ; la comparaison ne vaut pas grand-chose\n", e.baseline, before.Corpus.Documents)
	}
	worse := result.Compare(before)
	for _, c := range result.Baseline {
		if c.Worse {
			fmt.Fprintf(errs, "recul : %s, %.4f → %.4f\n", c.Name(names), c.Before, c.Now)
		}
	}
	return worse
}

func (e *evaluation) write(w io.Writer, result *eval.Result, names eval.Names) error {
	if e.format == formatJSON {
		return result.WriteJSON(w)
	}
	return result.WriteText(w, names)
}

// keep writes the baseline, if one is asked for.
func (e *evaluation) keep(result *eval.Result) error {
	if e.writeBaseline == "" {
		return nil
	}
	f, err := os.Create(e.writeBaseline)
	if err != nil {
		return err
	}
	return errors.Join(result.WriteBaseline(f), f.Close())
}

// readBaseline reads a baseline, nil for "".
func readBaseline(file string) (*eval.Baseline, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := eval.ReadBaseline(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return b, nil
}

// readCorpus reads a corpus; name is what places in it are called.
func readCorpus(file string, stdin io.Reader) (corpus *eval.Corpus, name string, err error) {
	f, name, err := open(file, stdin)
	if err != nil {
		return nil, name, err
	}
	defer f.Close()
	if corpus, err = eval.Read(f); err != nil {
		return nil, name, fmt.Errorf("%s: %w", name, err)
	}
	if len(corpus.Documents)+len(corpus.Wrong) == 0 {
		return nil, name, fmt.Errorf("%s: no document", name)
	}
	return corpus, name, nil
}

// warnOfCorpus says which lines of a corpus are left out.
func warnOfCorpus(errs io.Writer, name string, c *eval.Corpus) {
	for _, w := range c.Wrong {
		fmt.Fprintf(errs, "%s:%d: %s\n", name, w.Line, w.Message)
	}
}

// namesOf returns the names of the report.
func namesOf(r *rules) eval.Names {
	patterns := make(map[string]string, len(r.program.Terms))
	for i := range r.program.Terms {
		patterns[r.program.Terms[i].ID] = r.program.Terms[i].Pattern
	}
	return eval.Names{Of: labelsOf(r.program).of, Pattern: func(term string) string { return patterns[term] }}
}
