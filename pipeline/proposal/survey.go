package proposal

import (
	"context"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
)

// mostSurveyed is how many matches of each sort a survey keeps of a term.
const mostSurveyed = 2

// Survey is where each term of a lexicon is found in the texts, by its id.
type Survey map[string]*Found

// Survey finds all terms of the classifier's lexicon at once. The error is ctx's.
func (t *Texts) Survey(ctx context.Context, classifier *pipeline.Classifier) (Survey, error) {
	matches := make([][]Match, len(t.all))
	err := t.each(ctx, classifier, func(i int, c *pipeline.Classifier) {
		x := &t.all[i]
		at := map[string]int{} // of a term in matches[i]
		for _, e := range c.ExplainDocument(x.doc) {
			m := Match{
				Text: x, Term: e.Finding.Term, Rule: e.Rule, Status: e.Finding.Status,
				Right: x.Annotated != nil && right(x.Annotated, e.Finding.Category),
			}
			k, known := at[m.Term]
			if known && (matches[i][k].Asserted() || !m.Asserted()) {
				continue
			}
			m.Passages = c.Passages(&flag.Flag{Findings: []flag.Finding{e.Finding}}, around)
			if known {
				matches[i][k] = m
				continue
			}
			at[m.Term] = len(matches[i])
			matches[i] = append(matches[i], m)
		}
	})
	if err != nil {
		return nil, err
	}
	survey := Survey{}
	for i := range matches {
		for k := range matches[i] {
			m := &matches[i][k]
			f := survey[m.Term]
			if f == nil {
				f = &Found{}
				survey[m.Term] = f
			}
			f.add(m, mostSurveyed, func() []pipeline.Passage { return m.Passages })
		}
	}
	return survey, nil
}
