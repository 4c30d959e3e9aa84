package main

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/vigie-project/vigie/pkg/flag"
)

// What a quotation shows: so many code points around what was found, and only
// places that stand within so many of the first.
const (
	quoteAround = 45
	quoteReach  = 120
)

// tag is one tag of a markup.
var tag = regexp.MustCompile(`<[^>]*>`)

// quote returns the customer's words around the first of spans, those near it
// in the same part marked too, on one line.
func quote(s *sample, spans []flag.Span, st style) string {
	first := spans[0]
	text := []rune(s.part(first.Part))
	near := slices.DeleteFunc(slices.Clone(spans), func(x flag.Span) bool {
		return x.Part != first.Part || x.End > len(text) || x.Start >= x.End || x.Start < 0 ||
			x.Start > first.Start+quoteReach || x.Start < first.Start-quoteReach
	})
	if len(near) == 0 {
		return ""
	}
	slices.SortFunc(near, func(a, b flag.Span) int { return cmp.Compare(a.Start, b.Start) })
	from := min(wordStart(text, near[0].Start-quoteAround), near[0].Start)
	last := 0
	for _, x := range near {
		last = max(last, x.End)
	}
	to := max(wordEnd(text, last+quoteAround), last)
	show := harmless
	if first.Part == "html" {
		show = func(markup []rune) string { return html.UnescapeString(tag.ReplaceAllString(harmless(markup), " ")) }
	}

	var b strings.Builder
	if from > 0 {
		b.WriteString("… ")
	}
	for _, x := range near {
		if x.Start < from {
			continue // overlaps the one before
		}
		b.WriteString(show(text[from:x.Start]))
		b.WriteString(st.found(show(text[x.Start:x.End])))
		from = x.End
	}
	b.WriteString(show(text[from:to]))
	if to < len(text) {
		b.WriteString(" …")
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// wordStart returns the first beginning of a word at or after i.
func wordStart(text []rune, i int) int {
	if i <= 0 {
		return 0
	}
	for i < len(text) && !unicode.IsSpace(text[i-1]) {
		i++
	}
	return i
}

// wordEnd returns the last end of a word at or before i.
func wordEnd(text []rune, i int) int {
	if i >= len(text) {
		return len(text)
	}
	for i > 0 && !unicode.IsSpace(text[i]) {
		i--
	}
	return i
}

// harmless takes out what could steer a terminal.
func harmless(text []rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(text))
}
