package proposal

import (
	"crypto/sha256"
	"slices"
	"sync"
	"time"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// How many measurements are kept, and for how long: somebody measures, writes on,
// and takes it back.
const (
	mostKept = 16
	keptFor  = 10 * time.Minute
)

// effect is what a proposal does, without what was typed: it may be kept.
type effect struct {
	digest            string
	before, after     *eval.Result
	annotated, events Shifts
	off               []string
	places            []*Found // of the new terms, in the order of the changes
	examples          int
	failed            []failing
}

// failing is an example that does not hold, by its number in the factor.
type failing struct {
	factor  string
	example int
	before  bool
}

// of is the measurement of a proposal that has this effect.
func (e *effect) of(p *Proposed, changes []Change) *Measured {
	m := &Measured{
		Proposed: p, Digest: e.digest, Before: e.before, After: e.after, Annotated: e.annotated, Events: e.events, Off: e.off, Examples: e.examples,
	}
	for i, c := range newTerms(changes, e.off) {
		m.Terms = append(m.Terms, Placed{c.Factor, c.New, e.places[i]})
	}
	for _, f := range e.failed {
		m.Failed = append(m.Failed, Failure{Factor: f.factor, Example: factorOf(p.Ruleset, f.factor).Examples[f.example], Before: f.before})
	}
	return m
}

// newTerms are the changes that add a term to look for, but for the factors in off.
func newTerms(changes []Change, off []string) (list []Change) {
	for _, c := range changes {
		if c.Op != Remove && (c.Block == Terms || c.Block == Heard) && !slices.Contains(off, c.Factor) {
			list = append(list, c)
		}
	}
	return list
}

// kept holds the effects of the last proposals by a hash of their patch, for a
// while.
type kept struct {
	mu  sync.Mutex
	of  map[patchSum]*effect
	old []patchSum // of, the oldest first
}

type patchSum [sha256.Size]byte

func (k *kept) get(sum patchSum) *effect {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.of[sum]
}

func (k *kept) put(sum patchSum, e *effect) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.old) == mostKept {
		delete(k.of, k.old[0])
		k.old = k.old[1:]
	}
	k.of[sum] = e
	k.old = append(k.old, sum)
	time.AfterFunc(keptFor, func() { k.drop(sum, e) })
}

// drop forgets an effect, unless it went already.
func (k *kept) drop(sum patchSum, e *effect) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of[sum] == e {
		delete(k.of, sum)
		k.old = slices.DeleteFunc(k.old, func(x patchSum) bool { return x == sum })
	}
}

// found is where a term of a factor is found by a survey.
func found(survey Survey, c *Change) *Found {
	pattern, err := lexicon.ParsePattern(c.New)
	if err != nil { // Apply has read it
		return &Found{}
	}
	if f := survey[lexicon.TermID(c.Factor, pattern, c.Block == Heard)]; f != nil {
		return f
	}
	return &Found{}
}
