package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

func explainCommand(s *settings) *cobra.Command {
	var events string
	c := &cobra.Command{
		Use:   "explain FLAG",
		Short: "The same flag again, with the words and rules that made it (prints French)",
		Long: `explain makes a flag again and shows the words, terms and rules behind it. FLAG
is a file with one flag ("-": standard input), or its place on a topic:
fragility.flags/3/1201, which is topic/partition/offset, or with colons.

The event is read at the place that the flag names, or from --event. The rules
are those of the flag's digest: of the configured lexicon where it has that
digest, else as a worker published them on topics.lexicons. With --lexicon those
of that folder are taken, whatever their digest.

It prints the finding's words: a customer's. Then it prints the flag as it was
made now, and whether that is the same, byte for byte; if not, what is different
and why. Exit codes: 0 the same; 1 another one, or the event is gone; 2 no such
flag; 3 no broker.`,
		Example: `  vigie explain fragility.flags/3/1201
  vigie explain flag.json --event event.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := s.load()
			if err != nil {
				return err
			}
			x := &inquiry{settings: s, cfg: cfg}
			if x.judged, err = readJudged(c.Context(), cfg, args[0], c.InOrStdin()); err != nil {
				return err
			}
			if x.judged.flag.Event.Origin == nil && events == "" {
				return fmt.Errorf("%s: its event did not come from Kafka: give it with --event FILE", x.judged.place)
			}
			// The rules say how the event's topic is read.
			if err := x.findRules(c.Context()); err != nil {
				return err
			}
			if err := x.findEvent(c.Context(), events, c.InOrStdin()); err != nil {
				return err
			}
			same, err := x.answer(c.OutOrStdout())
			if err == nil && !same {
				err = errInput
			}
			return err
		},
	}
	c.Flags().StringVar(&events, "event", "", "`FILE` with the flag's event, structured; of several, one a line, the one that the flag names")
	return c
}

// inquiry is what is looked for behind one flag.
type inquiry struct {
	settings *settings
	cfg      *config.Config
	judged   *judged

	// event is nil where it is gone; why says so, and what else is not as it was
	// when the flag was made.
	event *event.Record
	rules *foundRules
	why   []string
}

func (x *inquiry) because(format string, args ...any) {
	x.why = append(x.why, fmt.Sprintf(format, args...))
}

// answer prints what was found and returns whether the flag is the same again.
func (x *inquiry) answer(w io.Writer) (same bool, err error) {
	j := x.judged
	e := explainer{labels: x.rules.labels}
	result, found := x.retold()
	if x.event != nil {
		if result, found, err = x.judge(); err != nil {
			return false, err
		}
	}
	var b bytes.Buffer
	e.text(&b, j.place, result, found)
	fmt.Fprintf(&b, "règles : %s %s, %s (%s)\n", x.rules.program.Name, x.rules.program.Version, x.rules.program.Digest, x.rules.from)
	made := result.Flag
	switch {
	case x.event == nil:
		b.WriteString("Les mots ne peuvent plus être montrés, ni l’alerte refaite :\n")
	case made == nil:
		b.WriteString("Différent : ces règles ne font pas d’alerte de cet événement.\n")
	case bytes.Equal(made.AppendJSON(nil), j.value):
		b.WriteString("Pareil : l’alerte refaite est la même, octet pour octet :\n")
		same = true
	case pipeline.Shrunk(made, j.value):
		b.WriteString("Pareil : l’alerte avait été raccourcie pour tenir dans son topic ; entière, la voici :\n")
		same = true
	default:
		b.WriteString("Différent :\n")
		x.compare(made)
	}
	for _, reason := range x.why {
		fmt.Fprintf(&b, "  – %s\n", reason)
	}
	if x.event != nil && made != nil {
		b.Write(made.AppendJSON(nil))
		b.WriteByte('\n')
	}
	_, err = b.WriteTo(w)
	return same, err
}

// judge classifies the event by the rules that were found.
func (x *inquiry) judge() (pipeline.Result, []pipeline.Explained, error) {
	c := x.rules.classifier
	result, err := c.Classify(*x.event)
	var permanent *event.PermanentError
	if errors.As(err, &permanent) {
		x.because("l’événement ne peut pas être lu (%v)", permanent)
		return pipeline.Result{}, nil, nil
	}
	if err != nil {
		return result, nil, err
	}
	if f := result.Flag; f != nil { // what a replay adds is no judgement
		f.Supersedes, f.Replay = x.judged.flag.Supersedes, x.judged.flag.Replay
	}
	found, err := c.Explain(*x.event)
	return result, found, err
}

// retold is what can be told of a flag without its event: no words.
func (x *inquiry) retold() (pipeline.Result, []pipeline.Explained) {
	f := x.judged.flag
	patterns := make(map[string]string)
	for _, t := range x.rules.program.Terms {
		patterns[t.ID] = t.Pattern
	}
	var found []pipeline.Explained
	for _, finding := range f.Findings {
		if len(finding.Spans) > 0 {
			found = append(found, pipeline.Explained{Finding: finding, Pattern: patterns[finding.Term]})
		}
	}
	return pipeline.Result{Outcome: pipeline.Flagged, Flag: f}, found
}

// compare says why made is another flag than the judged one.
func (x *inquiry) compare(made *flag.Flag) {
	was := x.judged.flag
	fields := differences(was, made, x.rules.labels)
	if len(fields) == 0 {
		x.because("les mêmes champs, écrits autrement : ce n’est pas le texte qu’écrit vigie")
	}
	if was.Replay && was.Route == flag.RouteCare && made.Route == flag.RouteUrgent {
		x.because("l’alerte vient d’une relecture, qui n’envoie pas en urgence pour un événement ancien")
	}
	if v := x.judged.version; v != "" && v != version && len(fields) > 0 {
		x.because("l’alerte a été écrite par vigie %s, ceci est vigie %s", v, version)
	}
	if len(x.why) == 0 {
		x.because("l’événement et les règles sont les mêmes : l’alerte a été changée depuis, ou le programme a une erreur")
	}
	x.why = append(x.why, fields...)
}
