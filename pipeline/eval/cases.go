package eval

import (
	"strings"

	"github.com/vigie-project/vigie/pkg/flag"
)

// around is how many code points a passage shows on each side.
const around = 60

// Case is a miss or a false alarm. It holds a person's words.
type Case struct {
	ID   string `json:"id"`
	Line int    `json:"line"`
	Kind string `json:"kind"`
	// Decision is a category, "urgent" or "partner".
	Decision string `json:"decision"`
	// Missed: it had to be said and was not; else it was said and is wrong.
	Missed   bool      `json:"missed"`
	Passages []Passage `json:"passages"`
}

// Passage is a place of the document that was labelled or found: the words,
// with those before and after.
type Passage struct {
	Part   string `json:"part,omitempty"`
	Before string `json:"before"`
	Text   string `json:"text"`
	After  string `json:"after"`
	// Factor, Term and Status say what was found; "" for a label.
	Factor string `json:"factor,omitempty"`
	Term   string `json:"term,omitempty"`
	Status string `json:"status,omitempty"`
}

// note keeps a wrong decision for the list.
func (s *Score) note(d *Document, f *flag.Flag, decision string, truth, said bool) {
	if !s.list || truth == said {
		return
	}
	c := Case{
		ID: d.ID, Line: d.Line, Kind: string(d.Kind), Decision: decision, Missed: truth, Passages: []Passage{},
	}
	if truth {
		category := decision
		if decision == decisionUrgent || decision == decisionPartner {
			category = ""
		}
		for _, quote := range d.quotes(category) {
			c.Passages = append(c.Passages, d.labelled(quote))
		}
	} else {
		for i := range f.Findings {
			if concerns(&f.Findings[i], decision) {
				c.Passages = append(c.Passages, d.found(&f.Findings[i])...)
			}
		}
	}
	s.cases = append(s.cases, c)
}

// concerns reports whether a finding may have led to a decision. What leads to
// a partner is the policy's: every asserted finding may.
func concerns(x *flag.Finding, decision string) bool {
	switch decision {
	case decisionUrgent:
		return x.Severity == 4
	case decisionPartner:
		return x.Status == flag.Asserted
	default:
		return x.Category == decision
	}
}

// labelled returns the first place of a quote.
func (d *Document) labelled(quote string) Passage {
	words := []rune(quote)
	for _, p := range d.parts {
		if i := index(p.text, words); i >= 0 {
			return passage(p, i, i+len(words))
		}
	}
	return Passage{Text: quote}
}

// found returns the places of a finding; a declaration has none.
func (d *Document) found(x *flag.Finding) []Passage {
	var list []Passage
	for _, span := range x.Spans {
		list = append(list, passage(part{span.Part, d.part(span.Part)}, span.Start, span.End))
	}
	if len(list) == 0 {
		list = append(list, Passage{})
	}
	for i := range list {
		list[i].Factor, list[i].Term, list[i].Status = x.Factor, x.Term, string(x.Status)
	}
	return list
}

// passage cuts words out of a part. Line ends become spaces.
func passage(p part, start, end int) Passage {
	line := func(start, end int) string {
		return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(string(slice(p.text, start, end)))
	}
	return Passage{Part: p.name, Before: line(start-around, start), Text: line(start, end), After: line(end, end+around)}
}
