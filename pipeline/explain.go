package pipeline

import (
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

// Explained is a finding with what a flag must not carry: the pattern that
// found it, the rule that qualified it, and the person's words.
type Explained struct {
	Finding flag.Finding
	// Label is the factor's, in French.
	Label string
	// Pattern is the term as written in the lexicon; of a faisceau, its indices
	// with their weights.
	Pattern string
	// Rule names the cue that decided the status, "" for asserted.
	Rule string
	// Quotes are the words at each span, as written.
	Quotes []string
}

// Explain returns every sign of a record with its status, those too that make
// no flag, in order of place, and the faisceaux after them. Its error is an *event.PermanentError.
func (c *Classifier) Explain(r event.Record) ([]Explained, error) {
	j, err := c.judge(r)
	if err != nil {
		return nil, err
	}
	return c.explained(j), nil
}

// ExplainDocument is what Explain does with a document.
func (c *Classifier) ExplainDocument(doc *event.Document) []Explained {
	return c.explained(c.weigh(doc))
}

func (c *Classifier) explained(j judgement) []Explained {
	var list []Explained
	for _, x := range j.signs {
		t := &c.program.Terms[x.term]
		f := &c.program.Factors[t.Factor]
		e := Explained{
			Label: f.Label, Pattern: t.Pattern, Rule: x.rule,
			Finding: flag.Finding{
				Category: c.program.Categories[f.Category].ID, Factor: f.ID, Term: t.ID,
				Severity: j.verdict.severityOf(f, x.status), Status: x.status,
			},
		}
		for _, at := range x.places {
			e.Finding.Spans = append(e.Finding.Spans, c.stream.span(at))
			e.Quotes = append(e.Quotes, c.stream.quote(at))
		}
		list = append(list, e)
	}
	for i := range j.verdict.faisceaux {
		f := &j.verdict.faisceaux[i]
		e := Explained{Finding: f.finding(&c.stream, c.program), Label: "Faisceau d’indices", Pattern: c.reader.told(f, &c.stream, c.program)}
		for _, at := range f.places {
			e.Quotes = append(e.Quotes, c.stream.quote(at))
		}
		list = append(list, e)
	}
	return list
}
