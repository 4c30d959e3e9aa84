package pipeline

import "github.com/vigie-project/vigie/pkg/lexicon"

// chains are the sequences of a program, with all that is asked of a step in a
// line of cache.
type chains struct {
	sequences []chain
	all       []step
}

// chain is a sequence; its steps are all[from:to].
type chain struct {
	from, to             int32
	out                  lexicon.Group
	transcript, anchored bool
}

// step is a step with what its places can begin and end with, and the sequences
// that make its group, in plan.makers.all.
type step struct {
	first, last border
	group       lexicon.Group
	min, max    int32 // words between it and the step before
	makers      place
}

// maker is a sequence that makes a group, with what its places begin and end with.
type maker struct {
	first, last filter
	sequence    int32
}

func (c *chains) steps(q *chain) []step { return c.all[q.from:q.to] }

func newChains(p *lexicon.Program, first, last []border, makers *rows[maker]) chains {
	n := 0
	for i := range p.Sequences {
		n += len(p.Sequences[i].Steps)
	}
	c := chains{sequences: make([]chain, len(p.Sequences)), all: make([]step, 0, n)}
	for i := range p.Sequences {
		q := &p.Sequences[i]
		from := int32(len(c.all))
		for _, x := range q.Steps {
			c.all = append(c.all, step{first[x.Group], last[x.Group], x.Group, int32(x.Min), int32(x.Max), place{makers.at[x.Group], makers.at[x.Group+1]}})
		}
		c.sequences[i] = chain{from, int32(len(c.all)), q.Out, q.Transcript, q.Anchored}
	}
	return c
}

// makersOf lists the sequences that make each group.
func makersOf(p *lexicon.Program, first, last []border) rows[maker] {
	lists := make([][]maker, p.Groups)
	for i, q := range p.Sequences {
		begin, end := q.Steps[0].Group, q.Steps[len(q.Steps)-1].Group
		lists[q.Out] = append(lists[q.Out], maker{first[begin].filter, last[end].filter, int32(i)})
	}
	makers := newRows[maker](p.Groups)
	makers.all = make([]maker, 0, len(p.Sequences))
	for _, list := range lists {
		makers.all = append(makers.all, list...)
		makers.next()
	}
	return makers
}
