package pipeline

import (
	"math"
	"math/bits"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// triggers says which sequences are worth trying: a sequence needs all its
// steps, so it waits for the rarest one. Of 14,000 a text sets off a few dozen.
type triggers struct {
	// waiting lists, by group, the sequences that wait for it.
	waiting [][]int32
}

func newTriggers(p *lexicon.Program) *triggers {
	common := commonness(p)
	t := &triggers{waiting: make([][]int32, p.Groups)}
	for i, q := range p.Sequences {
		rarest := q.Steps[0].Group
		for _, step := range q.Steps[1:] {
			if common[step.Group] < common[rarest] {
				rarest = step.Group
			}
		}
		t.waiting[rarest] = append(t.waiting[rarest], int32(i))
	}
	return t
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
