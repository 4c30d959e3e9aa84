package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// halves are the places of the two halves of structures. Their memory is reused.
type halves struct {
	firsts, seconds [][]place
	touched         []int32
}

func (h *halves) reset(structures int) {
	if len(h.firsts) != structures {
		h.firsts, h.seconds = make([][]place, structures), make([][]place, structures)
	}
	for _, i := range h.touched {
		h.firsts[i], h.seconds[i] = h.firsts[i][:0], h.seconds[i][:0]
	}
	h.touched = h.touched[:0]
}

// structures adds the signs whose halves stand in different places.
func (q *qualifier) structures() {
	h := &q.halves
	h.reset(len(q.program.Structures))
	for _, g := range q.h.touched {
		for _, u := range q.program.Uses[g] {
			switch u.Kind {
			case lexicon.UseFirst:
				h.firsts[u.Index] = append(h.firsts[u.Index], q.h.places[g]...)
				h.touched = append(h.touched, u.Index)
			case lexicon.UseSecond:
				h.seconds[u.Index] = append(h.seconds[u.Index], q.h.places[g]...)
				h.touched = append(h.touched, u.Index)
			}
		}
	}
	slices.Sort(h.touched)
	h.touched = slices.Compact(h.touched)
	for _, i := range h.touched {
		firsts, seconds := h.firsts[i], h.seconds[i]
		if len(firsts) == 0 {
			continue
		}
		slices.SortFunc(firsts, comparePlaces)
		slices.SortFunc(seconds, comparePlaces)
		x := &q.program.Structures[i]
		switch x.Kind {
		case lexicon.Together:
			q.together(x, firsts, seconds)
		case lexicon.Dialogue, lexicon.Reply:
			q.dialogue(x, firsts, seconds)
		case lexicon.Compare:
			q.compare(x, firsts, seconds)
		case lexicon.Times:
			q.times(x, firsts)
		}
	}
}

func (q *qualifier) addSign(x *lexicon.Structure, places ...place) {
	n := len(q.arena)
	q.arena = append(q.arena, places...)
	q.signs = append(q.signs, sign{term: int32(x.Term), places: q.arena[n:len(q.arena):len(q.arena)]})
}

func (q *qualifier) own(at place) bool { return q.voice(at).Own() }

// together pairs each own place of the first list with the nearest own place
// of the second that is within bounds.
func (q *qualifier) together(x *lexicon.Structure, firsts, seconds []place) {
	seconds = slices.DeleteFunc(seconds, func(b place) bool { return !q.own(b) })
	for _, a := range firsts {
		if !q.own(a) {
			continue
		}
		i, _ := slices.BinarySearchFunc(seconds, a, comparePlaces)
		best, distance := -1, int32(0)
		for j := max(i-2, 0); j < len(seconds) && j < i+2; j++ {
			b := seconds[j]
			if a.overlaps(b) || !q.within(x, a, b) {
				continue
			}
			if d := max(b.start-a.end, a.start-b.end); best < 0 || d < distance {
				best, distance = j, d
			}
		}
		if best >= 0 {
			b := seconds[best]
			if b.start < a.start {
				a, b = b, a
			}
			q.addSign(x, a, b)
		}
	}
}

func (q *qualifier) within(x *lexicon.Structure, a, b place) bool {
	switch {
	case x.WithinWords > 0:
		return max(b.start-a.end, a.start-b.end) <= int32(x.WithinWords)
	case x.WithinTurns > 0:
		d := q.s.toks[a.start].part - q.s.toks[b.start].part
		return max(d, -d) <= int32(x.WithinTurns)
	}
	return true
}

// dialogue pairs the person's turn or answer with the agent's turn, or the
// survey's question, directly before it; a reply pairs it with the agent's turn
// directly after it ("ça fera six semaines jeudi": "toutes mes condoléances").
func (q *qualifier) dialogue(x *lexicon.Structure, agents, customers []place) {
	step := int32(-1)
	if x.Kind == lexicon.Reply {
		step = 1
	}
	for _, b := range customers {
		if !q.own(b) {
			continue
		}
		part := q.s.toks[b.start].part + step
		i, ok := slices.BinarySearchFunc(agents, part, func(a place, part int32) int {
			return int(q.s.toks[a.start].part - part)
		})
		if !ok {
			continue
		}
		switch a := agents[i]; q.voice(a) {
		case event.Agent:
			q.addSign(x, b, a)
		case event.Question:
			q.addSign(x, b)
		}
	}
}

// compare makes a sign where one charge takes the ratio of the largest income.
// Charges are not added up: one rent said twice is not two.
func (q *qualifier) compare(x *lexicon.Structure, incomes, charges []place) {
	income, at := 0.0, place{}
	for _, a := range incomes {
		if v := q.amount(a); q.own(a) && v > income {
			income, at = v, a
		}
	}
	if income == 0 {
		return
	}
	for _, b := range charges {
		if !q.own(b) || b.overlaps(at) {
			continue
		}
		if v := q.amount(b); v >= x.Ratio*income {
			if b.start < at.start {
				q.addSign(x, b, at)
			} else {
				q.addSign(x, at, b)
			}
			return
		}
	}
}

// amount returns the last number inside a place, 0 without one.
func (q *qualifier) amount(at place) float64 {
	list := near(q.h.places[q.program.Number], at)
	for i := len(list) - 1; i >= 0; i-- {
		if at.covers(list[i]) {
			v, _ := q.h.value(q.s, list[i])
			return v
		}
	}
	return 0
}

// timesShown is how many places of a repeated sign a finding shows.
const timesShown = 8

// times makes one sign of what is said often enough in own turns.
func (q *qualifier) times(x *lexicon.Structure, list []place) {
	var said []place
	for _, at := range list {
		if n := len(said); q.own(at) && (n == 0 || !said[n-1].overlaps(at)) {
			said = append(said, at)
		}
	}
	if len(said) >= x.AtLeast {
		q.addSign(x, said[:min(len(said), timesShown)]...)
	}
}
