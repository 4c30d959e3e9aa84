package pipeline

import (
	"cmp"
	"slices"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// sign is one occurrence of a term, or of a structure, with how it is meant.
type sign struct {
	term   int32
	places []place
	status flag.Status
	// cause is what decided the status; it is shown by explanations and decides
	// nothing.
	cause cause
	// recovered: the text states a recovery, which ends even an urgent sign.
	recovered bool
}

// cause names a rule and the words that called it, none where that is the voice
// of the part; the zero value is no cause.
type cause struct {
	rule string
	at   place
}

// statuses in order of precedence: where several hold, the first of these is
// said. A sign that is not the person's word is not weighed further; whose it
// is comes before whether it is so; whether it is so comes before when.
//
//	reported > asked > other_person > negated > hypothetical > past > uncertain > asserted
var precedence = []flag.Status{
	flag.Reported, flag.Asked, flag.OtherPerson, flag.Negated, flag.Hypothetical, flag.Past, flag.Uncertain, flag.Asserted,
}

func rank(s flag.Status) int { return slices.Index(precedence, s) }

// qualifier puts signs together and says how each is meant. Its memory is reused.
type qualifier struct {
	program *lexicon.Program
	s       *stream
	h       *hits
	cues    []cueAt
	onward  []timeAt
	longer  [lexicon.EffectYes + 1][]place
	// clauses numbers the clause of each word, starts holds the first word of each.
	clauses []int32
	starts  []int32
	signs   []sign
	// unspoken are those that are none, as the person said no part of them; only
	// an account tells of them.
	unspoken []sign
	masks    []place
	voids    []void
	marked   []bool
	halves   halves
	arena    []place // the places of the signs
	spelled  ownWords
	// represents: the writer speaks for somebody of the family, whose signs count as their own.
	represents bool
}

// qualify returns the signs of the document, grouped by nothing yet, in order
// of place. What stands only in an agent's turn, a question or a signature is
// no sign; it may be half of one.
func (q *qualifier) qualify(s *stream, h *hits, p *lexicon.Program) []sign {
	q.program, q.s, q.h = p, s, h
	q.signs, q.unspoken, q.masks, q.arena = q.signs[:0], q.unspoken[:0], q.masks[:0], q.arena[:0]
	for _, g := range h.touched {
		for _, u := range p.Uses[g] {
			switch u.Kind {
			case lexicon.UseTerm:
				for _, at := range h.places[g] {
					q.signs = append(q.signs, sign{term: u.Index, places: q.alone(at)})
				}
			case lexicon.UseMask:
				q.masks = append(q.masks, h.places[g]...)
			}
		}
	}
	q.structures()
	if len(q.signs) == 0 {
		return nil
	}
	q.sort()
	q.drop(q.masked())
	q.collectCues()
	q.splitClauses()
	q.drop(q.excluded())
	for i := range q.signs {
		q.judge(&q.signs[i])
	}
	q.drop(q.shadowed())
	q.confirm()
	// What is confirmed stands at its yes.
	slices.SortStableFunc(q.signs, func(a, b sign) int { return int(a.places[0].start - b.places[0].start) })
	q.dropUnspoken()
	return q.signs
}

// alone returns a list of one place.
func (q *qualifier) alone(at place) []place {
	q.arena = append(q.arena, at)
	n := len(q.arena)
	return q.arena[n-1 : n : n]
}

func (q *qualifier) voice(at place) event.Voice { return q.s.doc.Parts[q.s.toks[at.start].part].Voice }

func (q *qualifier) factor(x *sign) *lexicon.Factor {
	return &q.program.Factors[q.program.Terms[x.term].Factor]
}

// sort orders the signs by first place, longest first, then by term, so that
// nothing after depends on the order of the automaton's groups.
func (q *qualifier) sort() {
	slices.SortStableFunc(q.signs, func(a, b sign) int {
		x, y := a.places[0], b.places[0]
		switch {
		case x.start != y.start:
			return int(x.start - y.start)
		case x.end != y.end:
			return int(y.end - x.end)
		}
		return int(a.term - b.term)
	})
	slices.SortFunc(q.masks, comparePlaces)
}

// drop removes the signs that are marked.
func (q *qualifier) drop(marked []bool) {
	if marked == nil {
		return
	}
	kept := q.signs[:0]
	for i, x := range q.signs {
		if !marked[i] {
			kept = append(kept, x)
		}
	}
	q.signs = kept
}

// unmarked returns a mark for each sign, none set.
func (q *qualifier) unmarked() []bool {
	q.marked = slices.Grow(q.marked[:0], len(q.signs))[:len(q.signs)]
	clear(q.marked)
	return q.marked
}

// longest is the number of words that a mask or an exclusion spans at most;
// looking further back for one that overlaps is not needed.
const longest = 40

// masked marks the signs that a mask touches, unless the sign holds more than
// the mask: "rue de l'hôpital" voids "à l'hôpital" but not a longer sign around it.
func (q *qualifier) masked() []bool {
	if len(q.masks) == 0 {
		return nil
	}
	marked := q.unmarked()
	for i, x := range q.signs {
		for _, at := range x.places {
			for _, m := range near(q.masks, at) {
				if m.overlaps(at) && (m == at || !at.covers(m)) {
					marked[i] = true
				}
			}
		}
	}
	return marked
}

// near returns the places of a sorted list that may overlap at.
func near(list []place, at place) []place {
	from := before(list, at.start-longest)
	return list[from : from+before(list[from:], at.end+1)]
}

// before returns how many places of a sorted list start before a word.
func before(list []place, start int32) int {
	low, high := 0, len(list)
	for low < high {
		if mid := int(uint(low+high) >> 1); list[mid].start < start {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// exclusionReach is how many words an exclusion may stand from a sign, in the
// same clause, and still void it.
const exclusionReach = 3

// void is a place of an exclusion of a factor.
type void struct {
	factor int32
	at     place
}

// excluded marks the signs that an exclusion of their factor touches or stands next to.
func (q *qualifier) excluded() []bool {
	q.voids = q.voids[:0]
	for _, g := range q.h.touched {
		for _, u := range q.program.Uses[g] {
			if u.Kind == lexicon.UseExclusion {
				for _, at := range q.h.places[g] {
					q.voids = append(q.voids, void{u.Index, at})
				}
			}
		}
	}
	if len(q.voids) == 0 {
		return nil
	}
	slices.SortFunc(q.voids, compareVoids)
	marked := q.unmarked()
	for i, x := range q.signs {
		factor := int32(q.program.Terms[x.term].Factor)
		for _, at := range x.places {
			from, _ := slices.BinarySearchFunc(q.voids, void{factor, place{start: at.start - longest - exclusionReach}}, compareVoids)
			for _, v := range q.voids[from:] {
				if v.factor != factor || v.at.start > at.end+exclusionReach {
					break
				}
				gap := max(v.at.start-at.end, at.start-v.at.end)
				if gap < 0 || gap <= exclusionReach && q.clauses[v.at.start] == q.clauses[at.start] {
					marked[i] = true
				}
			}
		}
	}
	return marked
}

func compareVoids(a, b void) int {
	return cmp.Or(cmp.Compare(a.factor, b.factor), comparePlaces(a.at, b.at))
}

// shadowed marks the signs that a longer one of the same factor covers: the
// more words, the better the reason. One that is asserted is not hidden by a
// longer one that is not.
func (q *qualifier) shadowed() []bool {
	marked := q.unmarked()
	for i := range q.signs {
		a := &q.signs[i]
		for j := i - 1; j >= 0 && j >= i-longest; j-- {
			b := &q.signs[j]
			if marked[j] || q.factor(a) != q.factor(b) || len(a.places) > 1 {
				continue
			}
			if b.places[0].covers(a.places[0]) && (b.status == flag.Asserted || a.status != flag.Asserted) {
				marked[i] = true
				break
			}
		}
	}
	return marked
}
