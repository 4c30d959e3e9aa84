package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/automaton"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// window is how a long text is looked at: what its words could be part of takes
// hundreds of times the memory of what they are part of, and is kept only for
// so many words at a time.
type window struct {
	// words is the length of a window, 0 for the usual one.
	words   int
	matches []automaton.Match
	places  map[lexicon.Group][]place
	groups  []lexicon.Group
}

// usualWindow is about 20 pages.
const usualWindow = 4096

func (h *hits) windowWords() int {
	if h.window.words > 0 {
		return h.window.words
	}
	return usualWindow
}

// slide looks at a text through windows. What begins in a window is found
// there: beyond its end as many words are looked at as a sequence can span. The
// places are the same as of the whole text at once, for the groups that mean
// something; the others are needed only on the way.
func (h *hits) slide(s *stream, p *lexicon.Program, size int32) {
	w := &h.window
	w.places, w.groups = make(map[lexicon.Group][]place), w.groups[:0]
	for from := int32(0); int(from) < len(s.toks); from += size {
		beyond := from + size + h.triggers.reach
		h.reset(p)
		h.look(s, p, w.among(h.matches, from, beyond), between(h.numbers, from, beyond))
		for _, g := range h.touched {
			if !h.triggers.meant[g] {
				continue
			}
			found := between(h.places[g], from, from+size)
			if len(found) > 0 && len(w.places[g]) == 0 {
				w.groups = append(w.groups, g)
			}
			w.places[g] = append(w.places[g], found...)
		}
	}
	h.reset(p)
	for _, g := range w.groups {
		h.touched = append(h.touched, g)
		h.places[g] = append(h.places[g], w.places[g]...)
	}
	w.places = nil
}

// among returns the matches that begin between two words. They are ordered by
// their ends.
func (w *window) among(matches []automaton.Match, from, to int32) []automaton.Match {
	w.matches = w.matches[:0]
	i, _ := slices.BinarySearchFunc(matches, from, func(m automaton.Match, at int32) int { return int(m.End - at) })
	for ; i < len(matches) && matches[i].End <= to; i++ {
		if matches[i].Start >= from {
			w.matches = append(w.matches, matches[i])
		}
	}
	return w.matches
}

// between returns the places that begin between two words.
func between(places []place, from, to int32) []place {
	by := func(p place, at int32) int { return int(p.start - at) }
	i, _ := slices.BinarySearchFunc(places, from, by)
	j, _ := slices.BinarySearchFunc(places, to, by)
	return places[i:j]
}

// reachOf returns how many words a place of any group spans at most.
func reachOf(p *lexicon.Program) int32 {
	span := make([]int, p.Groups)
	most := 0
	widen := func(g lexicon.Group, n int) {
		span[g] = max(span[g], n)
		most = max(most, span[g])
	}
	widen(p.Number, maxNumberWords+1)
	for i, emits := range p.Emits {
		for _, e := range emits {
			widen(e.Group, len(p.Literals[i]))
		}
	}
	for _, q := range p.Sequences { // in order of dependency
		n := 0
		for _, step := range q.Steps {
			n += span[step.Group] + step.Max
		}
		widen(q.Out, n)
	}
	return int32(most)
}

// meantOf marks the groups that are looked at when all are found.
func meantOf(p *lexicon.Program) []bool {
	meant := make([]bool, p.Groups)
	for g := range meant {
		meant[g] = len(p.Uses[g]) > 0
	}
	for _, g := range []lexicon.Group{p.Number, p.Durations, p.Money} {
		if g >= 0 {
			meant[g] = true
		}
	}
	return meant
}
