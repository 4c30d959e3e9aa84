package eval

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// partner is the referral that the annotation speaks of.
const partner = "partner"

// Decisions beside the categories.
const (
	decisionUrgent  = "urgent"
	decisionPartner = "partner"
)

// Counts are the outcomes of a decision over documents.
type Counts struct {
	TP int `json:"tp"`
	FP int `json:"fp"`
	FN int `json:"fn"`
	// Evidence counts the true positives with a finding at the quoted words.
	Evidence int `json:"evidence"`
}

// count adds a decision: what was right and what was said.
func (c *Counts) count(truth, said bool) {
	switch {
	case truth && said:
		c.TP++
	case said:
		c.FP++
	case truth:
		c.FN++
	}
}

func (c *Counts) precision() Rate { return share(c.TP, c.TP+c.FP) }
func (c *Counts) recall() Rate    { return share(c.TP, c.TP+c.FN) }
func (c *Counts) f1() Rate        { return f1(c.TP, c.FP, c.FN) }
func (c *Counts) evidence() Rate  { return share(c.Evidence, c.TP) }

// Tally counts the documents in which a factor or a term is asserted for a
// category that was flagged: rightly, of these at the quoted words, or wrongly.
type Tally struct {
	ID          string `json:"id"`
	Hits        int    `json:"hits"`
	Evidence    int    `json:"evidence"`
	FalseAlarms int    `json:"false_alarms"`
}

// Score is what flags come to on a corpus.
type Score struct {
	Documents int
	// Clean counts clean documents, CleanFlagged those with a flag.
	Clean, CleanFlagged    int
	Micro, Urgent, Partner Counts

	categories, kinds, sources map[string]*Counts
	factors, terms             map[string]*Tally
	// documents counts the documents in which a term is asserted; supports holds
	// the terms of each true positive that named factors carry.
	documents map[string]int
	supports  [][]string
	list      bool
	cases     []Case
}

// NewScore returns the score of no document. With list it keeps each miss and
// false alarm, with the words around it.
func NewScore(list bool) *Score {
	s := &Score{
		list:       list,
		categories: make(map[string]*Counts), kinds: make(map[string]*Counts), sources: make(map[string]*Counts),
		factors: make(map[string]*Tally), terms: make(map[string]*Tally),
		documents: make(map[string]int),
	}
	if list {
		s.cases = []Case{}
	}
	return s
}

// Add scores a document. f is its flag, nil without one.
func (s *Score) Add(d *Document, f *flag.Flag) {
	s.Documents++
	if d.clean() {
		s.Clean++
		if f != nil {
			s.CleanFlagged++
		}
	}
	if f == nil {
		f = &flag.Flag{}
	}
	kind, source := at(s.kinds, string(d.Kind)), at(s.sources, d.Source())
	for _, c := range lexicon.CategoryIDs() {
		truth, said := d.wants(c), slices.Contains(f.Categories, c)
		evidence := truth && said && d.shown(c, f)
		rows := []*Counts{at(s.categories, c), kind, source, &s.Micro}
		if !truth && slices.Contains(d.AlsoOK, c) {
			continue
		}
		for _, row := range rows {
			row.count(truth, said)
			if evidence {
				row.Evidence++
			}
		}
		if said {
			s.tally(d, f, c, truth)
		}
		s.note(d, f, c, truth, said)
	}
	urgent, referred := f.Route == flag.RouteUrgent, slices.Contains(f.Referrals, partner)
	s.Urgent.count(d.Urgent, urgent)
	s.note(d, f, decisionUrgent, d.Urgent, urgent)
	s.Partner.count(d.Partner, referred)
	s.note(d, f, decisionPartner, d.Partner, referred)
}

// tally counts the factors and terms that made a category of a flag, each once.
func (s *Score) tally(d *Document, f *flag.Flag, category string, truth bool) {
	shown := make(map[*Tally]bool)
	for i := range f.Findings {
		x := &f.Findings[i]
		if x.Category != category || x.Status != flag.Asserted {
			continue
		}
		here := truth && d.points(x)
		for _, t := range []*Tally{at(s.factors, x.Factor), at(s.terms, x.Term)} {
			shown[t] = shown[t] || here
		}
	}
	s.support(f, category, truth)
	for t, here := range shown {
		switch {
		case !truth:
			t.FalseAlarms++
		case here:
			t.Evidence++
			fallthrough
		default:
			t.Hits++
		}
	}
}

// support notes by which terms of named factors a category was found.
func (s *Score) support(f *flag.Flag, category string, truth bool) {
	var terms []string
	for i := range f.Findings {
		x := &f.Findings[i]
		if x.Category == category && x.Status == flag.Asserted && !strings.HasSuffix(x.Term, "/00000000") && !slices.Contains(terms, x.Term) {
			terms = append(terms, x.Term)
			s.documents[x.Term]++
		}
	}
	if truth && len(terms) > 0 {
		s.supports = append(s.supports, terms)
	}
}

// single is the share of the true positives carried by named factors of which
// every term is asserted in that document only: what was written for one text,
// or is rare.
func (s *Score) single() Rate {
	n := 0
	for _, terms := range s.supports {
		if !slices.ContainsFunc(terms, func(t string) bool { return s.documents[t] > 1 }) {
			n++
		}
	}
	return share(n, len(s.supports))
}

// macro is the mean of the categories' F1.
func (s *Score) macro() decimal {
	sum, ids := decimal(0), lexicon.CategoryIDs()
	for _, c := range ids {
		sum += at(s.categories, c).f1().Value
	}
	return sum / decimal(len(ids))
}

// sorted returns tallies with the most false alarms first, then the most hits.
func sorted(tallies map[string]*Tally) []Tally {
	list := make([]Tally, 0, len(tallies))
	for _, id := range slices.Sorted(maps.Keys(tallies)) {
		t := *tallies[id]
		t.ID = id
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(a, b Tally) int {
		return cmp.Or(b.FalseAlarms-a.FalseAlarms, b.Hits-a.Hits)
	})
	return list
}

// at returns the entry of a map, made where there was none.
func at[T any](m map[string]*T, key string) *T {
	if m[key] == nil {
		m[key] = new(T)
	}
	return m[key]
}
