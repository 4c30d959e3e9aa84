package pipeline

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/vigie-project/vigie/pkg/automaton"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// place is a stretch of the stream, end exclusive.
type place struct{ start, end int32 }

func (a place) overlaps(b place) bool { return a.start < b.end && b.start < a.end }
func (a place) covers(b place) bool   { return a.start <= b.start && b.end <= a.end }

// hits holds the places of every meant group of the program in one document.
// Its memory is reused.
type hits struct {
	plan    *plan
	program *lexicon.Program
	s       *stream
	// matches are the literals found, in order of their ends.
	matches []automaton.Match
	at      arrangement
	// sentence is the stretch of the one that is looked in.
	sentence place
	// numbers are the places of numbers.
	numbers []place
	// places by group, sorted by start, then end; touched are the groups that have some.
	places  [][]place
	touched []lexicon.Group
	sets    sets
	words   [][]byte
}

// match finds the literals in one pass of the automaton, then the numbers, and
// puts sequences together around what they wait for.
func (h *hits) match(s *stream, p *lexicon.Program, engine automaton.Engine) {
	h.reset(s, p)
	h.matches = engine.Find(s.ids, h.matches[:0])
	h.listNumbers(s)
	h.at.arrange(len(s.ids), h.matches, h.numbers, h.plan.literals)
	for i := range h.matches {
		if asked := h.plan.telling.of(h.at.byEnd[i].family); len(asked) > 0 {
			h.ask(asked, &h.matches[i])
		}
	}
	for _, at := range h.numbers {
		h.found(p.Number, at)
	}
	for _, g := range h.touched {
		slices.SortFunc(h.places[g], comparePlaces)
		h.places[g] = slices.Compact(h.places[g])
	}
}

func (h *hits) reset(s *stream, p *lexicon.Program) {
	h.s, h.program = s, p
	if len(h.places) != p.Groups {
		h.places = make([][]place, p.Groups)
	}
	for _, g := range h.touched {
		h.places[g] = h.places[g][:0]
	}
	h.touched = h.touched[:0]
}

// found takes a place of a group.
func (h *hits) found(g lexicon.Group, at place) {
	h.ask(h.plan.waiting.of(int32(g)), &automaton.Match{Start: at.start, End: at.end})
}

// ask does what a place asks for: it is kept, and what waits for it is looked
// for around it.
func (h *hits) ask(checks []check, m *automaton.Match) {
	at := place{m.Start, m.End}
	for i := range checks {
		c := &checks[i]
		switch c.kind {
		case keep:
			h.keep(lexicon.Group(c.target), at)
			continue
		case conditional:
			if e := h.plan.conditions[c.target]; holds(h.s, e, *m) {
				h.found(e.Group, at)
			}
			continue
		case anchoredAlone, anchoredPart, anchoredSpokenPart:
			if !h.s.begins(at.start) {
				continue
			}
		}
		if c.kind <= anchoredAlone {
			h.found(lexicon.Group(c.target), at)
			continue
		}
		if c.before != 0 && !h.before(c, at) || c.after != 0 && !h.after(c, at) || c.kind >= spokenPart && h.s.doc.Kind != event.Transcript {
			continue
		}
		h.complete(&h.plan.sequences[c.target], int(c.step), at)
	}
}

// before reports whether the step before may stand before a place.
func (h *hits) before(c *check, at place) bool {
	low := max(at.start-int32(c.beforeSpan), 0)
	here := union(h.at.end, low, at.start)
	return here&c.before != 0 && h.plan.sets[c.beforeSet].any(h.at.ending(low, at.start), here)
}

// after reports whether the step after may stand behind a place.
func (h *hits) after(c *check, at place) bool {
	high := min(at.end+int32(c.afterSpan), int32(len(h.at.begin))-1)
	here := union(h.at.begin, at.end, high)
	return here&c.after != 0 && h.plan.sets[c.afterSet].any(h.at.starting(at.end, high), here)
}

// keep takes a place of a meant group.
func (h *hits) keep(g lexicon.Group, at place) {
	if len(h.places[g]) == 0 {
		h.touched = append(h.touched, g)
	}
	h.places[g] = append(h.places[g], at)
}

func comparePlaces(a, b place) int {
	if a.start != b.start {
		return int(a.start - b.start)
	}
	return int(a.end - b.end)
}

// holds checks the conditions of an emit: transcripts only, beginning of a
// sentence, exact spelling.
func holds(s *stream, e *lexicon.Emit, m automaton.Match) bool {
	if e.Transcript && s.doc.Kind != event.Transcript {
		return false
	}
	if e.Anchored && !s.begins(m.Start) {
		return false
	}
	if e.Exact == nil || !s.texts[s.toks[m.Start].part].Accented {
		return true
	}
	for i, want := range e.Exact {
		k := s.toks[int(m.Start)+i]
		if want != "" && !strings.EqualFold(norm.NFC.String(s.doc.Parts[k.part].Text[k.start:k.end]), want) {
			return false
		}
	}
	return true
}

// sentence returns the stretch of the sentence of a word.
func (s *stream) sentence(i int32) place {
	n := s.toks[i].sentence
	return place{s.barriers[n-1] + 1, s.barriers[n]}
}

// begins reports whether a place is the first word of a sentence or part.
func (s *stream) begins(i int32) bool { return i == 0 || s.toks[i-1].sentence < 0 }

// span names a place as flags do, in code points of the carried part.
func (s *stream) span(at place) flag.Span {
	first, last := s.toks[at.start], s.toks[at.end-1]
	p := &s.doc.Parts[first.part]
	return flag.Span{Part: p.Name, Start: p.Point(int(first.start)), End: p.PointEnd(int(last.end))}
}

// quote returns the words of a place as the person wrote them.
func (s *stream) quote(at place) string {
	first, last := s.toks[at.start], s.toks[at.end-1]
	return s.doc.Parts[first.part].Text[first.start:last.end]
}
