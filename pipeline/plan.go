package pipeline

import (
	"cmp"
	"slices"

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
	// emits are the groups of each literal, by group; telling are those of them
	// that are meant or waited for.
	emits   rows[emit]
	telling rows[emit]
	// waiting lists, by group, the sequences that wait for it; makers those that make it.
	waiting rows[waiter]
	makers  rows[int32]
	// conditions of emits.
	conditions []*lexicon.Emit
	// first and last index, by group, the sets of words that its places can
	// begin and end with.
	first, last []int32
	sets        []wordSet
	// numeric marks the words that a number may begin with.
	numeric []bool
}

// emit says that a literal belongs to a group; condition is an index of
// plan.conditions, -1 for none.
type emit struct {
	group     lexicon.Group
	condition int32
}

// waiter is a sequence that waits for the group of one of its steps. The words
// beside that group's place tell most often that the rest is not there: before
// and after index the sets of words that can end the step before and begin the
// step after, at most so many words away; -1 is no such step.
type waiter struct {
	sequence, step        int32
	before, after         int32
	beforeSpan, afterSpan int16
	// anchored: the step is the first and must begin its sentence; alone: it is the only one.
	anchored, alone bool
}

// rows are slices laid end to end: row i is all[at[i]:at[i+1]].
type rows[T any] struct {
	at  []int32
	all []T
}

func (r *rows[T]) of(i int32) []T { return r.all[r.at[i]:r.at[i+1]] }

// next ends the row that was appended to all.
func (r *rows[T]) next() { r.at = append(r.at, int32(len(r.all))) }

func newRows[T any](n int) rows[T] {
	r := rows[T]{at: make([]int32, 1, n+1)}
	return r
}

func newPlan(p *lexicon.Program) *plan {
	l := &plan{meant: meantOf(p), makers: makersOf(p)}
	rarest := rarestSteps(p)
	l.edges(p)
	l.waiting = l.waitingFor(p, rarest, neededOf(p, l.meant, rarest))
	l.numeric = make([]bool, p.Vocabulary.Len()+1)
	for id := 1; id < len(l.numeric); id++ {
		l.numeric[id] = text.Numeric([]byte(p.Vocabulary.Word(uint32(id))))
	}
	l.emits, l.telling = newRows[emit](len(p.Emits)), newRows[emit](len(p.Emits))
	for i := range p.Emits {
		for k := range p.Emits[i] {
			x := &p.Emits[i][k]
			condition := int32(-1)
			if x.Transcript || x.Anchored || x.Exact != nil {
				condition = int32(len(l.conditions))
				l.conditions = append(l.conditions, x)
			}
			l.emits.all = append(l.emits.all, emit{x.Group, condition})
		}
		l.emits.next()
		row := l.emits.of(int32(i))
		slices.SortFunc(row, func(a, b emit) int {
			return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.condition, b.condition))
		})
		for _, e := range row {
			if l.meant[e.group] || len(l.waiting.of(int32(e.group))) > 0 {
				l.telling.all = append(l.telling.all, e)
			}
		}
		l.telling.next()
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

// makersOf lists the sequences that make each group.
func makersOf(p *lexicon.Program) rows[int32] {
	lists := make([][]int32, p.Groups)
	for i, q := range p.Sequences {
		lists[q.Out] = append(lists[q.Out], int32(i))
	}
	makers := newRows[int32](p.Groups)
	for _, list := range lists {
		makers.all = append(makers.all, list...)
		makers.next()
	}
	return makers
}

// rarestSteps returns the step that each sequence waits for. A group is as
// frequent as the literals that it holds and the rarest steps of the sequences
// that make it.
func rarestSteps(p *lexicon.Program) []int32 {
	often := make([]float64, p.Groups)
	often[p.Number] = numberRate
	for i, emits := range p.Emits {
		if len(emits) == 0 {
			continue
		}
		rate := phraseRate(p, p.Literals[i])
		for _, e := range emits {
			often[e.Group] += rate
		}
	}
	rarest := make([]int32, len(p.Sequences))
	for i, q := range p.Sequences { // in order of dependency
		for k, step := range q.Steps {
			if often[step.Group] < often[q.Steps[rarest[i]].Group] {
				rarest[i] = int32(k)
			}
		}
		often[q.Out] += often[q.Steps[rarest[i]].Group]
	}
	return rarest
}

// neededOf marks the sequences that make what is meant, and those that make the
// steps that these wait for. The others are looked for when they are asked for.
func neededOf(p *lexicon.Program, meant []bool, rarest []int32) []bool {
	wanted, needed := slices.Clone(meant), make([]bool, len(p.Sequences))
	for i := len(p.Sequences) - 1; i >= 0; i-- { // users before makers
		q := &p.Sequences[i]
		if needed[i] = wanted[q.Out]; needed[i] {
			wanted[q.Steps[rarest[i]].Group] = true
		}
	}
	return needed
}

// waitingFor lists by group the needed sequences whose rarest step it is.
func (l *plan) waitingFor(p *lexicon.Program, rarest []int32, needed []bool) rows[waiter] {
	lists := make([][]waiter, p.Groups)
	for i, q := range p.Sequences {
		if !needed[i] {
			continue
		}
		k := int(rarest[i])
		w := waiter{
			sequence: int32(i), step: int32(k), before: -1, after: -1,
			anchored: q.Anchored && k == 0, alone: len(q.Steps) == 1 && !q.Transcript,
		}
		if k > 0 {
			w.before, w.beforeSpan = l.last[q.Steps[k-1].Group], int16(q.Steps[k].Max)
		}
		if k+1 < len(q.Steps) {
			w.after, w.afterSpan = l.first[q.Steps[k+1].Group], int16(q.Steps[k+1].Max)
		}
		g := q.Steps[k].Group
		lists[g] = append(lists[g], w)
	}
	waiting := newRows[waiter](p.Groups)
	for _, list := range lists {
		waiting.all = append(waiting.all, list...)
		waiting.next()
	}
	return waiting
}

// edges finds the words that the places of each group can begin and end with.
func (l *plan) edges(p *lexicon.Program) {
	first, last := make([]wordSet, p.Groups), make([]wordSet, p.Groups)
	first[p.Number].addNumbers()
	last[p.Number].addNumbers()
	for i, emits := range p.Emits {
		words := p.Literals[i]
		a, b := markOf(words[0]), markOf(words[len(words)-1])
		for k := range emits {
			first[emits[k].Group].add(a)
			last[emits[k].Group].add(b)
		}
	}
	for _, q := range p.Sequences { // in order of dependency
		first[q.Out].join(&first[q.Steps[0].Group])
		last[q.Out].join(&last[q.Steps[len(q.Steps)-1].Group])
	}
	l.first, l.last = make([]int32, p.Groups), make([]int32, p.Groups)
	numbers := make(map[wordSet]int32)
	number := func(set wordSet) int32 {
		n, ok := numbers[set]
		if !ok {
			n = int32(len(l.sets))
			numbers[set], l.sets = n, append(l.sets, set)
		}
		return n
	}
	for _, q := range p.Sequences {
		for k, step := range q.Steps {
			if k > 0 {
				l.first[step.Group] = number(first[step.Group])
			}
			if k+1 < len(q.Steps) {
				l.last[step.Group] = number(last[step.Group])
			}
		}
	}
	// The first step of what makes a step is asked for its first words, too.
	for i := len(p.Sequences) - 1; i >= 0; i-- {
		q := &p.Sequences[i]
		a, b := q.Steps[0].Group, q.Steps[len(q.Steps)-1].Group
		l.first[a], l.last[b] = number(first[a]), number(last[b])
	}
}
