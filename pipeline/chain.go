package pipeline

import (
	"slices"
	"sort"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// complete looks for the other steps of a sequence around the place of one: to
// the left for all starts, to the right for all ends that can be reached within
// the sentence, so that a nearer word does not hide a later one that fits. Gaps
// are bounded, so the work does not grow with the text.
func (h *hits) complete(q *chain, step int, at place) {
	h.sentence = h.s.sentence(at.start)
	starts, ends := h.sets.take(), h.sets.take()
	*starts, *ends = append(*starts, at.start), append(*ends, at.end)
	h.leftwards(q, step, starts)
	if len(*starts) > 0 {
		h.rightwards(q, step, ends)
		for _, start := range *starts {
			for _, end := range *ends {
				h.found(q.out, place{start, end})
			}
		}
	}
	h.sets.give(2)
}

// leftwards replaces the starts of places of step k of a sequence by those of
// the whole up to it.
func (h *hits) leftwards(q *chain, k int, starts *[]int32) {
	steps := h.plan.steps(q)
	next := h.sets.take()
	for ; k > 0 && len(*starts) > 0; k-- {
		*next = (*next)[:0]
		for _, start := range *starts {
			h.startsOf(&steps[k-1], start-steps[k].max, start-steps[k].min, next)
		}
		*starts, *next = *next, *starts
	}
	if q.anchored {
		*starts = slices.DeleteFunc(*starts, func(i int32) bool { return !h.s.begins(i) })
	}
	h.sets.give(1)
}

// rightwards replaces the ends of places of step k of a sequence by those of
// the whole from it on.
func (h *hits) rightwards(q *chain, k int, ends *[]int32) {
	steps := h.plan.steps(q)
	next := h.sets.take()
	for k++; k < len(steps) && len(*ends) > 0; k++ {
		*next = (*next)[:0]
		for _, end := range *ends {
			h.endsOf(&steps[k], end+steps[k].min, end+steps[k].max, next)
		}
		*ends, *next = *next, *ends
	}
	h.sets.give(1)
}

// startsOf adds to starts where the places of a step start that end from low to
// high, in the sentence.
func (h *hits) startsOf(g *step, low, high int32, starts *[]int32) {
	low = max(low, h.sentence.start+1)
	here := union(h.at.end, low, high)
	if here&g.last.filter == 0 {
		return
	}
	found, set := h.at.ending(low, high), &h.plan.sets[g.last.set]
	for i := range found {
		if x := &found[i]; set.has(x.mark) && h.belongs(x, g.group) {
			addNew32(starts, x.start)
		}
	}
	if g.group == h.program.Number {
		i := sort.Search(len(h.numbers), func(i int) bool { return h.numbers[i].end >= low })
		for ; i < len(h.numbers) && h.numbers[i].end <= high; i++ {
			addNew32(starts, h.numbers[i].start)
		}
	}
	makers := h.plan.makers.all[g.makers.start:g.makers.end]
	for i := range makers {
		if makers[i].last&here == 0 {
			continue
		}
		q := &h.plan.sequences[makers[i].sequence]
		if q.transcript && h.s.doc.Kind != event.Transcript {
			continue
		}
		found := h.sets.take()
		if h.startsOf(&h.plan.all[q.to-1], low, high, found); len(*found) > 0 {
			h.leftwards(q, int(q.to-q.from)-1, found)
			for _, start := range *found {
				addNew32(starts, start)
			}
		}
		h.sets.give(1)
	}
}

// endsOf adds to ends where the places of a step end that start from low to
// high, in the sentence.
func (h *hits) endsOf(g *step, low, high int32, ends *[]int32) {
	high = min(high, h.sentence.end-1)
	here := union(h.at.begin, low, high)
	if here&g.first.filter == 0 {
		return
	}
	found, set := h.at.starting(low, high), &h.plan.sets[g.first.set]
	for i := range found {
		if x := &found[i]; set.has(x.mark) && h.belongs(x, g.group) {
			addNew32(ends, x.end)
		}
	}
	if g.group == h.program.Number {
		i := sort.Search(len(h.numbers), func(i int) bool { return h.numbers[i].start >= low })
		for ; i < len(h.numbers) && h.numbers[i].start <= high; i++ {
			addNew32(ends, h.numbers[i].end)
		}
	}
	makers := h.plan.makers.all[g.makers.start:g.makers.end]
	for i := range makers {
		if makers[i].first&here == 0 {
			continue
		}
		q := &h.plan.sequences[makers[i].sequence]
		if q.transcript && h.s.doc.Kind != event.Transcript {
			continue
		}
		found := h.sets.take()
		h.firstOf(q, low, high, found)
		if len(*found) > 0 {
			h.rightwards(q, 0, found)
			for _, end := range *found {
				addNew32(ends, end)
			}
		}
		h.sets.give(1)
	}
}

// firstOf adds to ends where the first step of a sequence ends that starts from
// low to high.
func (h *hits) firstOf(q *chain, low, high int32, ends *[]int32) {
	first := &h.plan.all[q.from]
	if !q.anchored {
		h.endsOf(first, low, high, ends)
		return
	}
	for i := low; i <= high; i++ {
		if h.s.begins(i) {
			h.endsOf(first, i, i, ends)
		}
	}
}

// belongs reports whether a match is a place of a group.
func (h *hits) belongs(x *standing, g lexicon.Group) bool {
	groups := h.plan.groups.of(x.family)
	low, high := 0, len(groups)
	for low < high {
		if mid := int(uint(low+high) >> 1); groups[mid] < int32(g) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	for ; low < len(groups) && groups[low] == int32(g); low++ {
		if c := h.plan.holding[int(h.plan.groups.at[x.family])+low]; c < 0 || holds(h.s, h.plan.conditions[c], h.matches[x.match]) {
			return true
		}
	}
	return false
}

// sets are small sets of places, taken and given back in turn, so that looking
// inside of looking allocates nothing.
type sets struct {
	all  []*[]int32
	used int
}

// take returns an empty set.
func (x *sets) take() *[]int32 {
	if x.used == len(x.all) {
		x.all = append(x.all, new([]int32))
	}
	set := x.all[x.used]
	*set = (*set)[:0]
	x.used++
	return set
}

// give gives back the last n.
func (x *sets) give(n int) { x.used -= n }

func addNew32(set *[]int32, i int32) {
	if !slices.Contains(*set, i) {
		*set = append(*set, i)
	}
}
