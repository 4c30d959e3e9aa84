package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

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

// With one lexicon a term counts once for each flag that it is asserted in.
func TestParts(t *testing.T) {
	tally := NewTally(nil, &lexicon.Program{})
	const a, b = "health.f/a", "health.f/b"
	for i, terms := range [][]string{{a, b}, {a, a}, {"!" + a, b}} {
		tally.add(judged{after: flagOf(string(rune('0'+i)), "", "care", 2, terms...)})
	}
	if diff := cmp.Diff(map[string]int{a: 2, b: 2}, tally.terms); diff != "" {
		t.Errorf("terms (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"health.f": 3}, tally.factors); diff != "" {
		t.Errorf("factors (-want +got)\n%s", diff)
	}
}

// A person is counted once, by all of their events.
func TestPersons(t *testing.T) {
	tally := NewTally(&lexicon.Program{}, &lexicon.Program{})
	care := func(event, person string) *flag.Flag { return flagOf(event, person, "care", 2) }
	urgent := func(event, person string) *flag.Flag { return flagOf(event, person, "urgent", 4) }
	tally.add(judged{before: care("1", "always"), after: care("1", "always")})
	tally.add(judged{before: nil, after: care("2", "always")}) // one more flag, nobody new
	tally.add(judged{before: nil, after: urgent("3", "new")})
	tally.add(judged{before: urgent("4", "calmer"), after: nil})
	tally.add(judged{before: nil, after: care("5", "calmer")})
	tally.add(judged{before: care("6", "gone"), after: nil})
	tally.add(judged{before: nil, after: care("7", "")}) // nobody's case file: a person each
	tally.add(judged{before: nil, after: care("8", "")})
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
			page := &Page{Tally: NewTally(nil, &lexicon.Program{})}
			for i, d := range tt.days {
				page.Tally.add(judged{stamp: began.AddDate(0, 0, d), after: flagOf(string(rune('a'+i)), "", "care", 2)})
			}
			page.Tally.add(judged{after: flagOf("undated", "", "care", 2)})
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
