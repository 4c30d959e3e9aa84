package report

import (
	"cmp"
	"hash/fnv"
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
)

// change is what became of an event's flag from one lexicon to the other.
type change int

const (
	unchanged change = iota // the same judgement; with one lexicon, a flag
	added                   // flagged only by the lexicon that is tried
	gone                    // flagged only by the one compared against
	rerouted                // urgent instead of care, or care instead of urgent
	regraded                // another severity
	other                   // other categories, referrals, urgencies or cautions
	alone                   // of a replay with one lexicon, an urgent flag
)

// changeOf says what became of a flag; one that changes in several ways counts
// as what weighs most.
func (t *Tally) changeOf(before, after *flag.Flag) change {
	switch {
	case !t.compared() && after.Route == flag.RouteUrgent:
		return alone
	case !t.compared():
		return unchanged
	case before == nil:
		return added
	case after == nil:
		return gone
	case before.Route != after.Route:
		return rerouted
	case before.Severity != after.Severity:
		return regraded
	case !slices.Equal(before.Categories, after.Categories), !slices.Equal(before.Referrals, after.Referrals),
		!slices.Equal(before.Urgency, after.Urgency), !slices.Equal(before.Cautions, after.Cautions):
		return other
	}
	return unchanged
}

// effect is how many flags a term or a factor has a part in: all that the
// tried lexicon makes with it, and those that it makes new, gone or moved.
type effect struct{ flags, added, gone, moved int }

// total is by how many flags it changes the outcome.
func (e *effect) total() int { return e.added + e.gone + e.moved }

// effects counts an event for the terms that made the difference.
func (t *Tally) effects(c change, before, after *flag.Flag) {
	count := func(findings []flag.Finding, one func(*effect)) {
		factors := make(map[string]bool)
		for term, factor := range asserted(findings) {
			one(at(t.terms, term))
			if !factors[factor] {
				factors[factor] = true
				one(at(t.factors, factor))
			}
		}
	}
	if after != nil {
		count(after.Findings, func(e *effect) { e.flags++ })
	}
	switch c {
	case added:
		count(t.causes(after.Findings, Before), func(e *effect) { e.added++ })
	case gone:
		count(t.causes(before.Findings, After), func(e *effect) { e.gone++ })
	case rerouted, regraded, other:
		count(movers(before.Findings, after.Findings), func(e *effect) { e.moved++ })
	}
}

// causes returns the asserted findings whose terms the other lexicon lacks:
// they made the difference. Where it has them all, a weight, a threshold or a
// qualifier did, and all of them take part.
func (t *Tally) causes(findings []flag.Finding, elsewhere Side) []flag.Finding {
	var own []flag.Finding
	for _, x := range findings {
		if x.Status == flag.Asserted && !t.known[elsewhere][x.Term] && !open(x.Term) {
			own = append(own, x)
		}
	}
	if own == nil {
		return findings
	}
	return own
}

// movers returns the asserted findings that one side has and the other lacks or
// grades otherwise; where there are none, all.
func movers(before, after []flag.Finding) []flag.Finding {
	var list []flag.Finding
	differs := func(x flag.Finding, others []flag.Finding) bool {
		return x.Status == flag.Asserted && !slices.ContainsFunc(others, func(y flag.Finding) bool {
			return y.Term == x.Term && y.Status == x.Status && y.Severity == x.Severity
		})
	}
	for _, x := range before {
		if differs(x, after) {
			list = append(list, x)
		}
	}
	for _, x := range after {
		if differs(x, before) {
			list = append(list, x)
		}
	}
	if list == nil {
		return after
	}
	return list
}

// asserted maps the terms of asserted findings to their factors.
func asserted(findings []flag.Finding) map[string]string {
	list := make(map[string]string)
	for _, x := range findings {
		if x.Status == flag.Asserted {
			list[x.Term] = x.Factor
		}
	}
	return list
}

func at(counts map[string]*effect, key string) *effect {
	e := counts[key]
	if e == nil {
		e = &effect{}
		counts[key] = e
	}
	return e
}

// Example is an event whose flag the page shows. A flag is nil where the side
// makes none.
type Example struct {
	Before, After *flag.Flag
	rank          uint64
}

// perChange is how many examples of each kind of change are kept.
const perChange = 6

// keep keeps the examples of the lowest ranks: the same ones whatever the order
// in which events come.
func (t *Tally) keep(c change, x Example) {
	if t.compared() && c == unchanged {
		return
	}
	list := t.examples[c]
	i, _ := slices.BinarySearchFunc(list, x, func(a, b Example) int { return cmp.Compare(a.rank, b.rank) })
	if i >= perChange {
		return
	}
	list = slices.Insert(list, i, x)
	t.examples[c] = list[:min(len(list), perChange)]
}

// rankOf is a hash of the event's identity.
func rankOf(f *flag.Flag) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("example\x00" + f.Event.Source + "\x00" + f.Event.ID))
	return h.Sum64()
}
