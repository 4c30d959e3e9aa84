package main

import (
	"strings"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pipeline/replay"
)

// What a pipe is told of a replay that goes on where an earlier one was.
func TestPipeLine(t *testing.T) {
	var out strings.Builder
	var seen replay.Seen
	at := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	line := pipeLine(&out, &seen, 10_000, func() time.Time { return at })
	step := func(offsets, flags int64) {
		at = at.Add(10 * time.Second)
		seen.Offsets.Add(offsets)
		seen.Flags.Add(flags)
		line()
	}
	seen.Offsets.Add(2000)
	seen.Earlier.Add(2000)
	step(0, 400)
	step(2000, 400)
	step(4000, 1200)
	step(2000, 0)
	want := `2000 offsets sur 10000 (20 %), 0/s, 400 alertes
4000 offsets sur 10000 (40 %), 200/s, encore 1m0s, 800 alertes
8000 offsets sur 10000 (80 %), 400/s, encore 10s, 2000 alertes
10000 offsets sur 10000 (100 %), 200/s, encore 0s, 2000 alertes
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

func TestParseShare(t *testing.T) {
	for text, want := range map[string]float64{"5%": 0.05, "0.05": 0.05, "100%": 1, "1": 1, "0.1%": 0.001} {
		if got, err := parseShare(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "%", "0", "-5%", "101%", "5", "NaN", "cinq"} {
		if got, err := parseShare(text); err == nil {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
}
