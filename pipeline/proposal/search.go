package proposal

import (
	"context"
	"errors"
	"slices"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// around is how many words of a text are shown before and behind a place.
const around = 9

// Match is a text in which a term is found.
type Match struct {
	*Text
	// Term is its id, Status how the best of its places is taken, Rule the name
	// of what qualified it, "" for asserted.
	Term, Rule string
	Status     flag.Status
	Passages   []pipeline.Passage
	// Right: the term's category is annotated in the text, or allowed.
	Right bool
}

// Asserted reports whether the match counts.
func (m *Match) Asserted() bool { return m.Status == flag.Asserted }

// Found is where a term is found.
type Found struct {
	// Matches are the first ones of those that count and of the others.
	Matches []Match
	// Asserted and Qualified count annotated documents, Right and Wrong the
	// asserted ones by their annotation. EventsAsserted and EventsQualified
	// count events.
	Asserted, Qualified, Right, Wrong int
	EventsAsserted, EventsQualified   int
}

// add counts a match and keeps it if it is among the first of its sort.
func (f *Found) add(m *Match, most int, passages func() []pipeline.Passage) {
	annotated := m.Annotated != nil
	before := 0
	switch {
	case annotated && m.Asserted():
		if f.Asserted++; m.Right {
			before = f.Right
			f.Right++
		} else {
			before = f.Wrong
			f.Wrong++
		}
	case annotated:
		before = f.Qualified
		f.Qualified++
	case m.Asserted():
		before = f.EventsAsserted
		f.EventsAsserted++
	default:
		before = f.EventsQualified
		f.EventsQualified++
	}
	if before < most {
		m.Passages = passages()
		f.Matches = append(f.Matches, *m)
	}
}

// Searcher finds single terms in texts with a program of that term alone and
// the common qualifiers.
type Searcher struct {
	rs     *lexicon.Ruleset
	texts  *Texts
	engine string
}

// NewSearcher returns a searcher over texts.
func NewSearcher(rs *lexicon.Ruleset, texts *Texts, engine string) *Searcher {
	return &Searcher{rs, texts, engine}
}

// Find finds a term of a factor, as it would be found if it stood alone in its
// block; an exclusion is found as a term is. Of each sort of match the first
// most are kept. The error is ctx's, a *[Broken], a mistake of the term, or that
// there is no such factor.
func (s *Searcher) Find(ctx context.Context, factor string, block Block, term string, most int) (*Found, error) {
	pattern, err := lexicon.ParsePattern(term)
	if err != nil {
		return nil, err
	}
	alone, err := s.alone(factor, block, pattern)
	if err != nil {
		return nil, err
	}
	program, err := lexicon.Compile(alone)
	if err != nil {
		return nil, err
	}
	classifier, err := pipeline.NewClassifier(program, s.engine)
	if err != nil {
		return nil, err
	}
	category := alone.Sections[0].ID
	matches := make([]*Match, len(s.texts.all))
	err = s.texts.each(ctx, classifier, func(i int, c *pipeline.Classifier) {
		t := &s.texts.all[i]
		best, ok := best(c.ExplainDocument(t.doc))
		if !ok {
			return
		}
		matches[i] = &Match{
			Text: t, Term: best.Finding.Term, Rule: best.Rule, Status: best.Finding.Status,
			Right:    t.Annotated != nil && right(t.Annotated, category),
			Passages: c.Passages(&flag.Flag{Findings: []flag.Finding{best.Finding}}, around),
		}
	})
	if err != nil {
		return nil, err
	}
	found := &Found{}
	for _, m := range matches {
		if m != nil {
			found.add(m, most, func() []pipeline.Passage { return m.Passages })
		}
	}
	return found, nil
}

// alone is the ruleset of one term with the common qualifiers, and with the
// exclusions of its factor.
func (s *Searcher) alone(factor string, block Block, pattern *lexicon.Pattern) (*lexicon.Ruleset, error) {
	f := factorOf(s.rs, factor)
	if f == nil {
		return nil, errors.New("no such factor")
	}
	one := *f
	one.Terms, one.Heard, one.Structures, one.Examples = nil, nil, nil, nil
	entries := []lexicon.Entry{{Pattern: pattern}}
	switch block {
	case Heard:
		one.Heard = entries
	case Unless:
		one.Terms, one.Unless = entries, nil
	default:
		one.Terms = entries
	}
	rs := *s.rs
	rs.Indices = lexicon.IndicesSource{}
	rs.Policy.Disabled, rs.Policy.Referrals = nil, nil // they name factors that are not there
	i := slices.IndexFunc(rs.Sections, func(x lexicon.Section) bool { return x.ID+"."+f.ID == factor })
	rs.Sections = []lexicon.Section{{ID: rs.Sections[i].ID, Label: rs.Sections[i].Label, Factors: []lexicon.FactorSource{one}}}
	return &rs, nil
}

// best is the asserted one of what is found, or the first.
func best(found []pipeline.Explained) (pipeline.Explained, bool) {
	if len(found) == 0 {
		return pipeline.Explained{}, false
	}
	if i := slices.IndexFunc(found, func(x pipeline.Explained) bool { return x.Finding.Status == flag.Asserted }); i >= 0 {
		return found[i], true
	}
	return found[0], true
}
