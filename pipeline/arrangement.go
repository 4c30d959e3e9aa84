package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/automaton"
)

// arrangement finds what stands at a word of a text. Its memory is reused.
type arrangement struct {
	// byEnd are the matches, in order of their ends; byStart are the same in order
	// of their starts.
	byEnd, byStart []standing
	// Those that end before word i are byEnd[ends[i]:ends[i+1]], those that begin
	// with it byStart[starts[i]:starts[i+1]].
	ends, starts []int32
	// begin and end hold what begins with each word, and what ends before it.
	begin, end []filter
	// pairs are the indices of several words, in order of their ends.
	pairs []indexAt
}

// standing is a match with what it is asked for.
type standing struct {
	family, match int32
	place
	mark mark
}

func (a *arrangement) arrange(words int, matches []automaton.Match, numbers []place, literals []literal) {
	a.reset(words, len(matches))
	next := int32(0)
	for i := range matches {
		m := &matches[i]
		x := &a.byEnd[i]
		l := literals[m.Pattern]
		*x = standing{l.family, int32(i), place{m.Start, m.End}, markOf(l.family)}
		if l.index >= 0 {
			a.pairs = append(a.pairs, indexAt{l.index, x.place})
		}
		a.begin[m.Start] |= x.mark.filter()
		a.end[m.End] |= x.mark.filter()
		a.starts[m.Start+1]++
		for ; next <= m.End; next++ {
			a.ends[next] = int32(i)
		}
	}
	for ; int(next) < len(a.ends); next++ {
		a.ends[next] = int32(len(matches))
	}
	// Sorted by counting: starts[i] goes from where its run begins to where it
	// ends, which is where the next one's begins.
	for i := 1; i < len(a.starts); i++ {
		a.starts[i] += a.starts[i-1]
	}
	for i := range a.byEnd {
		at := &a.starts[a.byEnd[i].start]
		a.byStart[*at] = a.byEnd[i]
		*at++
	}
	copy(a.starts[1:], a.starts)
	a.starts[0] = 0
	for _, at := range numbers {
		a.begin[at.start] |= numberFilter
		a.end[at.end] |= numberFilter
	}
}

func (a *arrangement) reset(words, matches int) {
	a.byEnd = slices.Grow(a.byEnd[:0], matches)[:matches]
	a.byStart = slices.Grow(a.byStart[:0], matches)[:matches]
	a.ends = slices.Grow(a.ends[:0], words+2)[:words+2]
	a.starts = slices.Grow(a.starts[:0], words+2)[:words+2]
	a.begin = slices.Grow(a.begin[:0], words+1)[:words+1]
	a.end = slices.Grow(a.end[:0], words+1)[:words+1]
	clear(a.starts)
	clear(a.begin)
	clear(a.end)
	a.pairs = a.pairs[:0]
}

// ending returns the matches that end from word low to word high, both inclusive.
func (a *arrangement) ending(low, high int32) []standing { return a.byEnd[a.ends[low]:a.ends[high+1]] }

// starting returns those that begin there.
func (a *arrangement) starting(low, high int32) []standing {
	return a.byStart[a.starts[low]:a.starts[high+1]]
}

// union is all that stands from low to high, both inclusive, of begin or end.
func union(all []filter, low, high int32) (f filter) {
	for ; low <= high; low++ {
		f |= all[low]
	}
	return f
}

// any reports whether one of the matches, or a number where there is one, may be
// in the set.
func (x *familySet) any(found []standing, here filter) bool {
	for i := range found {
		if x.has(found[i].mark) {
			return true
		}
	}
	return here&numberFilter != 0 && x.has(numberMark)
}
