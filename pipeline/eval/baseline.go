package eval

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
)

// Tolerance is by how much a figure may be worse than its baseline.
const Tolerance = 0.002

// rounding absorbs that 0.812 - 0.81 is more than 0.002 to a processor.
const rounding = 1e-9

// Figures of a baseline, beside "<category>_f1". cleanFlagged alone is better
// when lower.
const (
	microF1      = "micro_f1"
	urgentRecall = "urgent_recall"
	partnerF1    = "partner_f1"
	cleanFlagged = "clean_flagged"
)

// Baseline is what later measurements are held against.
type Baseline struct {
	Lexicon lexiconJSON        `json:"lexicon"`
	Corpus  corpusJSON         `json:"corpus"`
	Figures map[string]float64 `json:"figures"`
}

// Change is a figure then and now.
type Change struct {
	Figure string  `json:"figure"`
	Before float64 `json:"before"`
	Now    float64 `json:"now"`
	// Worse: by more than the tolerance.
	Worse bool `json:"worse"`
}

// figure is one that a baseline holds.
type figure struct {
	id    string
	value decimal
}

// figures are those that must not fall, in the order of the report.
func (r *Result) figures() []figure {
	list := []figure{{microF1, r.Micro.F1.Value}}
	for _, c := range r.Categories {
		list = append(list, figure{c.ID + "_f1", c.F1.Value})
	}
	return append(list,
		figure{urgentRecall, r.Urgent.Recall.Value},
		figure{partnerF1, r.Partner.F1.Value},
		figure{cleanFlagged, r.Clean.Share.Value},
	)
}

// WriteBaseline writes the figures for later measurements.
func (r *Result) WriteBaseline(w io.Writer) error {
	b := Baseline{Lexicon: r.Lexicon, Corpus: r.Corpus, Figures: make(map[string]float64)}
	for _, f := range r.figures() {
		b.Figures[f.id] = round(float64(f.value))
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(b); err != nil {
		return fmt.Errorf("writing the baseline: %w", err)
	}
	return nil
}

// ReadBaseline reads what WriteBaseline wrote.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var b Baseline
	if err := d.Decode(&b); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	for _, f := range NewScore(false).Result(&Corpus{}, flag.Lexicon{}).figures() {
		if _, ok := b.Figures[f.id]; !ok {
			return nil, fmt.Errorf("not a baseline: no figure %q", f.id)
		}
	}
	return &b, nil
}

// Compare holds the result against a baseline and reports whether it is worse
// somewhere.
func (r *Result) Compare(b *Baseline) (worse bool) {
	for _, f := range r.figures() {
		before, now := b.Figures[f.id], round(float64(f.value))
		fall := before - now
		if f.id == cleanFlagged {
			fall = -fall
		}
		r.Baseline = append(r.Baseline, Change{f.id, before, now, fall > Tolerance+rounding})
	}
	return slices.ContainsFunc(r.Baseline, func(c Change) bool { return c.Worse })
}

// Same reports whether the result was measured on the baseline's corpus.
func (r *Result) Same(b *Baseline) bool { return r.Corpus == b.Corpus }
