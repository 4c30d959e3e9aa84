package console

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
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
	// broken is closed where the program failed on the way: what is not there by
	// then will not come.
	broken chan struct{}
}

func newStudy() *study {
	return &study{
		desk: newLater[*desk](), tests: newLater[map[string]tests](), survey: newLater[proposal.Survey](),
		warnings: newLater[map[string][]lexicon.Problem](), broken: make(chan struct{}),
	}
}

// isBroken reports whether no more of the study will come.
func (s *study) isBroken() bool {
	select {
	case <-s.broken:
		return true
	default:
		return false
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
func (c *Console) laid(ctx context.Context) (*desk, bool) {
	if s := c.studied(); s.isBroken() {
		return s.desk.get()
	}
	return c.study.desk.wait(ctx)
}

// needDesk is laid; it answers itself where there is none.
func (c *Console) needDesk(w http.ResponseWriter, r *http.Request) (*desk, bool) {
	d, ok := c.laid(r.Context())
	switch {
	case ok:
	case c.study.isBroken():
		c.fail(w, r, http.StatusInternalServerError, "Le lexique n’a pas pu être préparé pour ces pages ; le journal de la console dit où le programme a échoué.")
	default:
		c.fail(w, r, http.StatusServiceUnavailable, "Le lexique est en cours de lecture ; réessayez dans un instant.")
	}
	return d, ok
}

func (c *Console) makeStudy() {
	var d *desk
	if !c.part(func() error { d = c.lay(); return nil }) {
		close(c.study.broken)
		return
	}
	c.study.desk.set(d)
	c.workOut(d)
}

// workOut makes what takes longer than the desk.
func (c *Console) workOut(d *desk) {
	well := true
	for _, part := range []func() error{
		func() error { c.study.tests.set(c.tryExamples(d)); return nil },
		func() error {
			survey, err := d.texts.Survey(context.Background(), c.Rules.Classifier)
			if err == nil {
				c.study.survey.set(survey)
			}
			return err
		},
		func() error { return d.measurer.Prepare(context.Background()) },
		func() error { c.study.warnings.set(c.lint()); return nil },
	} {
		well = c.part(part) && well
	}
	if !well {
		close(c.study.broken)
	}
}

// part does a part of the study, and reports whether it went well: beside a
// request nothing else keeps the console from ending.
func (c *Console) part(do func() error) (well bool) {
	defer func() {
		if recover() != nil {
			well = !c.logBroken(&proposal.Broken{Stack: debug.Stack()})
		}
	}()
	return !c.logBroken(do())
}

// logBroken logs where the program failed, and reports whether err says that it
// did. What it failed on may be a text and is not told.
func (c *Console) logBroken(err error) bool {
	var broken *proposal.Broken
	if errors.As(err, &broken) {
		c.Log.Error().Bytes("stack", broken.Stack).Msg("the program failed on a text or on the lexicon; please report this")
	}
	return broken != nil
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
