package main

import (
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pkg/flag"
)

func TestQuote(t *testing.T) {
	long := strings.Repeat("avant ", 30) + "ici" + strings.Repeat(" après", 30)
	for _, c := range []struct {
		name, part, text string
		spans            []flag.Span
		want             string
	}{
		{"whole", "text", "je suis malade", []flag.Span{{Part: "text", Start: 8, End: 14}}, "je suis [malade]"},
		{"code points", "text", "é\u00a0😀 malade", []flag.Span{{Part: "text", Start: 4, End: 10}}, "é 😀 [malade]"},
		{"several", "text", "père parti, mère aussi", []flag.Span{{Part: "text", Start: 12, End: 16}, {Part: "text", Start: 0, End: 4}}, "[père] parti, [mère] aussi"},
		{"cut at words", "text", long, []flag.Span{{Part: "text", Start: 180, End: 183}},
			"… avant avant avant avant avant avant avant [ici] après après après après après après après …"},
		{"one line, no escapes", "text", "a\n\x1b[31mb\tmalade", []flag.Span{{Part: "text", Start: 9, End: 15}}, "a [31mb [malade]"},
		{"markup", "html", "<p>divorc&eacute;e</p><b>fin</b>", []flag.Span{{Part: "html", Start: 3, End: 18}}, "[divorcée] fin"},
		{"outside", "text", "court", []flag.Span{{Part: "text", Start: 3, End: 30}}, ""},
		{"no such part", "turns[7].text", "", []flag.Span{{Part: "turns[7].text", Start: 0, End: 3}}, ""},
		{"turn", "turns[1].text", "oui je pleure", []flag.Span{{Part: "turns[1].text", Start: 7, End: 13}}, "oui je [pleure]"},
		{"answer", "answers[0].text", "rien", []flag.Span{{Part: "answers[0].text", Start: 0, End: 4}}, "[rien]"},
	} {
		s := &sample{}
		switch c.part {
		case "text":
			s.Data.Text = c.text
		case "html":
			s.Data.HTML = c.text
		case "turns[1].text":
			s.Data.Turns = []struct{ Text string }{{"bonjour"}, {c.text}}
		case "answers[0].text":
			s.Data.Answers = []struct{ Text string }{{c.text}}
		}
		if got := quote(s, c.spans, style{}); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	s := &sample{}
	s.Data.Text = "malade"
	if got, want := quote(s, []flag.Span{{Part: "text", End: 6}}, style{on: true}), "\x1b[1;33mmalade\x1b[0m"; got != want {
		t.Errorf("in colour: %q, want %q", got, want)
	}
}
