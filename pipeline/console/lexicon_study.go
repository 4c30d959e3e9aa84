package console

import (
	"context"
	"sync"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// study is the lexicon laid out for its pages. It is made in the background
// from the first request that needs it on: what takes longer comes later.
type study struct {
	once sync.Once
	// desk is there a moment after the start.
	desk *later[*desk]
	// tests are by factor, survey is nil without texts.
	tests  *later[map[string]tests]
	survey *later[proposal.Survey]
	// warnings are lint's, by factor.
	warnings *later[map[string][]lexicon.Problem]
}

func newStudy() *study {
	return &study{
		desk: newLater[*desk](), tests: newLater[map[string]tests](), survey: newLater[proposal.Survey](),
		warnings: newLater[map[string][]lexicon.Problem](),
	}
}

// desk is what answers at once.
type desk struct {
	stats    lexicon.Stats
	factors  []*factor
	byID     map[string]*factor
	byTerm   map[string]*term
	drafts   *lexicon.Drafts
	texts    *proposal.Texts
	searcher *proposal.Searcher
	measurer *proposal.Measurer
	// searches is held by who searches: each takes all processors.
	searches  chan struct{}
	documents int
	unread    int
}

// tests are the examples of a factor, as they come out.
type tests struct {
	Tried, Failed int
	Outcomes      []outcome
}

// studied returns the study, begun if need be.
func (c *Console) studied() *study {
	c.study.once.Do(func() { go c.makeStudy() })
	return c.study
}

// laid is the desk: it is worth waiting for.
func (c *Console) laid(ctx context.Context) (*desk, bool) { return c.studied().desk.wait(ctx) }

func (c *Console) makeStudy() {
	r := c.Rules
	d := c.lay()
	c.study.desk.set(d)
	c.study.tests.set(c.tryExamples(d))
	// Without a deadline there is no error.
	survey, _ := d.texts.Survey(context.Background(), r.Classifier)
	c.study.survey.set(survey)
	_ = d.measurer.Prepare(context.Background())
	c.study.warnings.set(c.lint())
}

// lay makes the desk.
func (c *Console) lay() *desk {
	r := c.Rules
	d := &desk{
		stats: lexicon.NewStats(r.Source, r.Program), byID: make(map[string]*factor), byTerm: make(map[string]*term),
		drafts: lexicon.NewDrafts(r.Source, r.Program),
	}
	d.texts, d.unread = proposal.NewTexts(r.Classifier, c.Corpus, c.Events)
	d.documents = d.texts.Annotated() + d.texts.Events()
	d.searches = make(chan struct{}, 2)
	d.searcher = proposal.NewSearcher(r.Source, d.texts, r.Engine)
	d.measurer = proposal.NewMeasurer(proposal.Base{
		Ruleset: r.Source, Program: r.Program, Classifier: r.Classifier, Files: c.files, Dir: r.Dir, Engine: r.Engine,
	}, d.texts)
	for i := range r.Source.Sections {
		s := &r.Source.Sections[i]
		for k := range s.Factors {
			f := newFactor(s, &s.Factors[k], &r.Source.Policy)
			d.factors = append(d.factors, f)
			d.byID[f.ID] = f
			for _, t := range f.Terms {
				d.byTerm[t.ID] = t
			}
		}
	}
	return d
}

// tryExamples reads all examples of the lexicon but those of factors that are
// switched off.
func (c *Console) tryExamples(d *desk) map[string]tests {
	all := make(map[string]tests)
	classifier := c.classifier()
	defer c.release(classifier)
	for _, f := range d.factors {
		if f.Off {
			continue
		}
		var t tests
		for i, e := range f.source.Examples {
			found, held, err := eval.Try(classifier, f.ID, e)
			if err != nil { // an example that is no event
				held = false
			}
			if t.Tried++; !held {
				t.Failed++
			}
			t.Outcomes = append(t.Outcomes, outcome{Example: e, Number: i + 1, Held: held, Found: found})
		}
		all[f.ID] = t
	}
	return all
}

// lint returns what lint says, by factor; what stands elsewhere is left to the
// command.
func (c *Console) lint() map[string][]lexicon.Problem {
	r := c.Rules
	classifier := c.classifier()
	defer c.release(classifier)
	problems, err := lexicon.Lint(r.Source, r.Program, func(text string) ([]string, error) {
		record, err := eval.ExampleRecord(text)
		if err != nil {
			return nil, err
		}
		found, err := classifier.Explain(record)
		ids := make([]string, len(found))
		for i, x := range found {
			ids[i] = x.Finding.Term
		}
		return ids, err
	})
	if err != nil {
		c.Log.Error().Msg("lint could not read an example of the lexicon; vigie lexicon lint says which")
	}
	all := make(map[string][]lexicon.Problem)
	for _, p := range problems {
		if id := factorAt(r.Source, p.Place); p.Severity > lexicon.Remark && id != "" {
			all[id] = append(all[id], p)
		}
	}
	return all
}

// factorAt is the factor that a place of a file stands in, "" for none.
func factorAt(rs *lexicon.Ruleset, at lexicon.Place) (id string) {
	line := 0
	for _, s := range rs.Sections {
		for _, f := range s.Factors {
			if f.File == at.File && f.Line <= at.Line && f.Line > line {
				line, id = f.Line, s.ID+"."+f.ID
			}
		}
	}
	return id
}
