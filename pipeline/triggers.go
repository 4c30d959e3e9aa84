package pipeline

import (
	"math"
	"math/bits"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// triggers says what of a program is worth looking at in a text. A sequence
// needs all its steps, so it waits for the rarest one: of 11,600 a text sets off
// some dozens. The words of its other steps ("je", "le", any form of "avoir") are
// everywhere, and are looked up only then.
type triggers struct {
	// waiting lists, by group, the sequences that wait for it.
	waiting [][]int32
	// eager are the emits of each literal that say something by themselves or
	// that a sequence waits for; late are the others, by group.
	eager [][]lexicon.Emit
	late  [][]lateEmit
	// reach is how many words a place spans at most; meant marks the groups that
	// are not only steps of others.
	reach int32
	meant []bool
}

// lateEmit is an emit and the literal that it belongs to.
type lateEmit struct {
	literal int32
	emit    *lexicon.Emit
}

func newTriggers(p *lexicon.Program) *triggers {
	t := &triggers{
		waiting: waiting(p), eager: make([][]lexicon.Emit, len(p.Emits)), late: make([][]lateEmit, p.Groups),
		reach: reachOf(p), meant: meantOf(p),
	}
	for i, emits := range p.Emits {
		for k := range emits {
			g := emits[k].Group
			if len(p.Uses[g]) > 0 || len(t.waiting[g]) > 0 || g == p.Durations {
				t.eager[i] = append(t.eager[i], emits[k])
			} else {
				t.late[g] = append(t.late[g], lateEmit{int32(i), &emits[k]})
			}
		}
	}
	return t
}

// waiting lists, by group, the sequences whose rarest step it is.
func waiting(p *lexicon.Program) [][]int32 {
	common := commonness(p)
	list := make([][]int32, p.Groups)
	for i, q := range p.Sequences {
		rarest := q.Steps[0].Group
		for _, step := range q.Steps[1:] {
			if common[step.Group] < common[rarest] {
				rarest = step.Group
			}
		}
		list[rarest] = append(list[rarest], int32(i))
	}
	return list
}

// commonness guesses how often groups occur, by the lengths of their phrases:
// a text is full of short words.
func commonness(p *lexicon.Program) []float64 {
	common := make([]float64, p.Groups)
	common[p.Number] = 1
	for i, emits := range p.Emits {
		letters := 0
		for _, id := range p.Literals[i] {
			letters += len(p.Vocabulary.Word(id))
		}
		for _, e := range emits {
			common[e.Group] += math.Exp2(-float64(letters))
		}
	}
	for _, q := range p.Sequences {
		least := math.Inf(1)
		for _, step := range q.Steps {
			least = min(least, common[step.Group])
		}
		common[q.Out] += least
	}
	return common
}

// pending is a set of sequences to try, in their order.
type pending struct {
	set []uint64
	// next is the lowest word of set that may have a member.
	next int
}

func (p *pending) reset(sequences int) {
	if n := (sequences + 63) / 64; len(p.set) != n {
		p.set = make([]uint64, n)
	}
	p.next = 0
}

func (p *pending) add(sequence int32) { p.set[sequence/64] |= 1 << (sequence % 64) }

// take removes the lowest member and returns it, -1 when the set is empty.
// Members lower than one that was taken must not be added.
func (p *pending) take() int {
	for ; p.next < len(p.set); p.next++ {
		if w := p.set[p.next]; w != 0 {
			p.set[p.next] = w & (w - 1)
			return p.next*64 + bits.TrailingZeros64(w)
		}
	}
	return -1
}
