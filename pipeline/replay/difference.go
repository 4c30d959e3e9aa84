package replay

import (
	"bufio"
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Difference is what one lexicon would change against another, over the events
// of a replay.
type Difference struct {
	// Flags of either side, and how many of them are the same.
	Before, After, Same int
	Changes             map[Change]int
	// Factors and Terms that had a part in it, by id.
	Factors, Terms map[string]*Effect
	// Examples are the first places of each change, topic/partition/offset.
	Examples map[Change][]string

	known [2]map[string]bool
}

// Effect is the part that a term or a factor has in a difference.
type Effect struct {
	ID      string         `json:"-"`
	Changes map[Change]int `json:"changes"`
	// Examples are the first places, topic/partition/offset.
	Examples []string `json:"examples"`
}

// Total is how many flags it changes.
func (e *Effect) Total() (n int) {
	for _, x := range e.Changes {
		n += x
	}
	return n
}

// mostExamples is how many places are kept of a change, a term or a factor.
const mostExamples = 5

// NewDifference returns an empty one between two lexicons.
func NewDifference(before, after *lexicon.Program) *Difference {
	d := &Difference{
		Changes: make(map[Change]int), Examples: make(map[Change][]string),
		Factors: make(map[string]*Effect), Terms: make(map[string]*Effect),
	}
	for i, p := range []*lexicon.Program{before, after} {
		d.known[i] = make(map[string]bool)
		for _, t := range p.Terms {
			d.known[i][t.ID] = true
		}
	}
	return d
}

// Add counts an outcome and returns what it is.
func (d *Difference) Add(o *Outcome) Change {
	if o.Before != nil {
		d.Before++
	}
	if o.After != nil {
		d.After++
	}
	c := Compare(o.Before, o.After)
	if c == Same {
		d.Same++
		return c
	}
	d.Changes[c]++
	place := o.Place()
	d.Examples[c] = withExample(d.Examples[c], place)
	terms := causes(o, c, d.known)
	var factors []string
	for _, term := range terms {
		note(d.Terms, term, c, place)
		factors = append(factors, factorOf(term))
	}
	slices.Sort(factors)
	for _, factor := range slices.Compact(factors) {
		note(d.Factors, factor, c, place)
	}
	return c
}

func note(effects map[string]*Effect, id string, c Change, place string) {
	e := effects[id]
	if e == nil {
		e = &Effect{ID: id, Changes: make(map[Change]int)}
		effects[id] = e
	}
	e.Changes[c]++
	e.Examples = withExample(e.Examples, place)
}

func withExample(list []string, place string) []string {
	if len(list) < mostExamples {
		list = append(list, place)
	}
	return list
}

// ByEffect lists effects, the largest first.
func ByEffect(effects map[string]*Effect) []*Effect {
	return slices.SortedFunc(maps.Values(effects), func(a, b *Effect) int {
		return cmp.Or(cmp.Compare(b.Total(), a.Total()), cmp.Compare(a.ID, b.ID))
	})
}

// side is what a difference shows of a flag.
type side struct {
	ID         string   `json:"id"`
	Categories []string `json:"categories"`
	Severity   int      `json:"severity"`
	Route      string   `json:"route"`
	Referrals  []string `json:"referrals"`
	Urgency    []string `json:"urgency"`
	Cautions   []string `json:"cautions"`
	Terms      []string `json:"terms"`
}

func sideOf(f *flag.Flag) *side {
	if f == nil {
		return nil
	}
	list := func(l []string) []string { return append([]string{}, l...) } // [], never null
	return &side{f.ID, list(f.Categories), f.Severity, f.Route, list(f.Referrals), list(f.Urgency), list(f.Cautions), list(asserted(f))}
}

// WriteDifference writes to a file, as JSON lines, each event whose flag
// changes, in order of topics, partitions and offsets; then what each factor
// and each term has to do with it, those with the largest effect first; then the
// counts. It fills d and returns the receipts of the ranges.
func (d *Difference) WriteDifference(dir string, p *Plan, name string) (receipts []Receipt, err error) {
	err = WriteFile(name, func(f *os.File) error {
		w := bufio.NewWriterSize(f, 64<<10)
		out := json.NewEncoder(w)
		out.SetEscapeHTML(false)
		receipts, err = Read(dir, p, func(o *Outcome) error {
			c := d.Add(o)
			if c == Same {
				return nil
			}
			return out.Encode(struct {
				Change Change `json:"change"`
				Place  string `json:"place"`
				Source string `json:"source"`
				ID     string `json:"id"`
				Before *side  `json:"before"`
				After  *side  `json:"after"`
			}{c, o.Place(), o.flag().Event.Source, o.flag().Event.ID, sideOf(o.Before), sideOf(o.After)})
		})
		if err == nil {
			err = d.encode(out)
		}
		if err != nil {
			return err
		}
		return w.Flush()
	})
	return receipts, err
}

// encode writes what was counted.
func (d *Difference) encode(out *json.Encoder) error {
	for _, e := range ByEffect(d.Factors) {
		if err := out.Encode(struct {
			Factor string `json:"factor"`
			*Effect
		}{e.ID, e}); err != nil {
			return err
		}
	}
	for _, e := range ByEffect(d.Terms) {
		if err := out.Encode(struct {
			Term string `json:"term"`
			*Effect
		}{e.ID, e}); err != nil {
			return err
		}
	}
	return out.Encode(struct {
		Before   int                 `json:"flags_before"`
		After    int                 `json:"flags_after"`
		Same     int                 `json:"same"`
		Changes  map[Change]int      `json:"changes"`
		Examples map[Change][]string `json:"examples"`
	}{d.Before, d.After, d.Same, d.Changes, d.Examples})
}
