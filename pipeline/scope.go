package pipeline

import (
	"strings"

	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// splitClauses numbers the clauses: a clause ends with its sentence, at a
// comma, and before a boundary cue, as most of this French has no punctuation.
func (q *qualifier) splitClauses() {
	q.clauses, q.starts = q.clauses[:0], append(q.starts[:0], 0)
	cues := q.cues
	clause, last := int32(0), int32(-1)
	for i := range q.s.toks {
		t := &q.s.toks[i]
		boundary := t.sentence != last || t.flags&text.ClauseStart != 0
		for len(cues) > 0 && cues[0].at.start <= int32(i) {
			if cues[0].at.start == int32(i) && q.program.Cues[cues[0].cue].Effect == lexicon.EffectBoundary {
				boundary = true
			}
			cues = cues[1:]
		}
		if boundary {
			clause++
			q.starts = append(q.starts, int32(i))
		}
		last = t.sentence
		q.clauses = append(q.clauses, clause)
	}
}

// clause returns the stretch of the clause that a word stands in.
func (q *qualifier) clause(i int32) place {
	c := q.clauses[i]
	end := int32(len(q.clauses))
	if int(c)+1 < len(q.starts) {
		end = q.starts[c+1]
	}
	return place{q.starts[c], end}
}

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
			return at.covers(c) || c.start < at.start && cue.Before // "mon voisin est" before "est malade"
		case lexicon.EffectHypothetical:
			return false // a condition governs from outside; inside, it is how the sign is said
		case lexicon.EffectPresent:
			return true // "depuis qu'il est parti" says itself that it is now
		case lexicon.EffectPast:
			if _, aged := q.age(c); aged {
				return true // "opéré en 2003" says itself how long ago
			}
		}
		return !q.spelled.holds(term, q.s, c)
	}
	if c.start < at.start && !cue.Before || c.start > at.start && !cue.After {
		return false
	}
	if cue.Window > 0 && distance(c, at) > int32(cue.Window) {
		return false
	}
	if c.start < at.start {
		return q.clauses[c.end-1] == q.clauses[at.start] || q.onto(cue, c, at)
	}
	return q.clauses[c.start] == q.clauses[at.end-1] || q.back(cue, c, at)
}

// onto reports whether a cue holds in a later clause of its sentence.
func (q *qualifier) onto(cue *lexicon.Cue, c, at place) bool {
	switch cue.Effect {
	case lexicon.EffectNegated:
		// "pas de dettes, de crédits ni d'huissier"
		return cue.Sentence && q.everyClause(c, at, q.straight) || q.everyClause(c, at, q.lists)
	case lexicon.EffectHypothetical:
		// "si un jour je tombe malade", "si ça continue je vais perdre ma place",
		// not "si ça vous arrange je suis au RSA": what is so now is so.
		return cue.Sentence && (q.everyClause(c, at, func(i int32) bool { return q.conditional(c, i) }) || q.projected(place{max(q.clause(at.start).start, at.start-sentenceReach), at.end}))
	case lexicon.EffectOther, lexicon.EffectHousehold:
		// "mon voisin il est au chômage", not "mon voisin est parti, le loyer est impayé"
		return cue.Sentence && q.everyClause(c, at, func(i int32) bool {
			return q.follows(i) || i == c.end && q.word(i) == "y" // "chez le voisin y a"
		})
	case lexicon.EffectUncertain:
		return cue.Sentence || q.everyClause(c, at, q.follows)
	case lexicon.EffectRecovery:
		return false // what is over was said before
	case lexicon.EffectPast:
		// "en 2011 j'étais au RSA, des huissiers, tout"
		return !q.tense(cue, c) && (cue.Sentence || q.adjunct(c) && q.everyClause(place{c.start, q.clause(c.end-1).end + 1}, at, q.follows))
	case lexicon.EffectPresent:
		return cue.Sentence || q.adjunct(c) && q.clauses[at.start] == q.clauses[c.end-1]+1
	}
	return cue.Sentence
}

// back reports whether a cue holds in an earlier clause of its sentence.
func (q *qualifier) back(cue *lexicon.Cue, c, at place) bool {
	if cue.Sentence || cue.Effect != lexicon.EffectPast && cue.Effect != lexicon.EffectPresent {
		return cue.Sentence
	}
	// "j'ai été opérée, il y a cinq ans", not "j'avais des dettes, maintenant je travaille"
	next := q.clause(c.start).end
	last := int(next) >= len(q.s.toks) || q.s.toks[next].sentence != q.s.toks[c.start].sentence
	return last && q.adjunct(c) && q.clauses[c.start] == q.clauses[at.end-1]+1
}

