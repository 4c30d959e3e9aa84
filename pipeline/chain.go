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
func (h *hits) complete(w *waiter, at place) {
	q := &h.program.Sequences[w.sequence]
	if q.Transcript && h.s.doc.Kind != event.Transcript {
		return
	}
	sentence := h.s.toks[at.start].sentence
	starts, ends := h.sets.take(), h.sets.take()
	*starts, *ends = append(*starts, at.start), append(*ends, at.end)
	h.leftwards(q, int(w.step), starts, sentence)
	if len(*starts) > 0 {
		h.rightwards(q, int(w.step), ends, sentence)
		for _, start := range *starts {
			for _, end := range *ends {
				h.found(q.Out, place{start, end})
			}
		}
	}
	h.sets.give(2)
}

// leftwards replaces the starts of places of step k of a sequence by those of
// the whole up to it.
func (h *hits) leftwards(q *lexicon.Sequence, k int, starts *[]int32, sentence int32) {
	next := h.sets.take()
	for ; k > 0 && len(*starts) > 0; k-- {
		*next = (*next)[:0]
		for _, start := range *starts {
			h.before(q.Steps[k-1].Group, start-int32(q.Steps[k].Max), start-int32(q.Steps[k].Min), sentence, next)
		}
		*starts, *next = *next, *starts
	}
	if q.Anchored {
		*starts = slices.DeleteFunc(*starts, func(i int32) bool { return !h.s.begins(i) })
	}
	h.sets.give(1)
}

// rightwards replaces the ends of places of step k of a sequence by those of
// the whole from it on.
func (h *hits) rightwards(q *lexicon.Sequence, k int, ends *[]int32, sentence int32) {
	next := h.sets.take()
	for k++; k < len(q.Steps) && len(*ends) > 0; k++ {
		*next = (*next)[:0]
		for _, end := range *ends {
			h.after(q.Steps[k].Group, end+int32(q.Steps[k].Min), end+int32(q.Steps[k].Max), sentence, next)
		}
		*ends, *next = *next, *ends
	}
	h.sets.give(1)
}

// before adds to starts where the places of a group start that end from low to
// high, in a sentence.
func (h *hits) before(g lexicon.Group, low, high, sentence int32, starts *[]int32) {
	low = max(low, 0)
	if low > high || !h.at.any(&h.plan.sets[h.plan.last[g]], low-1, high) {
		return
	}
	for i := h.at.ends[low]; i < h.at.ends[high+1]; i++ {
		m := &h.matches[i]
		if h.s.toks[m.Start].sentence == sentence && h.belongs(int(i), g) {
			addNew32(starts, m.Start)
		}
	}
	if g == h.program.Number {
		i := sort.Search(len(h.numbers), func(i int) bool { return h.numbers[i].end >= low })
		for ; i < len(h.numbers) && h.numbers[i].end <= high; i++ {
			if h.s.toks[h.numbers[i].start].sentence == sentence {
				addNew32(starts, h.numbers[i].start)
			}
		}
	}
	for _, i := range h.plan.makers.of(int32(g)) {
		q := &h.program.Sequences[i]
		last := len(q.Steps) - 1
		if q.Transcript && h.s.doc.Kind != event.Transcript {
			continue
		}
		found := h.sets.take()
		if h.before(q.Steps[last].Group, low, high, sentence, found); len(*found) > 0 {
			h.leftwards(q, last, found, sentence)
			for _, start := range *found {
				addNew32(starts, start)
			}
		}
		h.sets.give(1)
	}
}

// after adds to ends where the places of a group end that start from low to
// high, in a sentence.
func (h *hits) after(g lexicon.Group, low, high, sentence int32, ends *[]int32) {
	high = min(high, int32(len(h.s.toks))-1)
	if low > high || !h.at.any(&h.plan.sets[h.plan.first[g]], low, high+1) {
		return
	}
	for _, i := range h.at.beginning[h.at.starts[low]:h.at.starts[high+1]] {
		m := &h.matches[i]
		if h.s.toks[m.Start].sentence == sentence && h.belongs(int(i), g) {
			addNew32(ends, m.End)
		}
	}
	if g == h.program.Number {
		i := sort.Search(len(h.numbers), func(i int) bool { return h.numbers[i].start >= low })
		for ; i < len(h.numbers) && h.numbers[i].start <= high; i++ {
			if h.s.toks[h.numbers[i].start].sentence == sentence {
				addNew32(ends, h.numbers[i].end)
			}
		}
	}
	for _, i := range h.plan.makers.of(int32(g)) {
		q := &h.program.Sequences[i]
		if q.Transcript && h.s.doc.Kind != event.Transcript {
			continue
		}
		found := h.sets.take()
		h.firstOf(q, low, high, sentence, found)
		if len(*found) > 0 {
			h.rightwards(q, 0, found, sentence)
			for _, end := range *found {
				addNew32(ends, end)
			}
		}
		h.sets.give(1)
	}
}

// firstOf adds to ends where the first step of a sequence ends that starts from
// low to high.
func (h *hits) firstOf(q *lexicon.Sequence, low, high, sentence int32, ends *[]int32) {
	if !q.Anchored {
		h.after(q.Steps[0].Group, low, high, sentence, ends)
		return
	}
	for i := low; i <= min(high, int32(len(h.s.toks))-1); i++ {
		if h.s.begins(i) {
			h.after(q.Steps[0].Group, i, i, sentence, ends)
		}
	}
}

// belongs reports whether a match is a place of a group.
func (h *hits) belongs(match int, g lexicon.Group) bool {
	m := &h.matches[match]
	emits := h.plan.emits.of(m.Pattern)
	low, high := 0, len(emits)
	for low < high {
		if mid := (low + high) / 2; emits[mid].group < g {
			low = mid + 1
		} else {
			high = mid
		}
	}
	for ; low < len(emits) && emits[low].group == g; low++ {
		if c := emits[low].condition; c < 0 || holds(h.s, h.plan.conditions[c], *m) {
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
