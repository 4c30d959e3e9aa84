package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

// explainer prints what was found in an event and why, flagged or not.
type explainer struct {
	labels labels
	json   bool
}

// line is a judgeLine.
func (e explainer) line(c *pipeline.Classifier, r event.Record, place string, dst []byte) ([]byte, error) {
	doc, err := c.Decode(r)
	if err != nil {
		return dst, err
	}
	a := c.Account(doc)
	if e.json {
		return appendExplained(dst, place, a.Result, a.Found)
	}
	b := bytes.NewBuffer(dst)
	e.text(b, place, a.Result, a.Found)
	return b.Bytes(), nil
}

// text prints a block for people who read French.
func (e explainer) text(b *bytes.Buffer, place string, result pipeline.Result, found []pipeline.Explained) {
	fmt.Fprintf(b, "%s : ", place)
	switch f := result.Flag; {
	case f != nil:
		fmt.Fprintf(b, "%s, gravité %d sur 4 : %s\n", e.labels.of(f.Route), f.Severity, e.labels.list(f.Categories))
		for _, extra := range []struct {
			name string
			ids  []string
		}{{"urgence", f.Urgency}, {"à proposer", f.Referrals}, {"précautions", f.Cautions}} {
			if len(extra.ids) > 0 {
				fmt.Fprintf(b, "  %s : %s\n", extra.name, e.labels.list(extra.ids))
			}
		}
		for _, x := range f.Findings {
			if len(x.Spans) == 0 {
				fmt.Fprintf(b, "  %s : %s\n", e.labels.of(x.Category), strings.ToLower(e.labels.of(x.Factor)))
			}
		}
	case result.Skip != "":
		fmt.Fprintf(b, "non lu (%s)\n", e.labels.of(result.Skip))
	default:
		b.WriteString("pas d’alerte\n")
	}
	for i := range found {
		e.finding(b, &found[i])
	}
	b.WriteByte('\n')
}

// finding prints one finding: what it means, the person's words, and by which
// term and rule.
func (e explainer) finding(b *bytes.Buffer, x *pipeline.Explained) {
	f := &x.Finding
	fmt.Fprintf(b, "  %s · %s : %s\n", e.labels.of(f.Category), cmp.Or(x.Label, e.labels.of(f.Factor)), e.labels.status(f.Status, x.Rule))
	if len(x.Quotes) > 0 {
		fmt.Fprintf(b, "    « %s »\n", strings.Join(x.Quotes, " … "))
	}
	fmt.Fprintf(b, "    terme : %s  [%s]", x.Pattern, f.Term)
	for _, s := range f.Spans {
		fmt.Fprintf(b, " %s %d–%d", s.Part, s.Start, s.End)
	}
	b.WriteByte('\n')
}

// The line of --explain --output json: the flag as it stands on the topic,
// null without one, and all findings, with the words that no flag carries.
type (
	explainedJSON struct {
		Place    string          `json:"place"`
		Skipped  string          `json:"skipped,omitempty"`
		Flag     json.RawMessage `json:"flag"`
		Findings []findingJSON   `json:"findings"`
	}
	findingJSON struct {
		Category string     `json:"category"`
		Factor   string     `json:"factor"`
		Label    string     `json:"label"`
		Term     string     `json:"term"`
		Pattern  string     `json:"pattern"`
		Severity int        `json:"severity"`
		Status   string     `json:"status"`
		Rule     string     `json:"rule,omitempty"`
		Spans    []spanJSON `json:"spans"`
	}
	spanJSON struct {
		Part  string `json:"part"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		Text  string `json:"text"`
	}
)

func appendExplained(dst []byte, place string, result pipeline.Result, found []pipeline.Explained) ([]byte, error) {
	line := explainedJSON{Place: place, Skipped: result.Skip, Findings: []findingJSON{}}
	if result.Flag != nil {
		line.Flag = result.Flag.AppendJSON(nil)
	}
	for _, x := range found {
		f := x.Finding
		one := findingJSON{
			Category: f.Category, Factor: f.Factor, Label: x.Label, Term: f.Term, Pattern: x.Pattern,
			Severity: f.Severity, Status: string(f.Status), Rule: x.Rule, Spans: []spanJSON{},
		}
		for i, s := range f.Spans {
			one.Spans = append(one.Spans, spanJSON{s.Part, s.Start, s.End, x.Quotes[i]})
		}
		line.Findings = append(line.Findings, one)
	}
	b := bytes.NewBuffer(dst)
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return dst, fmt.Errorf("writing an explanation: %w", err)
	}
	return b.Bytes(), nil
}

// status returns the French name of a finding's status with the rule behind it.
func (l labels) status(status flag.Status, rule string) string {
	if rule == "" {
		return l.of(string(status))
	}
	return l.of(string(status)) + " (" + rule + ")"
}
