package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

// names are the ids themselves: the report's own words are what is tested.
var names = Names{
	Of:      func(id string) string { return id },
	Pattern: func(term string) string { return map[string]string{"health.maladie/0000000e": "malade"}[term] },
}

// TestCases runs testdata/cases.
//
//	corpus      reads the input and prints what it holds or what is wrong
//	score       scores testdata/flags.jsonl on testdata/corpus.jsonl: text,
//	            text list, json, json list or baseline
//	compare     the same score with a baseline, whose figures are the input
//
// `go test ./pipeline/eval -rewrite` writes what the code does now.
func TestCases(t *testing.T) {
	datadriven.Walk(t, "testdata/cases", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "corpus":
				return describe(t, d.Input)
			case "score":
				return print(t, scored(t, d.HasArg("list")), d)
			case "compare":
				return compare(t, d.Input)
			}
			t.Fatalf("%s: unknown command %q", d.Pos, d.Cmd)
			return ""
		})
	})
}

// describe prints documents as events, and wrong lines.
func describe(t *testing.T, input string) string {
	t.Helper()
	c, err := Read(strings.NewReader(input))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range c.Documents {
		if _, err := event.Decode(d.Record()); err != nil {
			t.Errorf("%s is no event: %v", d.ID, err)
		}
		fmt.Fprintf(&b, "%d: %s of %s: %s\n", d.Line, d.ID, d.Source(), d.Record().Value)
	}
	for _, w := range c.Wrong {
		fmt.Fprintf(&b, "%d: %s\n", w.Line, w.Message)
	}
	return b.String()
}

// scored scores the flags of testdata on its corpus.
func scored(t *testing.T, list bool) *Result {
	t.Helper()
	data, err := os.ReadFile("testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Read(bytes.NewReader(data))
	if err != nil || len(c.Wrong) > 0 {
		t.Fatal(err, c.Wrong)
	}
	data, err = os.ReadFile("testdata/flags.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	flags := make(map[string]*flag.Flag)
	for line := range bytes.Lines(data) {
		var f struct{ Data flag.Flag }
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatal(err)
		}
		flags[f.Data.Event.ID] = &f.Data
	}
	s := NewScore(list)
	for _, d := range c.Documents {
		s.Add(d, flags[d.ID])
	}
	return s.Result(c, flag.Lexicon{Name: "essai", Version: "1", Digest: "sha256:00"})
}

// print writes a result in the format that the first argument names.
func print(t *testing.T, r *Result, d *datadriven.TestData) string {
	t.Helper()
	var b strings.Builder
	write := map[string]func() error{
		"text":     func() error { return r.WriteText(&b, names) },
		"json":     func() error { return r.WriteJSON(&b) },
		"baseline": func() error { return r.WriteBaseline(&b) },
	}[d.CmdArgs[0].Key]
	if err := write(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// compare prints how the score stands to a baseline.
func compare(t *testing.T, input string) string {
	t.Helper()
	before, err := ReadBaseline(strings.NewReader(input))
	if err != nil {
		return err.Error() + "\n"
	}
	r := scored(t, false)
	var b strings.Builder
	fmt.Fprintf(&b, "worse: %t, same corpus: %t\n", r.Compare(before), r.Same(before))
	report := report{w: &b, names: names}
	report.baseline(r.Baseline)
	return b.String()
}

// TestWilson: table I of Newcombe (1998), method 3, to its four digits, and the ends.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718},
		{20, 20, 0.8389, 1}, {0, 0, 0, 1},
	} {
		got := share(c.k, c.n)
		if math.Abs(float64(got.Low)-c.low) > 5e-5 || math.Abs(float64(got.High)-c.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f–%.4f, want %.4f–%.4f", c.k, c.n, got.Low, got.High, c.low, c.high)
		}
	}
}
