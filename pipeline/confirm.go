package pipeline

import (
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// confirm turns what an agent asked into the person's word where the next turn
// says yes to it ("vous êtes toujours en arrêt ?": "oui, jusqu'en mars"): the
// finding shows both places. A survey's question is confirmed by its answer.
// A weak word of the question is not what was asked: "le prélèvement a été
// rejeté": "oui, elle s'est trompée d'IBAN". What the agent's own words put under a condition, negate, or tell of somebody
// else or of themselves is not confirmed by a yes.
func (q *qualifier) confirm() {
	for i := range q.signs {
		x := &q.signs[i]
		at := x.places[0]
		v := q.voice(at)
		if len(x.places) > 1 || v != event.Agent && v != event.Question {
			continue
		}
		if q.factor(x).Weight < 1 {
			continue
		}
		yes, ok := q.answer(q.s.toks[at.start].part)
		if !ok || q.agentMeans(x) != flag.Asserted {
			continue
		}
		if v == event.Question {
			x.places = []place{yes}
		} else {
			x.places = []place{yes, at}
		}
		x.status, x.cause = flag.Asserted, cause{"confirmed", yes}
	}
}

// answerReach is how many words into an answer its yes may stand.
const answerReach = 3

// answer returns where the part after an agent's or a question's says yes,
// without a no beside it.
func (q *qualifier) answer(part int32) (place, bool) {
	next := int(part) + 1
	if next >= len(q.s.doc.Parts) || !q.s.doc.Parts[next].Voice.Own() {
		return place{}, false
	}
	start := q.s.partStart(int32(next))
	var yes place
	found := false
	for _, c := range q.around(place{start, start}, answerReach+1) {
		if q.s.toks[c.at.start].part != int32(next) {
			continue
		}
		switch q.program.Cues[c.cue].Effect {
		case lexicon.EffectNo:
			return place{}, false
		case lexicon.EffectYes:
			if !found {
				yes, found = c.at, true
			}
		}
	}
	return yes, found
}

// partStart returns the first place of a part, found by halving.
func (s *stream) partStart(part int32) int32 {
	low, high := 0, len(s.toks)
	for low < high {
		if mid := (low + high) / 2; s.toks[mid].part < part {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return int32(low)
}

// agentMeans is the status of a sign in an agent's turn by its cues alone.
func (q *qualifier) agentMeans(x *sign) flag.Status {
	at := x.places[0]
	for _, c := range q.around(at, sentenceReach) {
		cue := &q.program.Cues[c.cue]
		if cue.Effect == lexicon.EffectSelf && at.covers(c.at) {
			return flag.OtherPerson
		}
		if !q.applies(cue, c.at, x.term, at) {
			continue
		}
		switch cue.Effect {
		case lexicon.EffectHypothetical:
			return flag.Hypothetical
		case lexicon.EffectOther:
			return flag.OtherPerson
		case lexicon.EffectNegated:
			if q.factor(x).Negatable {
				return flag.Negated
			}
		}
	}
	return flag.Asserted
}
