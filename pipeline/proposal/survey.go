package proposal

import (
	"context"
	"slices"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
)

// mostSurveyed is how many matches of each sort a survey keeps of a term.
const mostSurveyed = 2

// Survey is where each term of a lexicon is found in the texts, by its id.
type Survey map[string]*Found

// sighting is a match before it is known whether it will be shown.
type sighting struct {
	term, rule string
	status     flag.Status
	right      bool
}

// in is where a sighting stands among the signs of its text.
func (s *sighting) in(signs []Match) []pipeline.Passage {
	if k := slices.IndexFunc(signs, func(m Match) bool { return m.Term == s.term && m.Status == s.status }); k >= 0 {
		return signs[k].Passages
	}
	return nil
}

// Survey finds all terms of the classifier's lexicon at once. The error is ctx's,
// or a *[Broken].
func (t *Texts) Survey(ctx context.Context, classifier *pipeline.Classifier) (Survey, error) {
	sightings := make([][]sighting, len(t.all))
	err := t.each(ctx, classifier, func(i int, c *pipeline.Classifier) {
		x := &t.all[i]
		at := map[string]int{} // of a term in sightings[i]
		for _, e := range c.ExplainDocument(x.doc) {
			s := sighting{e.Finding.Term, e.Rule, e.Finding.Status, x.Annotated != nil && right(x.Annotated, e.Finding.Category)}
			switch k, known := at[s.term]; {
			case !known:
				at[s.term] = len(sightings[i])
				sightings[i] = append(sightings[i], s)
			case s.status == flag.Asserted && sightings[i][k].status != flag.Asserted:
				sightings[i][k] = s
			}
		}
	})
	if err != nil {
		return nil, err
	}
	survey := Survey{}
	reader := classifier.Clone()
	for i := range sightings {
		var signs []Match // of this text, read again where one is shown
		for _, s := range sightings[i] {
			f := survey[s.term]
			if f == nil {
				f = &Found{}
				survey[s.term] = f
			}
			f.add(&Match{Text: &t.all[i], Term: s.term, Rule: s.rule, Status: s.status, Right: s.right}, mostSurveyed, func() []pipeline.Passage {
				if signs == nil {
					signs = t.all[i].Read(reader)
				}
				return s.in(signs)
			})
		}
	}
	return survey, ctx.Err()
}
