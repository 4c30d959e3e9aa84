package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/automaton"
)

// arrangement finds what stands at a word of a text. Its memory is reused.
type arrangement struct {
	// ends[i] is the first match that ends before word i or later: matches are
	// in order of their ends. Those that begin with word i are
	// beginning[starts[i]:starts[i+1]].
	ends, starts, beginning []int32
	// marks are those of each word.
	marks []mark
}

func (a *arrangement) arrange(ids []uint32, matches []automaton.Match, numbers []place) {
	a.mark(ids, numbers)
	n := len(ids)
	a.ends = slices.Grow(a.ends[:0], n+2)[:n+2]
	a.starts = slices.Grow(a.starts[:0], n+2)[:n+2]
	clear(a.starts)
	next := int32(0)
	for i := range matches {
		for ; next <= matches[i].End; next++ {
			a.ends[next] = int32(i)
		}
		a.starts[matches[i].Start+1]++
	}
	for ; int(next) < len(a.ends); next++ {
		a.ends[next] = int32(len(matches))
	}
	// Sorted by counting: starts[i] goes from where its run begins to where it
	// ends, which is where the next one's begins.
	for i := 1; i < len(a.starts); i++ {
		a.starts[i] += a.starts[i-1]
	}
	a.beginning = slices.Grow(a.beginning[:0], len(matches))[:len(matches)]
	for i := range matches {
		at := &a.starts[matches[i].Start]
		a.beginning[*at] = int32(i)
		*at++
	}
	copy(a.starts[1:], a.starts)
	a.starts[0] = 0
}

func (a *arrangement) mark(ids []uint32, numbers []place) {
	a.marks = slices.Grow(a.marks[:0], len(ids))[:len(ids)]
	for i, id := range ids {
		a.marks[i] = markOf(id)
	}
	for _, at := range numbers {
		a.marks[at.start] |= numberMark
		a.marks[at.end-1] |= numberMark
	}
}

// any reports whether a set may hold a word of a stretch.
func (a *arrangement) any(set *wordSet, from, to int32) bool {
	for _, m := range a.marks[max(from, 0):min(int(to), len(a.marks))] {
		if set.has(m) {
			return true
		}
	}
	return false
}
