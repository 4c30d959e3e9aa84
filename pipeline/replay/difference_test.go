package replay

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// with returns a change that adds terms to the factors of the small lexicon's
// only section, by their places.
func with(t *testing.T, terms map[int][]string) func(*lexicon.Ruleset) {
	return func(rs *lexicon.Ruleset) {
		for i, list := range terms {
			for _, text := range list {
				pattern, err := lexicon.ParsePattern(text)
				if err != nil {
					t.Fatal(err)
				}
				f := &rs.Sections[0].Factors[i]
				f.Terms = append(f.Terms, lexicon.Entry{Pattern: pattern})
			}
		}
	}
}

// documents returns n events of the own corpus.
func documents(t *testing.T, n int) (values [][]byte) {
	t.Helper()
	data, err := os.ReadFile("../eval/corpus/documents-06.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	corpus, err := eval.Read(bytes.NewReader(data))
	if err != nil || len(corpus.Documents) < n {
		t.Fatalf("%d documents: %v", len(corpus.Documents), err)
	}
	for _, d := range corpus.Documents[:n] {
		values = append(values, d.Record().Value)
	}
	return values
}

// Two lexicons that differ in ten terms: the difference is that of two
// classifications.
func TestDifference(t *testing.T) {
	e := newEnv(t)
	values := documents(t, 600)
	e.send("calls", len(values), func(i int) []byte { return values[i] })
	// Five terms that only the one has, and five that only the other has; what
	// the first factor finds is grave, what the second finds urgent.
	before := compiled(t, with(t, map[int][]string{0: {"facture", "loyer", "madame", "facture impayée"}, 1: {"urgent"}}))
	after := compiled(t, with(t, map[int][]string{0: {"virement", "chômage", "retraite", "urgent"}, 1: {"madame"}}))
	dir, p, _, sum := e.run(Asked{Topics: []string{"calls"}, Share: 1}, &before, after)

	out := filepath.Join(t.TempDir(), "difference.jsonl")
	d := NewDifference(before.program, after.program)
	if _, err := d.WriteDifference(dir, p, out); err != nil {
		t.Fatal(err)
	}
	want, got := make(map[string]string), make(map[string]string)
	counts, flags := make(map[Change]int), [2]int{}
	for i, value := range values {
		a, err := before.classifier.Classify(event.Record{Value: value})
		if err != nil {
			t.Fatal(i, err)
		}
		b, err := after.classifier.Classify(event.Record{Value: value})
		if err != nil {
			t.Fatal(i, err)
		}
		if a.Flag != nil {
			flags[0]++
		}
		if b.Flag != nil {
			flags[1]++
		}
		if a.Flag == nil && b.Flag == nil {
			continue
		}
		if c := Compare(a.Flag, b.Flag); c != Same {
			counts[c]++
			f := a.Flag
			if f == nil {
				f = b.Flag
			}
			want[f.Event.Source+" "+f.Event.ID] = string(c)
		}
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	effects, last := 0, ""
	for text := range strings.Lines(string(data)) {
		last = text
		var x struct{ Change, Source, ID, Term string }
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			t.Fatal(err)
		}
		switch {
		case x.Change != "":
			got[x.Source+" "+x.ID] = x.Change
		case x.Term != "":
			effects++
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-two classifications +replay)\n%s", diff)
	}
	if len(want) < 50 || len(counts) < 3 {
		t.Errorf("too little differs to show anything: %v", counts)
	}
	if diff := cmp.Diff(counts, d.Changes); diff != "" {
		t.Error(diff)
	}
	if d.Before != flags[0] || d.After != flags[1] || sum.Before.Flagged != flags[0] || sum.After.Flagged != flags[1] {
		t.Errorf("flags: %d and %d, by receipt %d and %d, want %v", d.Before, d.After, sum.Before.Flagged, sum.After.Flagged, flags)
	}
	if !strings.Contains(last, `"flags_before"`) || effects == 0 {
		t.Errorf("the last line is %s, %d terms", last, effects)
	}
	// What only one side flags has its cause in a term that only that side has.
	ids := func(p *lexicon.Program) (list []string) {
		for _, term := range p.Terms {
			list = append(list, term.ID)
		}
		return list
	}
	for id, effect := range d.Terms {
		if effect.Changes[Removed] > 0 && slices.Contains(ids(after.program), id) || effect.Changes[Added] > 0 && slices.Contains(ids(before.program), id) {
			t.Errorf("%s, which both have, makes %v", id, effect.Changes)
		}
	}
	if strings.Contains(string(data), `"text"`) || len(slices.Collect(maps.Keys(d.Examples))) != len(counts) {
		t.Errorf("examples %v", d.Examples)
	}
}

func TestCompare(t *testing.T) {
	base := func() *flag.Flag {
		return &flag.Flag{Route: flag.RouteCare, Severity: 2, Categories: []string{"health"}}
	}
	with := func(change func(*flag.Flag)) *flag.Flag {
		f := base()
		change(f)
		return f
	}
	for name, tt := range map[string]struct {
		before, after *flag.Flag
		want          Change
	}{
		"new":         {nil, base(), Added},
		"gone":        {base(), nil, Removed},
		"urgent now":  {base(), with(func(f *flag.Flag) { f.Route, f.Severity = flag.RouteUrgent, 4 }), Rerouted},
		"graver":      {base(), with(func(f *flag.Flag) { f.Severity = 3 }), Regraded},
		"categories":  {base(), with(func(f *flag.Flag) { f.Categories = nil }), Altered},
		"referral":    {base(), with(func(f *flag.Flag) { f.Referrals = []string{"partner"} }), Altered},
		"urgency":     {base(), with(func(f *flag.Flag) { f.Urgency = []string{"child"} }), Altered},
		"caution":     {base(), with(func(f *flag.Flag) { f.Cautions = []string{"no_call"} }), Altered},
		"other words": {base(), with(func(f *flag.Flag) { f.ID, f.Findings = "x", []flag.Finding{{}} }), Same},
	} {
		if got := Compare(tt.before, tt.after); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestCauses(t *testing.T) {
	found := func(terms ...string) *flag.Flag {
		f := &flag.Flag{}
		for _, term := range terms {
			status := flag.Asserted
			if after, negated := strings.CutPrefix(term, "!"); negated {
				status, term = flag.Negated, after
			}
			f.Findings = append(f.Findings, flag.Finding{Term: term, Status: status, Severity: 2})
		}
		return f
	}
	// The lexicon compared against has a and b, the one that is tried a and c.
	known := [2]map[string]bool{{"h.f/a": true, "h.f/b": true}, {"h.f/a": true, "h.f/c": true}}
	graver := found("h.f/a", "h.f/b")
	graver.Findings[0].Severity = 3
	for name, tt := range map[string]struct {
		before, after *flag.Flag
		change        Change
		want          []string
	}{
		"a new term":                 {nil, found("h.f/a", "h.f/c", "!h.f/d"), Added, []string{"h.f/c"}},
		"a weight of known terms":    {nil, found("h.f/a", "h.faisceau/0"), Added, []string{"h.f/a", "h.faisceau/0"}},
		"a term that is gone":        {found("h.f/a", "h.f/b"), nil, Removed, []string{"h.f/b"}},
		"another term":               {found("h.f/a", "h.f/b"), found("h.f/a", "h.f/c"), Rerouted, []string{"h.f/b", "h.f/c"}},
		"another grade of one":       {found("h.f/a", "h.f/b"), graver, Regraded, []string{"h.f/a"}},
		"another policy":             {found("h.f/a", "h.f/b"), found("h.f/b", "h.f/a"), Altered, []string{"h.f/a", "h.f/b"}},
		"nothing that counts":        {found("h.f/a"), found("h.f/a", "h.f/c"), Same, nil},
		"negated here, asserted now": {found("!h.f/a", "h.f/b"), found("h.f/a", "h.f/b"), Altered, []string{"h.f/a"}},
	} {
		got := causes(&Outcome{Before: tt.before, After: tt.after}, tt.change, known)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}
