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
	// Rule names the cue that decided the status, "" for asserted; Cue is where
	// it stands, CueWords what it says there: nothing where the voice of the part decided.
	Rule     string
	Cue      Place
	CueWords string
	// Quotes are the words at each span, as written.
	Quotes []string
	// Places say for each span where it stands in the document's parts.
	Places []Place
}

// Place is a stretch of a part of a document: bytes Start to End, exclusive, of
// Document.Parts[Part].Text.
type Place struct{ Part, Start, End int }

// Explain returns every sign of a record with its status, those too that make
// no flag, in order of place, and the faisceaux after them. Its error is an *event.PermanentError.
func (c *Classifier) Explain(r event.Record) ([]Explained, error) {
	j, err := c.judge(r)
	if err != nil {
		return nil, err
	}
	return c.explain(&j), nil
}

// ExplainDocument is what Explain does with a document.
func (c *Classifier) ExplainDocument(doc *event.Document) []Explained {
	j := c.weigh(doc)
	return c.explain(&j)
}

// explain tells the signs and faisceaux of the document that was judged last.
func (c *Classifier) explain(j *judgement) []Explained {
	var list []Explained
	for i := range j.signs {
		list = append(list, c.explainSign(&j.signs[i], &j.verdict))
	}
	for i := range j.verdict.faisceaux {
		f := &j.verdict.faisceaux[i]
		e := Explained{Finding: f.finding(&c.stream, c.program), Label: "Faisceau d’indices", Pattern: c.reader.told(f, &c.stream, c.program)}
		c.stands(&e, f.places)
		list = append(list, e)
	}
	return list
}

func (c *Classifier) explainSign(x *sign, v *verdict) Explained {
	t := &c.program.Terms[x.term]
	f := &c.program.Factors[t.Factor]
	e := Explained{
		Label: f.Label, Pattern: t.Pattern, Rule: x.cause.rule,
		Finding: flag.Finding{
			Category: c.program.Categories[f.Category].ID, Factor: f.ID, Term: t.ID,
			Severity: v.severityOf(f, x.status), Status: x.status,
		},
	}
	for _, at := range x.places {
		e.Finding.Spans = append(e.Finding.Spans, c.stream.span(at))
	}
	c.stands(&e, x.places)
	if at := x.cause.at; at.end > at.start {
		e.Cue, e.CueWords = c.stream.stands(at), c.stream.quote(at)
	}
	return e
}

// stands fills in the words and the places of a finding.
func (c *Classifier) stands(e *Explained, places []place) {
	for _, at := range places {
		e.Quotes = append(e.Quotes, c.stream.quote(at))
		e.Places = append(e.Places, c.stream.stands(at))
	}
}

// stands is where a place stands in the document's parts.
func (s *stream) stands(at place) Place {
	first, last := &s.toks[at.start], &s.toks[at.end-1]
	return Place{Part: int(first.part), Start: int(first.start), End: int(last.end)}
}
