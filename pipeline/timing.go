package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// timing gathers what the cues around a sign say of when it was.
type timing struct {
	// earlier is the cue that puts the sign into the past, recovery the one that
	// says it is over.
	earlier, recovery cause
	// tense: a verb of the clause is in a past tense. That alone only tells
	// ("j'étais à l'hôpital"); together with a time said before it is past.
	tense bool
	// present: the sign is so now. again: what was over came back.
	present, again bool
}

// over notes a recovery; a relapse that stands before it is over too.
func (t *timing) over(by cause) { t.recovery, t.again = by, false }

// turns notes what a present cue says beyond its clause: between a past cue and
// the sign it ends the past ("avant on était deux, là plus que moi"), and a
// relapse undoes a recovery said before it, in the next sentence too.
func (q *qualifier) turns(t *timing, cue *lexicon.Cue, c, at place) {
	k, of := &q.s.toks[c.start], &q.s.toks[at.start]
	switch {
	case c.end <= at.start && k.sentence == of.sentence:
		t.earlier = cause{}
	case cue.Onward && c.start >= at.end && k.part == of.part && k.sentence-of.sentence <= 1:
		t.present, t.again = true, true
	}
}

// past returns the cue that makes a sign past, no cause if none does, and
// whether a recovery is stated.
func (q *qualifier) past(t *timing, f *lexicon.Factor, at place) (by cause, recovered bool) {
	switch {
	case t.recovery.rule != "" && !t.again:
		return t.recovery, true
	case t.present:
		return cause{}, false
	case t.earlier.rule != "":
		return t.earlier, false
	}
	return q.onwardPast(f, at, t.tense), false
}

// tense reports whether a past cue is a tense: it says that something was, not
// when.
func (q *qualifier) tense(cue *lexicon.Cue, c place) bool {
	if cue.Effect != lexicon.EffectPast || cue.Sentence {
		return false
	}
	_, aged := q.age(c)
	return !aged
}

// onwardReach is over how many following sentences a past goes on.
const onwardReach = 4

// timeAt is a present cue, or a past one that is no tense.
type timeAt struct {
	cueAt
	present bool
	// before is the place in the list of the last one before it that is
	// present or of an earlier sentence, -1 for none: one step over all the
	// past cues of a sentence, however many.
	before int
}

// collectOnward lists the cues that onwardPast looks at.
func (q *qualifier) collectOnward() {
	q.onward = q.onward[:0]
	for _, c := range q.cues {
		cue := &q.program.Cues[c.cue]
		present := cue.Effect == lexicon.EffectPresent
		if !present && (cue.Effect != lexicon.EffectPast || q.tense(cue, c.at)) {
			continue
		}
		before := len(q.onward) - 1
		if before >= 0 {
			last := &q.onward[before]
			if !last.present && q.s.toks[last.at.start].sentence == q.s.toks[c.at.start].sentence {
				before = last.before
			}
		}
		q.onward = append(q.onward, timeAt{cueAt: c, present: present, before: before})
	}
}

// onwardPast looks back for a cue that puts the following sentences into the
// past, and stops at one that says that now is meant. "À l'époque" does so by
// itself; a date does while the verbs stay in a past tense: "en 2011 j'étais au
// RSA. J'avais les huissiers."
func (q *qualifier) onwardPast(f *lexicon.Factor, at place, tense bool) cause {
	part, sentence := q.s.toks[at.start].part, q.s.toks[at.start].sentence
	i, _ := slices.BinarySearchFunc(q.onward, at.start, func(c timeAt, start int32) int { return int(c.at.start - start) })
	for i--; i >= 0; {
		c := &q.onward[i]
		k := q.s.toks[c.at.start]
		cue := &q.program.Cues[c.cue]
		switch {
		case c.present || k.part != part || sentence-k.sentence > onwardReach:
			return cause{}
		case (cue.Onward || tense) && (k.sentence != sentence || tense) && q.faded(f, c.at):
			return cause{cue.Name, c.at}
		}
		i = c.before
	}
	return cause{}
}
