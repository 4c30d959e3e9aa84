package eval

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Row is a line of the report: counts with the rates that follow from them.
type Row struct {
	ID string `json:"id"`
	Counts
	Precision Rate `json:"precision"`
	Recall    Rate `json:"recall"`
	F1        Rate `json:"f1"`
	// Shown is the share of true positives with evidence, nil for what needs none.
	Shown *Rate `json:"evidence_rate,omitempty"`
}

// Result is a score ready to be read.
type Result struct {
	Lexicon lexiconJSON `json:"lexicon"`
	Corpus  corpusJSON  `json:"corpus"`
	Micro   Row         `json:"micro"`
	MacroF1 decimal     `json:"macro_f1"`
	Clean   cleanJSON   `json:"clean"`
	// Single is the share of true positives that rest on terms asserted in one
	// document only.
	Single     Rate     `json:"single_document"`
	Urgent     Row      `json:"urgent"`
	Partner    Row      `json:"partner"`
	Categories []Row    `json:"categories"`
	Kinds      []Row    `json:"kinds"`
	Sources    []Row    `json:"sources"`
	Factors    []Tally  `json:"factors"`
	Terms      []Tally  `json:"terms"`
	Cases      []Case   `json:"cases,omitempty"`
	Baseline   []Change `json:"baseline,omitempty"`
}

type (
	lexiconJSON struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Digest  string `json:"digest"`
	}
	corpusJSON struct {
		Documents int    `json:"documents"`
		SHA256    string `json:"sha256"`
	}
	cleanJSON struct {
		Documents int  `json:"documents"`
		Flagged   int  `json:"flagged"`
		Share     Rate `json:"share"`
	}
)

// Result returns the score of a corpus that a lexicon was measured on.
func (s *Score) Result(c *Corpus, l flag.Lexicon) *Result {
	r := &Result{
		Lexicon: lexiconJSON(l), Corpus: corpusJSON{s.Documents, c.SHA256},
		Micro: row("micro", &s.Micro, true), MacroF1: s.macro(),
		Clean: cleanJSON{s.Clean, s.CleanFlagged, share(s.CleanFlagged, s.Clean)}, Single: s.single(),
		Urgent: row(decisionUrgent, &s.Urgent, false), Partner: row(decisionPartner, &s.Partner, false),
		Kinds: rows(s.kinds), Sources: rows(s.sources),
		Factors: sorted(s.factors), Terms: sorted(s.terms),
		Cases: s.cases,
	}
	for _, c := range lexicon.CategoryIDs() {
		r.Categories = append(r.Categories, row(c, at(s.categories, c), true))
	}
	return r
}

func row(id string, c *Counts, evidence bool) Row {
	r := Row{
		ID: id, Counts: *c,
		Precision: c.precision(), Recall: c.recall(), F1: c.f1(),
	}
	if evidence {
		e := c.evidence()
		r.Shown = &e
	}
	return r
}

func rows(m map[string]*Counts) []Row {
	list := make([]Row, 0, len(m))
	for _, id := range slices.Sorted(maps.Keys(m)) {
		list = append(list, row(id, m[id], true))
	}
	return list
}

// WriteJSON writes the result as one indented JSON object.
func (r *Result) WriteJSON(w io.Writer) error { return writeJSON(w, r) }

func writeJSON(w io.Writer, report any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(report); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
