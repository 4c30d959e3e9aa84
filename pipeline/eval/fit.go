package eval

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Fit is how a learned layer is fitted.
type Fit struct {
	// Read names the sources whose texts were read while terms were written by
	// hand: what the factors find in them says nothing about how far factors
	// can be trusted.
	Read []string
	// WithoutFactors fits indices that stand alone.
	WithoutFactors bool
}

// Material is what a learned layer is fitted to.
type Material struct{ m *material }

// Observe reads documents with a classifier that has no learned layer: those
// of the corpus, which also say how far indices and factors can be trusted;
// more documents, whose shares of signs are not a company's; and phrases, which
// show passages only. most is how many indices each level keeps, those that
// occur most often, so that the choice does not look at what is to be learned;
// 0 keeps all that occur twice. The error is ctx's, or says which document
// cannot be read.
func Observe(ctx context.Context, classifier *pipeline.Classifier, most int, corpus, more, phrases []*Document) (*Material, error) {
	m, err := observe(ctx, classifier, most, slices.Concat(corpus, more, phrases))
	if err != nil {
		return nil, err
	}
	m.corpus, m.whole = len(corpus), len(corpus)+len(more)
	return &Material{m}, nil
}

// Documents is how many documents the material holds.
func (x *Material) Documents() int { return len(x.m.documents) }

// innerFolds is into how many parts the sources are put, so that what is
// weighed against the factors was fitted without the document.
const innerFolds = 3

// likely is the probability from which a decision is taken: lower for danger,
// where a miss can cost a life.
var likely = [lexicon.Decisions]float64{0.5, 0.5, 0.5, 0.5, 0.3, 0.4}

// Fit fits a learned layer to the documents of all sources but the one left
// out ("" for none).
func (x *Material) Fit(f Fit, without string) lexicon.IndicesSource {
	m := x.m
	m.begin()
	used := make([]bool, len(m.documents))
	var sources []string
	for i, d := range m.documents {
		used[i] = d.Source() != without
		if used[i] && !slices.Contains(sources, d.Source()) {
			sources = append(sources, d.Source())
		}
	}
	scores := make([][lexicon.Decisions]float64, len(m.documents))
	for fold := range innerFolds {
		inside := slices.Clone(used)
		for i, d := range m.documents {
			if slices.Index(sources, d.Source())%innerFolds == fold {
				inside[i] = false
			}
		}
		fitted := m.fitAll(inside)
		for i := range m.whole {
			if used[i] && !inside[i] {
				scores[i] = m.score(fitted, i)
			}
		}
	}
	fitted := m.fitAll(used)
	return m.source(fitted, m.stack(f, used, scores))
}

// begin fits everything to all documents once: what is fitted without some of
// them starts there, and ends where it would from anywhere, only sooner.
func (m *material) begin() {
	if m.starts[0][0] != nil {
		return
	}
	for d := range m.starts {
		for level := range m.starts[d] {
			m.starts[d][level] = make([]float64, len(m.levels[level].rows))
		}
	}
	all := make([]bool, len(m.documents))
	for i := range all {
		all[i] = true
	}
	m.eachFit(func(d, level int) {
		use, positive := m.rows(lexicon.Level(level), d, all)
		m.levels[level].fitLogistic(use, positive, m.starts[d][level])
	})
}

// fitted holds a decision's fit at each level.
type fitted [lexicon.Decisions][lexicon.Levels]*linear

// fitAll fits every decision at every level to the documents in use.
func (m *material) fitAll(used []bool) *fitted {
	var all fitted
	m.eachFit(func(d, level int) {
		use, positive := m.rows(lexicon.Level(level), d, used)
		all[d][level] = m.levels[level].fitLogistic(use, positive, slices.Clone(m.starts[d][level]))
	})
	return &all
}

// eachFit does the fits of all decisions at all levels, on all processors.
func (m *material) eachFit(fit func(decision, level int)) {
	var workers sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for d := range lexicon.Decisions {
		for level := range lexicon.Levels {
			workers.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				fit(d, level)
			})
		}
	}
	workers.Wait()
}

// rows returns the rows of a level that a decision is fitted to.
func (m *material) rows(level lexicon.Level, decision int, used []bool) (use []int32, positive []bool) {
	positive = make([]bool, len(m.levels[level].rows))
	for i := range m.levels[level].rows {
		document, answers := int32(i), m.wanted
		if level == lexicon.Passage {
			document, answers = m.of[i], m.answers
		}
		says := answers[i][decision]
		if level == lexicon.Whole && i >= m.whole {
			break
		}
		if used[document] && says != unsure {
			use = append(use, int32(i))
			positive[i] = says == yes
		}
	}
	return use, positive
}

// score is what the indices say about a document: the passage that says most,
// and the document as a whole.
func (m *material) score(f *fitted, document int) (sums [lexicon.Decisions]float64) {
	first, _ := slices.BinarySearch(m.of, int32(document))
	for d := range sums {
		passages, whole := &m.levels[lexicon.Passage], &m.levels[lexicon.Whole]
		best := math.Inf(-1)
		for i := first; i < len(m.of) && m.of[i] == int32(document); i++ {
			best = max(best, f[d][lexicon.Passage].score(passages.rows[i], passages.scale[i]))
		}
		if math.IsInf(best, -1) {
			best = f[d][lexicon.Passage].bias
		}
		sums[d] = (best + f[d][lexicon.Whole].score(whole.rows[document], whole.scale[document])) / 2
	}
	return sums
}

// source writes fits down in the unit of the factors' weights.
func (m *material) source(f *fitted, joins [lexicon.Decisions]join) (out lexicon.IndicesSource) {
	rows := [lexicon.Levels]map[int32]*lexicon.Weights{{}, {}}
	for d, j := range joins {
		bias := 0.0
		for level := range f[d] {
			l := f[d][level]
			bias += l.bias / 2
			for k, w := range l.weights {
				milli := int32(math.Round(1000 * w / (2 * spread) * j.indices / j.evidence))
				if milli == 0 {
					continue
				}
				if rows[level][int32(k)] == nil {
					rows[level][int32(k)] = new(lexicon.Weights)
				}
				rows[level][int32(k)][d] = milli
			}
		}
		// Reached at 1: evidence + (indices·sum + trust + constant − needed)/evidence's weight + 1.
		out.Base[d] = int32(math.Round(1000 * (1 + (j.indices*bias+j.constant-needed(d))/j.evidence)))
		for id, trust := range j.trust {
			row := lexicon.IndexSource{Text: id}
			if row.Weights[d] = int32(math.Round(1000 * trust / j.evidence)); row.Weights[d] != 0 {
				out.Rows[lexicon.Whole] = append(out.Rows[lexicon.Whole], row)
			}
		}
	}
	for level, all := range rows {
		for k, w := range all {
			out.Rows[level] = append(out.Rows[level], lexicon.IndexSource{Text: m.features.Texts[k], Weights: *w})
		}
	}
	return out.Sorted()
}

// needed is the log odds from which a decision is taken.
func needed(decision int) float64 { return math.Log(likely[decision] / (1 - likely[decision])) }
