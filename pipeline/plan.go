package pipeline

import (
	"math"

	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// plan says what of a program is worth looking at in a text. A sequence needs
// all its steps, so it waits for the rarest one, and is looked for only around
// it; a group that is only a step of others is looked for only when one of them
// asks. It is shared and only read.
type plan struct {
	// meant marks the groups whose places the later stages look at.
	meant []bool
	*families
	// telling lists what a place of each family asks for, waiting what one of each
	// group does.
	telling, waiting rows[check]
	// makers lists, by group, the sequences that make it.
	makers rows[maker]
	chains
	sets []familySet
	// numeric marks the words that a number may begin with.
	numeric []bool
}

// check is what a place asks for, in half a line of cache. What stands beside it
// tells most often that the rest of a sequence is not there: before and after are
// what can end the step before and begin the step after, at most so many words
// away.
type check struct {
	before, after         filter
	beforeSet, afterSet   int32
	target                int32 // a group, a condition or a sequence, of one that is alone what it makes
	step                  uint8 // of the sequence
	kind                  checkKind
	beforeSpan, afterSpan uint8
}

type checkKind uint8

const (
	// keep: the place is one of a meant group.
	keep checkKind = iota
	// conditional: it is one of a group under a condition.
	conditional
	// alone: it is all that a sequence needs, anchoredAlone if it begins a sentence.
	alone
	anchoredAlone
	// part: it is what a sequence waits for, spoken if that is one of transcripts,
	// anchored if it begins a sentence.
	part
	anchoredPart
	spokenPart
	anchoredSpokenPart
)

// rows are slices laid end to end: row i is all[at[i]:at[i+1]].
type rows[T any] struct {
	at  []int32
	all []T
}

func (r *rows[T]) of(i int32) []T { return r.all[r.at[i]:r.at[i+1]] }

func (r *rows[T]) len() int { return len(r.at) - 1 }

// next ends the row that was appended to all.
func (r *rows[T]) next() { r.at = append(r.at, int32(len(r.all))) }

func newRows[T any](n int) rows[T] {
	r := rows[T]{at: make([]int32, 1, n+1)}
	return r
}

func newPlan(p *lexicon.Program) *plan {
	rates := newRates(p)
	often := make([]float64, len(p.Literals))
	for i, words := range p.Literals {
		often[i] = rates.phrase(words)
	}
	l := &plan{meant: meantOf(p), families: newFamilies(p, often)}
	first, last, sets := borders(p, &l.groups)
	l.sets = sets
	l.makers = makersOf(p, first, last)
	l.chains = newChains(p, first, last, &l.makers)
	l.wait(p, rarestSteps(p, often))
	l.tell()
	l.numeric = make([]bool, p.Vocabulary.Len()+1)
	for id := 1; id < len(l.numeric); id++ {
		l.numeric[id] = text.Numeric([]byte(p.Vocabulary.Word(uint32(id))))
	}
	return l
}

// meantOf marks the groups that are looked at when all are found.
func meantOf(p *lexicon.Program) []bool {
	meant := make([]bool, p.Groups)
	for g := range meant {
		meant[g] = len(p.Uses[g]) > 0
	}
	meant[p.Number] = true
	if p.Durations >= 0 {
		meant[p.Durations] = true
	}
	return meant
}

// wait lists by group what its places ask for: to be kept, and the needed
// sequences whose rarest step it is.
func (l *plan) wait(p *lexicon.Program, rarest []int32) {
	needed := neededOf(p, l.meant, rarest)
	lists := make([][]check, p.Groups)
	for i := range p.Sequences {
		if needed[i] {
			c := l.waiter(i, int(rarest[i]))
			g := p.Sequences[i].Steps[rarest[i]].Group
			lists[g] = append(lists[g], c)
		}
	}
	l.waiting = newRows[check](p.Groups)
	l.waiting.all = make([]check, 0, p.Groups+len(p.Sequences))
	for g, list := range lists {
		if l.meant[g] {
			l.waiting.all = append(l.waiting.all, check{kind: keep, target: int32(g)})
		}
		l.waiting.all = append(l.waiting.all, list...)
		l.waiting.next()
	}
}

// waiter is what step k of a sequence asks for.
func (l *plan) waiter(sequence, k int) check {
	q := &l.sequences[sequence]
	steps := l.steps(q)
	c := check{target: int32(sequence), step: uint8(k), kind: part}
	switch {
	case q.transcript:
		c.kind = spokenPart
	case len(steps) == 1:
		c.kind, c.target = alone, int32(q.out)
	}
	if q.anchored && k == 0 {
		c.kind++
	}
	// A span too long to be written down is not looked over.
	if k > 0 && steps[k].max <= math.MaxUint8 {
		c.before, c.beforeSet, c.beforeSpan = steps[k-1].last.filter, steps[k-1].last.set, uint8(steps[k].max)
	}
	if k+1 < len(steps) && steps[k+1].max <= math.MaxUint8 {
		c.after, c.afterSet, c.afterSpan = steps[k+1].first.filter, steps[k+1].first.set, uint8(steps[k+1].max)
	}
	return c
}

// tell lists by family what its groups ask for, one after the other.
func (l *plan) tell() {
	l.telling = newRows[check](l.groups.len())
	n := 0
	for _, g := range l.groups.all {
		n += len(l.waiting.of(g))
	}
	l.telling.all = make([]check, 0, n)
	for f := range l.groups.len() {
		from := l.groups.at[f]
		for i, g := range l.groups.of(int32(f)) {
			asked := l.waiting.of(g)
			if condition := l.holding[int(from)+i]; condition >= 0 && len(asked) > 0 {
				asked = []check{{kind: conditional, target: condition}}
			}
			l.telling.all = append(l.telling.all, asked...)
		}
		l.telling.next()
	}
}
