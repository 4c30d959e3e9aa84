package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

func programOf(terms ...string) *lexicon.Program {
	p := &lexicon.Program{}
	for _, id := range terms {
		p.Terms = append(p.Terms, lexicon.Term{ID: id, Pattern: id})
	}
	return p
}

// flagOf is a flag of an event about a person, with asserted terms of one
// factor; "!" before a term makes it negated.
func flagOf(event, person, route string, severity int, terms ...string) *flag.Flag {
	f := &flag.Flag{
		Event: flag.EventRef{Source: "/s", ID: event, Type: "vigie.email.v1"}, Case: person,
		Route: route, Severity: severity, Categories: []string{"health"},
	}
	for _, term := range terms {
		x := flag.Finding{Category: "health", Factor: "health.f", Term: term, Status: flag.Asserted}
		if term[0] == '!' {
			x.Term, x.Status = term[1:], flag.Negated
		}
		f.Findings = append(f.Findings, x)
	}
	return f
}

// What became of each event, by which terms, and for how many persons.
func TestTally(t *testing.T) {
	const a, b, c, d = "health.f/a", "health.f/b", "health.f/c", "health.f/d"
	for _, tt := range []struct {
		name          string
		before, after *flag.Flag
		change        change
		// terms are the new, gone and moved flags that each term is counted for.
		terms map[string][3]int
	}{
		{"none", nil, nil, unchanged, nil},
		{"the same", flagOf("1", "p", "care", 2, a), flagOf("1", "p", "care", 2, a), unchanged, nil},
		{"by a new term", nil, flagOf("1", "p", "care", 2, a, d), added, map[string][3]int{d: {1, 0, 0}}},
		{"by a setting", nil, flagOf("1", "p", "care", 2, a, b), added, map[string][3]int{a: {1, 0, 0}, b: {1, 0, 0}}},
		{"a negated term makes nothing", nil, flagOf("1", "p", "care", 2, a, "!"+d), added, map[string][3]int{a: {1, 0, 0}}},
		{"by many weak signs", nil, flagOf("1", "p", "care", 2, "health.faisceau/00000000"), added, map[string][3]int{"health.faisceau/00000000": {1, 0, 0}}},
		{"a term is gone", flagOf("1", "p", "care", 2, a, c), nil, gone, map[string][3]int{c: {0, 1, 0}}},
		{"rerouted", flagOf("1", "p", "care", 3, a), flagOf("1", "p", "urgent", 4, a, d), rerouted, map[string][3]int{d: {0, 0, 1}}},
		{"regraded by a setting", flagOf("1", "p", "care", 2, a), flagOf("1", "p", "care", 3, a), regraded, map[string][3]int{a: {0, 0, 1}}},
		{"regraded, a term less", flagOf("1", "p", "care", 3, a, c), flagOf("1", "p", "care", 2, a), regraded, map[string][3]int{c: {0, 0, 1}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tally := NewTally(programOf(a, b, c), programOf(a, b, d))
			tally.Add(time.Time{}, tt.before, tt.after)
			want := map[change]int{tt.change: 1}
			if tt.before == nil && tt.after == nil {
				want = map[change]int{}
			}
			if diff := cmp.Diff(want, tally.changes); diff != "" {
				t.Errorf("changes (-want +got)\n%s", diff)
			}
			got := make(map[string][3]int)
			for id, e := range tally.terms {
				if e.total() > 0 {
					got[id] = [3]int{e.added, e.gone, e.moved}
				}
			}
			if tt.terms == nil {
				tt.terms = map[string][3]int{}
			}
			if diff := cmp.Diff(tt.terms, got); diff != "" {
				t.Errorf("terms (-want +got)\n%s", diff)
			}
		})
	}
}

// A person is counted once, by all of their events.
func TestPersons(t *testing.T) {
	tally := NewTally(programOf(), programOf())
	care := func(event, person string) *flag.Flag { return flagOf(event, person, "care", 2) }
	urgent := func(event, person string) *flag.Flag { return flagOf(event, person, "urgent", 4) }
	tally.Add(time.Time{}, care("1", "always"), care("1", "always"))
	tally.Add(time.Time{}, nil, care("2", "always")) // one more flag, nobody new
	tally.Add(time.Time{}, nil, urgent("3", "new"))
	tally.Add(time.Time{}, urgent("4", "calmer"), nil)
	tally.Add(time.Time{}, nil, care("5", "calmer"))
	tally.Add(time.Time{}, care("6", "gone"), nil)
	tally.Add(time.Time{}, nil, care("7", "")) // nobody's case file: a person each
	tally.Add(time.Time{}, nil, care("8", ""))
	for _, tt := range []struct {
		name          string
		with, without standing
		want          int
	}{
		{"flagged before", flaggedBefore, 0, 3}, {"flagged after", flaggedAfter, 0, 5},
		{"newly flagged", flaggedAfter, flaggedBefore, 3}, {"no longer", flaggedBefore, flaggedAfter, 1},
		{"newly urgent", urgentAfter, urgentBefore, 1}, {"no longer urgent", urgentBefore, urgentAfter, 1},
	} {
		if got := tally.counted(tt.with, tt.without); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// A long time is shown by week, a longer one by month; nothing is left out.
func TestDays(t *testing.T) {
	for _, tt := range []struct {
		name string
		days []int // after began
		unit string
		bins int
	}{
		{"one", []int{0}, "jour", 1},
		{"a gap", []int{0, 4}, "jour", 5},
		{"half a year", []int{0, 8, 180}, "semaine", 26},
		{"a clock that is wrong", []int{0, 20, -20000}, "mois", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := &Page{Tally: NewTally(nil, programOf())}
			for i, d := range tt.days {
				page.Tally.Add(began.AddDate(0, 0, d), nil, flagOf(string(rune('a'+i)), "", "care", 2))
			}
			page.Tally.Add(time.Time{}, nil, flagOf("undated", "", "care", 2))
			chart := page.byDay()
			sum := chart.Undated[0]
			for _, b := range chart.Bins {
				sum += b.Counts[0]
			}
			if chart.Unit != tt.unit || len(chart.Bins) != tt.bins || sum != len(tt.days)+1 {
				t.Errorf("%d by %s, %d flags", len(chart.Bins), chart.Unit, sum)
			}
		})
	}
}
