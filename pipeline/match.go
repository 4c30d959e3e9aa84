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

// hits holds the places of every group of the program in one document. Its
// memory is reused.
type hits struct {
	matches  []automaton.Match
	places   [][]place // by group, sorted by start, then end
	touched  []lexicon.Group
	ends     []int32
	frontier []int32
	words    [][]byte
	// numbers are the places of numbers in the whole text.
	numbers []place
	// triggers are the program's; pending are the sequences that they set off,
	// those of the first asked groups in touched.
	triggers    *triggers
	pending     pending
	asked       int
	occurrences occurrences
	// seen are the matches that are looked at now: all of them, or a window's.
	seen   []automaton.Match
	window window
	// complete holds the groups whose late emits were looked up; looked lists them.
	complete []bool
	looked   []lexicon.Group
}

// match finds the literals in one pass of the automaton, then the numbers, and
// puts sequences together from them; of a long text a window at a time.
func (h *hits) match(s *stream, p *lexicon.Program, engine automaton.Engine) {
	h.reset(p)
	h.matches = engine.Find(s.ids, h.matches[:0])
	h.listNumbers(s)
	if size := h.windowWords(); len(s.toks) > size {
		h.slide(s, p, int32(size))
		return
	}
	h.look(s, p, h.matches, h.numbers)
}

// look finds the places of all groups among these matches and numbers.
func (h *hits) look(s *stream, p *lexicon.Program, matches []automaton.Match, numbers []place) {
	h.seen = matches
	h.occurrences.list(matches, len(p.Literals))
	for _, m := range matches {
		emits := h.triggers.eager[m.Pattern]
		for i := range emits {
			if holds(s, &emits[i], m) {
				h.add(emits[i].Group, place{m.Start, m.End})
			}
		}
	}
	for _, at := range numbers {
		h.add(p.Number, at)
	}
	for _, g := range h.touched {
		h.sort(g)
	}
	h.setOff()
	for i := h.pending.take(); i >= 0; i = h.pending.take() {
		h.sequence(s, &p.Sequences[i])
		h.setOff()
	}
}

// setOff adds the sequences that waited for groups which have places now.
func (h *hits) setOff() {
	for ; h.asked < len(h.touched); h.asked++ {
		for _, i := range h.triggers.waiting[h.touched[h.asked]] {
			h.pending.add(i)
		}
	}
}

func (h *hits) reset(p *lexicon.Program) {
	if len(h.places) != p.Groups {
		h.places = make([][]place, p.Groups)
		h.complete = make([]bool, p.Groups)
	}
	for _, g := range h.looked {
		h.complete[g] = false
	}
	h.looked = h.looked[:0]
	for _, g := range h.touched {
		h.places[g] = h.places[g][:0]
	}
	h.touched, h.asked = h.touched[:0], 0
	h.pending.reset(len(p.Sequences))
}

func (h *hits) add(g lexicon.Group, at place) {
	if len(h.places[g]) == 0 {
		h.touched = append(h.touched, g)
	}
	h.places[g] = append(h.places[g], at)
}

func (h *hits) sort(g lexicon.Group) {
	slices.SortFunc(h.places[g], comparePlaces)
	h.places[g] = slices.Compact(h.places[g])
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
		if want != "" && spelling(s.doc.Parts[k.part].Text[k.start:k.end]) != want {
			return false
		}
	}
	return true
}

// begins reports whether a place is the first word of a sentence or part.
func (s *stream) begins(i int32) bool { return i == 0 || s.toks[i-1].sentence < 0 }

func spelling(original string) string {
	return strings.ToLower(norm.NFC.String(original))
}

// known reports whether places holds all of a group.
func (h *hits) known(g lexicon.Group) bool { return h.complete[g] || len(h.triggers.late[g]) == 0 }

// find adds the places of a group that nothing asked for before.
func (h *hits) find(s *stream, g lexicon.Group) {
	if h.known(g) {
		return
	}
	h.complete[g] = true
	h.looked = append(h.looked, g)
	before := len(h.places[g])
	for _, l := range h.triggers.late[g] {
		for i := h.occurrences.last[l.literal]; i >= 0; i = h.occurrences.before[i] {
			if m := h.seen[i]; holds(s, l.emit, m) {
				h.add(g, place{m.Start, m.End})
			}
		}
	}
	if len(h.places[g]) > before {
		h.sort(g)
	}
}

// sequence adds the places of one sequence. For each place of the first step
// it follows every end that can be reached, so that a nearer word does not
// hide a later one that fits; gaps are bounded, so the work is linear.
func (h *hits) sequence(s *stream, q *lexicon.Sequence) {
	if q.Transcript && s.doc.Kind != event.Transcript {
		return
	}
	for _, step := range q.Steps { // what is known costs nothing to ask
		if len(h.places[step.Group]) == 0 && h.known(step.Group) {
			return
		}
	}
	for _, step := range q.Steps {
		if h.find(s, step.Group); len(h.places[step.Group]) == 0 {
			return
		}
	}
	before := len(h.places[q.Out])
	for _, first := range h.places[q.Steps[0].Group] {
		if q.Anchored && !s.begins(first.start) {
			continue
		}
		h.frontier = append(h.frontier[:0], first.end)
		for _, step := range q.Steps[1:] {
			h.ends = h.ends[:0]
			for _, end := range h.frontier {
				h.reach(s, first.start, end, step)
			}
			h.frontier, h.ends = h.ends, h.frontier
		}
		for _, end := range h.frontier {
			h.add(q.Out, place{first.start, end})
		}
	}
	if len(h.places[q.Out]) > before {
		h.sort(q.Out)
	}
}

// reach collects in ends where a step may end that begins its gap at end.
func (h *hits) reach(s *stream, start, end int32, step lexicon.Step) {
	list := h.places[step.Group]
	low := end + int32(step.Min)
	i, _ := slices.BinarySearchFunc(list, low, func(p place, at int32) int { return int(p.start - at) })
	for ; i < len(list) && list[i].start <= end+int32(step.Max); i++ {
		at := list[i]
		if s.toks[at.start].sentence == s.toks[start].sentence && !slices.Contains(h.ends, at.end) {
			h.ends = append(h.ends, at.end)
		}
	}
}

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
