package pipeline

import (
	"strconv"
	"time"

	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// faded reports whether a past cue puts a sign further back than its factor
// counts. A cue that gives no age ("à l'époque") always does.
func (q *qualifier) faded(f *lexicon.Factor, cue place) bool {
	months, ok := q.age(cue)
	if !ok {
		return true
	}
	limit := f.FadesMonths
	if limit == 0 {
		limit = pastMonths
	}
	return months > float64(limit)
}

// age reads the age in months that a cue gives: a duration ("il y a deux
// ans"), or a year or a date before the event's time ("en 2003").
func (q *qualifier) age(cue place) (float64, bool) {
	if g := q.program.Durations; g >= 0 {
		for _, d := range near(q.h.places[g], cue) {
			if cue.covers(d) {
				return q.months(d)
			}
		}
	}
	for i := cue.start; i < cue.end; i++ {
		year, ok := q.year(i)
		switch at := q.s.doc.At; {
		case !ok:
		case at.IsZero():
			return 0, true // without a time to count from, nothing is made past
		default:
			return monthsBetween(year, at), true
		}
	}
	return 0, false
}

// unitMonths gives the length of a unit of time in months, by folded word.
var unitMonths = map[string]float64{
	"jour": 1.0 / 30, "jours": 1.0 / 30, "semaine": 7.0 / 30, "semaines": 7.0 / 30,
	"quinzaine": 0.5, "mois": 1, "trimestre": 3, "trimestres": 3, "semestre": 6,
	"an": 12, "ans": 12, "annee": 12, "annees": 12, "decennie": 120, "decennies": 120, "siecle": 1200,
}

// vague is the number that "quelques" or "plusieurs" is taken for.
const vague = 3

// months converts a duration to months: number times unit. One without a unit
// ("longtemps") has no length.
func (q *qualifier) months(at place) (float64, bool) {
	number := float64(vague)
	for _, n := range near(q.h.places[q.program.Number], at) {
		if at.covers(n) {
			number, _ = q.h.value(q.s, n)
			break
		}
	}
	for i := at.end - 1; i >= at.start; i-- {
		if unit, ok := unitMonths[string(q.s.wordAt(int(i)))]; ok {
			return number * unit, true
		}
	}
	return 0, false
}

// year reads a word as a year of the last hundred years or so.
func (q *qualifier) year(i int32) (int, bool) {
	w := q.s.wordAt(int(i))
	if q.s.toks[i].flags&text.Digits == 0 || len(w) != 4 {
		return 0, false
	}
	y, err := strconv.Atoi(string(w))
	return y, err == nil && y >= 1920 && y <= 2100
}

// monthsBetween counts from the end of a year to a time.
func monthsBetween(year int, at time.Time) float64 {
	return float64((at.Year()-year-1)*12 + int(at.Month()))
}
