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

// collectCues lists the cues in order of place, without those whose words a
// longer one means otherwise: "pas seulement" is no "pas", "si jamais" no
// "jamais", "plus maintenant" no "maintenant".
func (q *qualifier) collectCues() {
	q.cues, q.represents = q.cues[:0], false
	longer := &q.longer
	for i := range longer {
		longer[i] = longer[i][:0]
	}
	for _, g := range q.h.touched {
		for _, u := range q.program.Uses[g] {
			if u.Kind != lexicon.UseCue {
				continue
			}
			c := &q.program.Cues[u.Index]
			switch c.Effect {
			case lexicon.EffectCancel, lexicon.EffectJoin:
				longer[c.Effect] = append(longer[c.Effect], q.h.places[g]...)
				continue
			case lexicon.EffectHypothetical:
				longer[c.Effect] = append(longer[c.Effect], q.h.places[g]...)
			case lexicon.EffectPast:
				if !c.Before {
					longer[c.Effect] = append(longer[c.Effect], q.h.places[g]...)
				}
			}
			q.addCues(u.Index, c, q.h.places[g])
		}
	}
	for i := range longer {
		slices.SortFunc(longer[i], comparePlaces)
	}
	q.cues = slices.DeleteFunc(q.cues, func(c cueAt) bool {
		if coveredBy(longer[lexicon.EffectCancel], c.at) {
			return true
		}
		switch q.program.Cues[c.cue].Effect {
		case lexicon.EffectBoundary:
			return coveredBy(longer[lexicon.EffectJoin], c.at)
		case lexicon.EffectNegated:
			return coveredBy(longer[lexicon.EffectHypothetical], c.at)
		case lexicon.EffectPresent:
			return coveredBy(longer[lexicon.EffectPast], c.at)
		}
		return false
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
		if c.NeedsNe && !q.afterNe(at) || c.Effect == lexicon.EffectPast && (q.lasts(at) || q.birth(at)) {
			continue
		}
		q.cues = append(q.cues, cueAt{index, at})
		if c.Effect == lexicon.EffectSelf && c.Onward && q.own(at) {
			q.represents = true
		}
	}
}

func coveredBy(list []place, at place) bool {
	for _, x := range near(list, at) {
		if x.covers(at) {
			return true
		}
	}
	return false
}

// lasts reports whether a past cue tells how long something has been so: "ça
// fait huit ans que je suis en invalidité".
func (q *qualifier) lasts(at place) bool {
	if int(at.end) >= len(q.s.toks) || q.word(at.end) != "que" {
		return false
	}
	_, aged := q.age(at)
	return aged
}

// birth reports whether "né" stands before a cue, which without its accent
// folds as "ne" does: "né en 1991" puts nothing else into that year.
func (q *qualifier) birth(at place) bool {
	return q.s.toks[at.start].flags&text.AfterNe != 0 || at.start > 0 && q.word(at.start-1) == "ne"
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
