package eval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// answer is what a row of examples says about a decision.
type answer int8

const (
	no answer = iota
	yes
	unsure // left out of the fit
)

// material is what the learned layer is fitted to: documents and their
// passages, as the pipeline reads them without a learned layer.
type material struct {
	features *pipeline.Features
	// corpus is how many of the documents are the corpus', whole how many are
	// no phrases.
	corpus, whole int
	// By document.
	documents []*Document
	evidence  [][lexicon.Decisions]float64
	asserted  [][]string // ids of factors
	wanted    [][lexicon.Decisions]answer
	// levels holds the rows by level: passages, then documents.
	levels [lexicon.Levels]examples
	// of and answers are by passage: its document, and what it shows.
	of      []int32
	answers [][lexicon.Decisions]answer
	// starts is where fits begin, by decision, level and row.
	starts [lexicon.Decisions][lexicon.Levels][]float64
}

// fewestRows is in how many rows of a level an index must occur to be weighed.
const fewestRows = 2

// spread keeps the values of features near one, so that regularise means the
// same as for unit vectors.
const spread = 12

// observe reads the documents. The error is ctx's, or says which document
// cannot be read.
func observe(ctx context.Context, classifier *pipeline.Classifier, most int, documents []*Document) (*material, error) {
	m := &material{features: pipeline.NewFeatures(), documents: documents}
	passages, whole := &m.levels[lexicon.Passage], &m.levels[lexicon.Whole]
	for i, d := range documents {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o, err := classifier.Observe(d.Record(), m.features)
		if err != nil {
			return nil, &lineError{d, err}
		}
		var all []int32
		for _, p := range o.Passages {
			passages.add(p.Features, p.Scale)
			m.of = append(m.of, int32(i))
			m.answers = append(m.answers, d.answers(stretch{p.Span.Part, p.Span.Start, p.Span.End}))
			all = append(all, p.Features...)
		}
		slices.Sort(all)
		whole.add(slices.Compact(all), o.Scale)
		m.evidence, m.asserted = append(m.evidence, o.Evidence), append(m.asserted, o.Factors)
		m.wanted = append(m.wanted, d.decisions())
	}
	for l := range m.levels {
		m.levels[l].weigh(m.features.Texts, most)
	}
	return m, nil
}

func (x *examples) add(features []int32, scale float64) {
	x.rows = append(x.rows, features)
	x.scale = append(x.scale, scale/spread)
}

// weigh keeps the features of most rows and gives them their inverse document
// frequency, 1 + ln((1+n)/(1+df)).
func (x *examples) weigh(features []string, most int) {
	df, order := make([]int, len(features)), make([]int32, len(features))
	for j := range order {
		order[j] = int32(j)
	}
	for _, row := range x.rows {
		for _, j := range row {
			df[j]++
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(df[b], df[a]), cmp.Compare(features[a], features[b]))
	})
	x.idf = make([]float64, len(features))
	for k, j := range order {
		if df[j] < fewestRows || most > 0 && k >= most {
			break
		}
		x.idf[j] = 1 + math.Log(float64(1+len(x.rows))/float64(1+df[j]))
	}
	for i, row := range x.rows {
		x.rows[i] = slices.DeleteFunc(slices.Clone(row), func(j int32) bool { return x.idf[j] == 0 })
	}
}

// decisions says what is to be decided about the document.
func (d *Document) decisions() (all [lexicon.Decisions]answer) {
	for i, c := range lexicon.CategoryIDs() {
		switch {
		case d.wants(c):
			all[i] = yes
		case slices.Contains(d.AlsoOK, c):
			all[i] = unsure
		}
	}
	if d.Urgent {
		all[lexicon.DecisionUrgent] = yes
	}
	if d.Partner {
		all[lexicon.DecisionPartner] = yes
	}
	return all
}

// mostly is the share of labelled words, or of the passage, from which a
// passage shows what they are labelled with.
const mostly = 0.7

// answers says what a passage shows: yes where it holds most of the labelled
// words or they hold most of it; unsure where it holds some, and elsewhere in
// a document of which it is true.
func (d *Document) answers(at stretch) [lexicon.Decisions]answer {
	all := d.decisions()
	ids := lexicon.CategoryIDs()
	for i := range all {
		if all[i] != yes {
			continue
		}
		category := "" // the words that show danger or a break are labelled as any others
		if i < len(ids) {
			category = ids[i]
		}
		all[i] = unsure
		for _, l := range d.stretches(category) {
			if l.part != at.part {
				continue
			}
			shared := float64(min(at.end, l.end) - max(at.start, l.start))
			if shared > 0 && (shared >= mostly*float64(l.end-l.start) || shared >= mostly*float64(at.end-at.start)) {
				all[i] = yes
			}
		}
	}
	return all
}

// lineError says which document of a corpus could not be read.
type lineError struct {
	document *Document
	err      error
}

// Error names the line, not the text.
func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.document.Line, e.err) }

// Unwrap returns the cause.
func (e *lineError) Unwrap() error { return e.err }
