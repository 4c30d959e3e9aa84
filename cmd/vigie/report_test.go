package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestReportIsCompleteWithTheLastFlag: a receipt may be read before the flags
// that it counts; the end waits for both.
func TestReportIsCompleteWithTheLastFlag(t *testing.T) {
	var out bytes.Buffer
	r := newReport(&out, testRules(t).program, []*sample{{ID: "1"}, {ID: "2"}})
	told := func(complete bool, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if r.complete() != complete {
			t.Fatalf("complete is %v, want %v", r.complete(), complete)
		}
	}
	told(false, r.receipt([]byte(`{"data":{"from":4,"to":4,"clean":0,"dead":{"json":1}}}`)))
	told(false, r.receipt([]byte(`{"data":{"from":0,"to":0,"flagged":1,"skipped":{"language":0}}}`)))
	told(true, r.flag([]byte(`{"subject":"D-1","data":{"event":{"id":"unknown","type":"vigie.new.v2"},"route":"care","severity":2,
		"categories":["health"],"findings":[{"factor":"health.new","status":"doubtful","spans":[{"part":"text","start":0,"end":3}]}]}}`)))
	r.end()
	for _, want := range []string{"2 événements lus", "1 alerte, dont 0 urgence", "1 illisible (json)", "vigie.new.v2", "health.new (doubtful)"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "non lu") {
		t.Error("a cause without events is listed")
	}
}
