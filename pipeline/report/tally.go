package report

import (
	"cmp"
	"hash/fnv"
	"slices"
	"time"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Side is one of the two lexicons of a comparison. A replay with one lexicon
// has only [After].
type Side int

// The sides.
const (
	Before Side = iota // the lexicon compared against
	After              // the lexicon that is tried
)

// Tally counts judged events. Its memory grows with the persons, terms and days
// that it has seen, not with the events.
type Tally struct {
	before, after *lexicon.Program

	flags    [2]int
	category [2]map[string]int
	route    [2]map[string]int
	severity [2]map[string]int
	kind     [2]map[string]int
	referral [2]map[string]int
	days     [2]map[string]int // by 2026-03-02
	undated  [2]int

	// difference is nil with one lexicon; terms and factors then count the flags
	// that each has a part in.
	difference     *replay.Difference
	terms, factors map[string]int
	// persons holds, by a hash of the case file, what each side says of the person.
	persons  map[uint64]standing
	examples map[replay.Change][]example
}

// NewTally returns an empty tally of a replay with one lexicon (before is nil)
// or with two.
func NewTally(before, after *lexicon.Program) *Tally {
	t := &Tally{
		before: before, after: after, terms: make(map[string]int), factors: make(map[string]int),
		persons: make(map[uint64]standing), examples: make(map[replay.Change][]example),
	}
	for _, counts := range []*[2]map[string]int{&t.category, &t.route, &t.severity, &t.kind, &t.referral, &t.days} {
		counts[Before], counts[After] = make(map[string]int), make(map[string]int)
	}
	if before != nil {
		t.difference = replay.NewDifference(before, after)
	}
	return t
}

// standing is what is said of one person over all their events, a bit a side.
type standing uint8

const (
	flaggedBefore standing = 1 << iota
	urgentBefore
	flaggedAfter
	urgentAfter
)

// Add counts an event that a side flags.
func (t *Tally) Add(o *replay.Outcome) {
	for side, f := range []*flag.Flag{o.Before, o.After} {
		if f != nil {
			t.count(side, f, o.Origin.Timestamp)
		}
	}
	t.person(o)
	if t.compared() {
		t.keep(t.difference.Add(o), o)
		return
	}
	t.parts(o.After)
	if o.After.Route == flag.RouteUrgent {
		t.keep(urgentAlone, o)
	} else {
		t.keep(careAlone, o)
	}
}

// count counts one flag of a side.
func (t *Tally) count(side int, f *flag.Flag, stamp int64) {
	t.flags[side]++
	for _, c := range f.Categories {
		t.category[side][c]++
	}
	for _, r := range f.Referrals {
		t.referral[side][r]++
	}
	t.route[side][f.Route]++
	t.severity[side][severityName(f.Severity)]++
	t.kind[side][f.Event.Type]++
	if day := dayOf(f, stamp); day != "" {
		t.days[side][day]++
	} else {
		t.undated[side]++
	}
}

// dayOf is the day of an event where it took place; of one that does not say
// so, that of its record, whose timestamp is in milliseconds since the Unix
// epoch; "" without one.
func dayOf(f *flag.Flag, stamp int64) string {
	if at, err := time.Parse(time.RFC3339, f.Time); err == nil {
		return at.Format(time.DateOnly)
	}
	if stamp <= 0 {
		return ""
	}
	return time.UnixMilli(stamp).UTC().Format(time.DateOnly)
}

// person notes what each side says of whom an event is about: its case file,
// or the event alone where it has none.
func (t *Tally) person(o *replay.Outcome) {
	before, after := o.Before, o.After
	f := cmp.Or(after, before)
	h := fnv.New64a()
	_, _ = h.Write([]byte(f.Case))
	if f.Case == "" {
		_, _ = h.Write([]byte(f.Event.Source + "\x00" + f.Event.ID))
	}
	s := t.persons[h.Sum64()]
	if before != nil {
		s |= flaggedBefore
		if before.Route == flag.RouteUrgent {
			s |= urgentBefore
		}
	}
	if after != nil {
		s |= flaggedAfter
		if after.Route == flag.RouteUrgent {
			s |= urgentAfter
		}
	}
	t.persons[h.Sum64()] = s
}

// parts counts the terms and factors of one flag.
func (t *Tally) parts(f *flag.Flag) {
	terms, factors := make(map[string]bool), make(map[string]bool)
	for _, x := range f.Findings {
		if x.Status == flag.Asserted {
			terms[x.Term], factors[x.Factor] = true, true
		}
	}
	for term := range terms {
		t.terms[term]++
	}
	for factor := range factors {
		t.factors[factor]++
	}
}

// counted returns how many persons have all bits of with and none of without.
func (t *Tally) counted(with, without standing) (n int) {
	for _, s := range t.persons {
		if s&with == with && s&without == 0 {
			n++
		}
	}
	return n
}

// compared reports whether there are two lexicons.
func (t *Tally) compared() bool { return t.difference != nil }

// kinds lists the types of event in the order of the contract.
func kinds() (types []string) {
	for _, k := range event.Kinds() {
		types = append(types, "vigie."+string(k)+".v1")
	}
	return types
}

func severityName(s int) string { return string(rune('0' + s)) }

// keys lists what either side has counted, known ones first and in their order.
func keys(counts [2]map[string]int, known []string) []string {
	list := slices.Clone(known)
	var more []string
	for _, side := range counts {
		for key := range side {
			if !slices.Contains(list, key) && !slices.Contains(more, key) {
				more = append(more, key)
			}
		}
	}
	slices.Sort(more)
	return append(list, more...)
}
