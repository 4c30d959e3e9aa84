package pipeline

import "github.com/vigie-project/vigie/pkg/automaton"

// occurrences are the matches of a text by literal. Its memory is reused.
type occurrences struct {
	// last is the last match of each literal, before the one before each match;
	// -1 is none.
	last   []int32
	before []int32
	// listed are the literals that last holds a match of.
	listed []int32
}

// list takes the matches of a text in the place of those there were.
func (o *occurrences) list(matches []automaton.Match, literals int) {
	if len(o.last) != literals {
		o.last, o.listed = make([]int32, literals), o.listed[:0]
		for i := range o.last {
			o.last[i] = -1
		}
	}
	for _, l := range o.listed {
		o.last[l] = -1
	}
	o.listed, o.before = o.listed[:0], o.before[:0]
	for i, m := range matches {
		was := o.last[m.Pattern]
		if was < 0 {
			o.listed = append(o.listed, m.Pattern)
		}
		o.before = append(o.before, was)
		o.last[m.Pattern] = int32(i)
	}
}
