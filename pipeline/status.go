package pipeline

import (
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// judge sets the status of a sign from the voice and the cues around each of
// its places; the place that is furthest from asserted decides.
func (q *qualifier) judge(x *sign) {
	x.status = flag.Asserted
	for _, at := range x.places {
		if v := q.voice(at); len(x.places) > 1 && (v == event.Agent || v == event.Question) {
			continue // the agent's half of a dialogue is context
		}
		status, why, recovered := q.status(x.term, at)
		if rank(status) < rank(x.status) {
			x.status, x.cause = status, why
		}
		x.recovered = x.recovered || recovered
	}
}

// status says how a sign at a place is meant. See precedence.
func (q *qualifier) status(term int32, at place) (status flag.Status, why cause, recovered bool) {
	f := &q.program.Factors[q.program.Terms[term].Factor]
	switch q.voice(at) {
	case event.Agent:
		return flag.Reported, cause{rule: "agent"}, false
	case event.Quoted, event.Aside:
		return flag.Reported, cause{rule: "quoted"}, false
	case event.Question:
		return flag.Asked, cause{rule: "question"}, false
	}
	status = flag.Asserted
	set := func(s flag.Status, by cause) {
		if rank(s) < rank(status) {
			status, why = s, by
		}
	}
	var t timing
	var person *cueAt
	named := false
	for _, c := range q.around(at, sentenceReach) {
		cue := &q.program.Cues[c.cue]
		by := cause{cue.Name, c.at}
		if cue.Effect == lexicon.EffectPresent {
			q.turns(&t, cue, c.at, at)
		}
		if !q.applies(cue, c.at, term, at) {
			continue
		}
		switch cue.Effect {
		case lexicon.EffectReported:
			set(flag.Reported, by)
		case lexicon.EffectAsked:
			set(flag.Asked, by)
		case lexicon.EffectOther, lexicon.EffectHousehold, lexicon.EffectSelf:
			named = named || at.covers(c.at) && (cue.Effect != lexicon.EffectOther || q.spelled.holds(term, q.s, c.at))
			if person == nil || closer(c.at, person.at, at) {
				person = &cueAt{c.cue, c.at}
			}
		case lexicon.EffectNegated:
			if f.Negatable {
				set(flag.Negated, by)
			}
		case lexicon.EffectHypothetical:
			set(flag.Hypothetical, by)
		case lexicon.EffectRecovery:
			if f.Urgency != "" && q.clauses[c.at.end-1] != q.clauses[at.start] && q.anothers(c.at) {
				continue // "je veux mourir mon fils est guéri"
			}
			t.over(by)
		case lexicon.EffectPast:
			if q.tense(cue, c.at) {
				t.tense = true
			} else if q.faded(f, c.at) {
				t.earlier = by
			}
		case lexicon.EffectPresent:
			t.present = true
		case lexicon.EffectUncertain:
			set(flag.Uncertain, by)
		}
	}
	if !named { // a term that names the person has said whose sign it is
		if s, by := q.concerns(f, person); s != flag.Asserted {
			set(s, by)
		}
	}
	if rank(status) > rank(flag.Past) {
		if by, recovered := q.past(&t, f, at); by.rule != "" {
			return flag.Past, by, recovered
		}
	}
	return status, why, false
}

// concerns says whether the nearest person cue makes the sign another person's.
func (q *qualifier) concerns(f *lexicon.Factor, person *cueAt) (flag.Status, cause) {
	if person == nil || f.Who == lexicon.WhoAnyone {
		return flag.Asserted, cause{}
	}
	cue := &q.program.Cues[person.cue]
	switch cue.Effect {
	case lexicon.EffectOther:
		return flag.OtherPerson, cause{cue.Name, person.at}
	case lexicon.EffectHousehold:
		if f.Who == lexicon.WhoSelf && !q.represents {
			return flag.OtherPerson, cause{cue.Name, person.at}
		}
	}
	return flag.Asserted, cause{}
}

// anothers reports whether the clause of a recovery names somebody else before it.
func (q *qualifier) anothers(recovery place) bool {
	for _, c := range q.around(recovery, sentenceReach) {
		if c.at.start >= recovery.start || q.clauses[c.at.start] != q.clauses[recovery.start] {
			continue
		}
		switch q.program.Cues[c.cue].Effect {
		case lexicon.EffectHousehold, lexicon.EffectOther:
			return true
		}
	}
	return false
}
