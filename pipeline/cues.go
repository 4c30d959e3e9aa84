package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// cueAt is one occurrence of a cue.
type cueAt struct {
	cue int32
	at  place
}

// sentenceReach is how many words from a sign a cue may stand at most; running
// speech without punctuation is one long sentence.
const sentenceReach = 30

// pastMonths is the age in months from which an event of a factor that never
// fades is past where the text gives its age ("il y a trois ans").
const pastMonths = 24

// collectCues lists the cues in order of place, without those that a
// cancelling cue covers ("pas seulement" is no "pas").
func (q *qualifier) collectCues() {
	q.cues = q.cues[:0]
	q.represents = false
	var cancels, joins []place
	for _, g := range q.h.touched {
		for _, u := range q.program.Uses[g] {
			if u.Kind != lexicon.UseCue {
				continue
			}
			c := &q.program.Cues[u.Index]
			switch c.Effect {
			case lexicon.EffectCancel:
				cancels = append(cancels, q.h.places[g]...)
			case lexicon.EffectJoin:
				joins = append(joins, q.h.places[g]...)
			default:
				q.addCues(u.Index, c, q.h.places[g])
			}
		}
	}
	slices.SortFunc(cancels, comparePlaces)
	slices.SortFunc(joins, comparePlaces)
	q.cues = slices.DeleteFunc(q.cues, func(c cueAt) bool {
		return coveredBy(cancels, c.at) ||
			q.program.Cues[c.cue].Effect == lexicon.EffectBoundary && coveredBy(joins, c.at)
	})
	slices.SortFunc(q.cues, func(a, b cueAt) int {
		if d := comparePlaces(a.at, b.at); d != 0 {
			return d
		}
		return int(a.cue - b.cue)
	})
	q.collectOnward()
}

func (q *qualifier) addCues(index int32, c *lexicon.Cue, places []place) {
	for _, at := range places {
		if c.NeedsNe && !q.afterNe(at) {
			continue
		}
		q.cues = append(q.cues, cueAt{index, at})
		if c.Effect == lexicon.EffectSelf && c.Onward && q.own(at) {
			q.represents = true
		}
	}
}

func coveredBy(list []place, at place) bool {
	for _, x := range near(list, at, 0) {
		if x.covers(at) {
			return true
		}
	}
	return false
}

// neReach is how many words before a negation its "ne" may stand.
const neReach = 4

func (q *qualifier) afterNe(at place) bool {
	for i := at.end - 1; i >= 0 && i >= at.start-neReach && q.s.toks[i].sentence >= 0; i-- {
		if q.s.toks[i].flags&text.AfterNe != 0 {
			return true
		}
	}
	return false
}

// splitClauses numbers the clauses: a clause ends with its sentence, at a
// comma, and before a boundary cue, as most of this French has no punctuation.
func (q *qualifier) splitClauses() {
	q.clauses = slices.Grow(q.clauses[:0], len(q.s.toks))
	starts := q.cues
	clause, last := int32(0), int32(-1)
	for i := range q.s.toks {
		t := &q.s.toks[i]
		boundary := t.sentence != last || t.flags&text.ClauseStart != 0
		for len(starts) > 0 && starts[0].at.start <= int32(i) {
			if starts[0].at.start == int32(i) && q.program.Cues[starts[0].cue].Effect == lexicon.EffectBoundary {
				boundary = true
			}
			starts = starts[1:]
		}
		if boundary {
			clause++
		}
		last = t.sentence
		q.clauses = append(q.clauses, clause)
	}
}

// around returns the cues that start within reach words of a place.
func (q *qualifier) around(at place, reach int32) []cueAt {
	by := func(c cueAt, start int32) int { return int(c.at.start - start) }
	from, _ := slices.BinarySearchFunc(q.cues, at.start-reach, by)
	to, _ := slices.BinarySearchFunc(q.cues, at.end+reach, by)
	return q.cues[from:to]
}

// closer reports whether cue a stands nearer to a sign than cue b, which begins
// no later: of "la voisine de ma sœur" and "ma sœur" the longer one counts. A cue
// inside the sign is nearest: the sign itself names the person.
func closer(a, b, sign place) bool { return distance(a, sign) < distance(b, sign) }

func distance(a, b place) int32 { return max(b.start-a.end, a.start-b.end, 0) }

// applies reports whether a sign stands in the scope of a cue. A cue whose
// words are the term's own does not apply to it ("plus de travail" carries its
// own negation); one that stands in a gap of it does, and so does a person
// that it names.
func (q *qualifier) applies(cue *lexicon.Cue, c place, term int32, at place) bool {
	if q.s.toks[c.start].sentence != q.s.toks[at.start].sentence {
		return false
	}
	if c.overlaps(at) {
		switch cue.Effect {
		case lexicon.EffectOther, lexicon.EffectHousehold, lexicon.EffectSelf:
			return at.covers(c)
		case lexicon.EffectHypothetical:
			return false // a condition governs from outside; inside, it is how the sign is said
		}
		return !q.spelled.holds(term, q.s, c)
	}
	if c.start < at.start && !cue.Before || c.start > at.start && !cue.After {
		return false
	}
	if cue.Window > 0 && distance(c, at) > int32(cue.Window) {
		return false
	}
	if cue.Sentence {
		return true
	}
	if c.start < at.start {
		return q.clauses[c.end-1] == q.clauses[at.start]
	}
	return q.clauses[c.start] == q.clauses[at.end-1]
}