// adjunct reports whether a cue is all that its clause says, but for a word: "il
// y a vingt ans j'ai eu un cancer" tells when the clause beside it was.
func (q *qualifier) adjunct(c place) bool {
	all := q.clause(c.start)
	return all.end >= c.end && all.end-all.start-(c.end-c.start) <= 1
}

// everyClause reports whether all clauses after a cue's up to a sign's begin as
// wanted.
func (q *qualifier) everyClause(c, at place, want func(i int32) bool) bool {
	last := min(c.end, int32(len(q.clauses))) - 1
	for k := q.clauses[last] + 1; k <= q.clauses[at.start]; k++ {
		if !want(q.starts[k]) {
			return false
		}
	}
	return true
}

// lists reports whether a clause goes on with a list: "de", "ni", "ou".
func (q *qualifier) lists(i int32) bool {
	switch q.word(i) {
	case "de", "ni", "ou":
		return true
	}
	return false
}

// straight reports whether the clause that begins at i turns to nothing else.
func (q *qualifier) straight(i int32) bool { return !turning[q.word(i)] }

// follows reports whether the clause that begins at i has no subject of its own
// but one that refers back ("qui", "il", a verb, a bare noun).
func (q *qualifier) follows(i int32) bool {
	end := min(q.clause(i).end, i+sentenceReach)
	turns := false
	for i < end && links[q.word(i)] {
		turns = turns || turning[q.word(i)]
		i++
	}
	if i >= end {
		return !turns
	}
	w := q.word(i)
	if turns {
		return back[w]
	}
	return !subjects[w]
}

// conditional reports whether the clause that begins at i still belongs to the
// condition of a cue: "si jamais entre-temps je tombe malade", "si mon mari il tombe
// malade", "si je passais mes mois à découvert".
func (q *qualifier) conditional(c place, i int32) bool {
	switch q.word(i) {
	case "il", "elle", "ils", "elles":
		if q.clauses[i-1] != q.clauses[c.start] || i-c.start > topic {
			return false
		}
	}
	if pronouns[q.word(i)] {
		for k := max(q.clause(i-1).start, i-sentenceReach); k < i; k++ {
			if pronouns[q.word(k)] {
				return false
			}
		}
	}
	return true
}

// topic is how many words a condition's subject takes before a pronoun repeats it.
const topic = 4

// projected reports whether a verb in a place is in the future or the
// conditional.
func (q *qualifier) projected(at place) bool {
	for i := at.start; i < at.end; i++ {
		w := q.word(i)
		if futures[w] {
			return true
		}
		for _, ending := range futureEndings {
			if len(w) > len(ending) && w != "vrai" && strings.HasSuffix(w, ending) {
				return true
			}
		}
	}
	return false
}

// words returns a set.
func words(list ...string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, w := range list {
		set[w] = true
	}
	return set
}

var (
	// links stand before the first part of a clause.
	links = words("et", "mais", "alors", "donc", "car", "puis", "sauf", "que", "parce", "puisque", "vu", "pourtant", "ensuite", "sinon", "tandis")
	// turning are those after which something else is told, unless a pronoun refers back.
	turning = words("mais", "alors", "donc", "sauf", "pourtant", "sinon", "tandis")
	// back refer to somebody named before.
	back = words("il", "elle", "ils", "elles", "qui", "dont", "lui")
	// futures are the verbs of "je vais perdre", the endings those of "je perdrai".
	futures       = words("vais", "va", "vas", "allons", "allez", "vont")
	futureEndings = []string{"rai", "ra", "rons", "rez", "ront", "rais", "rait", "raient", "rions", "riez"}
	// pronouns are the subjects of a condition, and of what follows from it.
	pronouns = words("je", "on", "nous", "vous", "tu", "ce", "ca", "cela", "y", "moi", "il", "elle", "ils", "elles")
	// subjects begin what is told of somebody or something else.
	subjects = words("je", "on", "nous", "vous", "tu", "ce", "ca", "cela", "y", "moi", "mon", "ma", "mes", "notre", "nos", "votre", "vos",
		"le", "la", "l", "les", "un", "une", "des", "du", "cette", "cet", "ces", "personne", "rien", "tout", "chez")
)

// word returns the folded word at a place, "" at a barrier.
func (q *qualifier) word(i int32) string {
	if id := q.s.ids[i]; id != 0 {
		return q.program.Vocabulary.Word(id)
	}
	return string(q.s.wordAt(int(i)))
}
