package proposal

import (
	"fmt"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
)

// Hold takes the turn until release is called, as a measurement does.
func (m *Measurer) Hold() (release func()) {
	m.turn <- struct{}{}
	return func() { <-m.turn }
}

// Waiting is how many wait for their turn, or have it.
func (m *Measurer) Waiting() int { return len(m.waiting) }

// HoldPreparing keeps the lexicon as it is from being judged by until release
// is called, as a first measurement does.
func (m *Measurer) HoldPreparing() (release func()) {
	m.preparing <- struct{}{}
	return func() { <-m.preparing }
}

// Kept writes all that the measurer keeps, and how many measurements that is.
func (m *Measurer) Kept() (text string, n int) {
	m.kept.mu.Lock()
	defer m.kept.mu.Unlock()
	for sum, e := range m.kept.of {
		text += fmt.Sprintf("%x %+v %+v", sum, *e, m.kept.old)
		for _, f := range e.places {
			text += fmt.Sprintf(" %+v", *f)
		}
	}
	return text, len(m.kept.of)
}

// Break makes the program fail on a text.
func (t *Texts) Break(index int) { t.all[index].doc = nil }

// PassagesOf is where a term that was seen stands among signs.
func PassagesOf(term string, status flag.Status, signs []Match) []pipeline.Passage {
	return (&sighting{term: term, status: status}).in(signs)
}
