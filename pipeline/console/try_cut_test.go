package console

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestCut splits a text at the borders of signs that overlap.
func TestCut(t *testing.T) {
	sign := func(n int, category string, asserted, indices bool) *shownSign {
		return &shownSign{N: n, Category: category, Asserted: asserted, Indices: indices, Reason: "!"}
	}
	health, money := sign(1, "health", true, false), sign(2, "resilience", true, false)
	struck, faint := sign(3, "health", false, false), sign(4, "capacity", true, true)
	const text = "aé😀d efgh ijkl" // é is 2 bytes, 😀 4
	for _, test := range []struct {
		name string
		all  []stretch
		want string
	}{
		{"none", nil, "aé😀d efgh ijkl"},
		{"one", []stretch{{start: 1, end: 7, sign: health, last: true}}, "a[é😀 sign cat-health 1]d efgh ijkl"},
		{"the whole", []stretch{{start: 0, end: 18, sign: health, last: true}}, "[aé😀d efgh ijkl sign cat-health 1]"},
		{"one inside another", []stretch{{start: 0, end: 13, sign: health, last: true}, {start: 3, end: 7, sign: money, last: true}},
			"[aé sign cat-health][😀 sign cat-health several 2][d efgh sign cat-health 1] ijkl"},
		{"across", []stretch{{start: 3, end: 13, sign: money, last: true}, {start: 0, end: 7, sign: health, last: true}},
			"[aé sign cat-health][😀 sign cat-health several 1][d efgh sign cat-resilience 2] ijkl"},
		{"what counts before what does not", []stretch{{start: 0, end: 8, sign: struck, last: true}, {start: 7, end: 13, sign: money, last: true}},
			"[aé😀 ~sign cat-health][d sign cat-resilience 3!][ efgh sign cat-resilience 2] ijkl"},
		{"a name before indices", []stretch{{start: 0, end: 8, sign: faint, last: true}, {start: 7, end: 8, sign: struck, last: true}},
			"[aé😀 sign cat-capacity indices][d ~sign cat-health 4 3!] efgh ijkl"},
		{"the same place twice", []stretch{{start: 7, end: 8, sign: health, last: true}, {start: 7, end: 8, sign: money, last: true}}, "aé😀[d sign cat-health several 1 2] efgh ijkl"},
		{"two places of one sign", []stretch{{start: 0, end: 1, sign: health}, {start: 7, end: 8, sign: health, last: true}}, "[a sign cat-health]é😀[d sign cat-health 1] efgh ijkl"},
		{"a cue inside", []stretch{{start: 7, end: 13, sign: struck, last: true}, {start: 7, end: 8, cue: true}}, "aé😀[d ~sign cat-health cue][ efgh ~sign cat-health 3!] ijkl"},
	} {
		var b strings.Builder
		for _, r := range cut(text, test.all) {
			if r.Class == "" && !r.Cue {
				b.WriteString(r.Text)
				continue
			}
			fmt.Fprintf(&b, "[%s %s%s", r.Text, map[bool]string{true: "~"}[r.Struck], r.Class)
			if r.Cue {
				b.WriteString(" cue")
			}
			for _, n := range r.Ends {
				fmt.Fprintf(&b, " %d%s", n.N, n.Why)
			}
			b.WriteString("]")
		}
		if b.String() != test.want {
			t.Errorf("%s:\n%s, want\n%s", test.name, b.String(), test.want)
		}
	}
	if runs := cut("", nil); len(runs) != 0 {
		t.Errorf("of nothing: %v", runs)
	}
}

// TestAbridge: a long text keeps its signs and some words around each, cut
// between characters, and nothing of it is lost from the count.
func TestAbridge(t *testing.T) {
	long := strings.Repeat("é😀 mot ", 500)
	for _, runs := range [][]run{
		{{Text: long}},
		{{Text: long}, {Text: "malade", Class: "sign"}, {Text: long}},
		{{Text: "malade", Class: "sign"}, {Text: long}, {Text: "sourde", Class: "sign"}},
		{{Text: strings.Repeat("é", 2000)}, {Text: "malade", Class: "sign"}, {Text: strings.Repeat("😀", 2000)}},
		{{Text: strings.Repeat("é", 2000)}},
	} {
		points, shown, kept := 0, 0, 0
		for _, r := range runs {
			points += utf8.RuneCountInString(r.Text)
		}
		for _, r := range abridge(runs) {
			if !utf8.ValidString(r.Text) {
				t.Errorf("cut inside a character: %q", r.Text)
			}
			shown += utf8.RuneCountInString(r.Text)
			kept += utf8.RuneCountInString(r.Text) + r.Skipped
		}
		if kept != points || shown == points || shown > 8*aroundSign {
			t.Errorf("%d of %d characters shown, %d told", shown, points, kept)
		}
	}
	for n := range 900 { // around the length from which on something is left out
		for _, text := range []string{strings.Repeat("a", n), strings.Repeat("é", n/2), strings.Repeat("a", n/2) + strings.Repeat(" ", n/2)} {
			size := 0
			for _, r := range abridge([]run{{Text: "x", Class: "sign"}, {Text: text}, {Text: "y", Class: "sign"}}) {
				size += utf8.RuneCountInString(r.Text) + r.Skipped
			}
			if want := utf8.RuneCountInString(text) + 2; size != want {
				t.Errorf("%d of %d characters", size, want)
			}
		}
	}
	short := []run{{Text: "un mot"}, {Text: "malade", Class: "sign"}}
	if got := abridge(short); len(got) != 2 {
		t.Errorf("a short text is cut: %v", got)
	}
}
