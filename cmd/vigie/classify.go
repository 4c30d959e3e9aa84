package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
)

// Formats of what --explain prints.
const (
	formatText = "text"
	formatJSON = "json"
)

func classifyCommand(s *settings) *cobra.Command {
	var engine, output, foreign, topic string
	var explain bool
	c := &cobra.Command{
		Use:   "classify [FILE…]",
		Short: "Structured CloudEvents, one a line, or files of an upstream format, to flags; no Kafka",
		Long: `classify reads structured CloudEvents, one a line, from files or standard input
(also "-") and prints the flags, one a line, as they would stand on the topic.
A bad line is reported with its place on standard error; the rest goes on, and
the exit code is 1.

--format NAME reads files of one of the formats that vigie formats lists: the
rows of a CSV file, the lines of a file that holds a JSON object a line, else the
file as one event. --topic NAME reads them as the values of that topic, with
the format and the options that topics.formats has for it; csv and json, of which
only the options say what their columns hold, are read so.`,
		Example: `  echo '{"specversion":"1.0","id":"1","source":"/try","type":"vigie.letter.v1","data":{"text":"Je suis en arrêt maladie."}}' |
    vigie classify --explain`,
		RunE: func(c *cobra.Command, files []string) error {
			if output != formatText && output != formatJSON {
				return fmt.Errorf("--output %q is neither %s nor %s", output, formatText, formatJSON)
			}
			if c.Flags().Changed("output") && !explain {
				return errors.New("--output goes with --explain: without it, flags are always JSON")
			}
			if len(files) == 0 {
				files = []string{"-"}
			}
			cfg, err := s.load()
			if err != nil {
				return err
			}
			if engine != "" {
				cfg.Lexicon.Engine = engine
			}
			if err := readFormats(cfg, foreign); err != nil {
				return err
			}
			if _, ok := cfg.Topics.Formats[topic]; !ok && topic != "" {
				return fmt.Errorf("--topic %q: topics.formats says nothing of it", topic)
			}
			// Before any work, and once it is known how they are read: a file mistyped at the end should not show after an hour.
			size, err := sizeOf(files)
			if err != nil {
				return err
			}
			program, classifier, err := loadClassifier(&cfg.Lexicon)
			if err != nil {
				return err
			}
			classifier.ReadAs(topic)
			l := liner{
				classifier: classifier, judge: flagLine,
				out: c.OutOrStdout(), errs: c.ErrOrStderr(),
				progress: progress(c.OutOrStdout(), c.ErrOrStderr(), size),
			}
			if explain {
				l.judge = explainer{labels: labelsOf(program), json: output == formatJSON}.line
			}
			if reader := classifier.Reader(); reader != nil {
				l.cut = reader.Values
			}
			return l.files(c.Context(), files, c.InOrStdin())
		},
	}
	c.Flags().StringVar(&engine, "engine", "", "matcher: words or cloudflare (default: as configured)")
	c.Flags().BoolVar(&explain, "explain", false, "every finding with its status, rule and quotation; shows customers' words")
	c.Flags().StringVar(&output, "output", formatText, "of --explain: text or json")
	c.Flags().StringVar(&foreign, "format", "", "`NAME` of the files' format (vigie formats; default: cloudevents)")
	c.Flags().StringVar(&topic, "topic", "", "read the files as values of this topic of topics.formats")
	c.MarkFlagsMutuallyExclusive("format", "topic")
	return c
}

// sizeOf returns how many bytes files hold, 0 where one has no end known
// beforehand; its error names the first that cannot be read.
func sizeOf(files []string) (int64, error) {
	var sum int64
	endless := false
	for _, name := range files {
		if name == "-" {
			endless = true
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return 0, err
		}
		if info.IsDir() {
			return 0, fmt.Errorf("%s is a directory; name files", name)
		}
		endless = endless || !info.Mode().IsRegular()
		sum += info.Size()
	}
	if endless {
		return 0, nil
	}
	return sum, nil
}

// flagLine appends the flag of a record to dst, nothing where there is none.
func flagLine(c *pipeline.Classifier, r event.Record, _ string, dst []byte) ([]byte, error) {
	result, err := c.Classify(r)
	if err != nil || result.Flag == nil {
		return dst, err
	}
	return append(result.Flag.AppendJSON(dst), '\n'), nil
}

// open opens a file, or stdin for "-"; name is what places in it are called.
func open(file string, stdin io.Reader) (r io.ReadCloser, name string, err error) {
	if file == "-" {
		return io.NopCloser(stdin), "stdin", nil
	}
	f, err := os.Open(file)
	return f, file, err
}
