package eval

import (
	"slices"
	"unicode"

	"github.com/vigie-project/vigie/pkg/flag"
)

// longestEvidence is how many words a span may hold to count as evidence.
const longestEvidence = 20

// shown reports whether an asserted finding of a category stands at words that
// are labelled with it.
func (d *Document) shown(category string, f *flag.Flag) bool {
	return slices.ContainsFunc(f.Findings, func(x flag.Finding) bool {
		return x.Category == category && d.points(&x)
	})
}

// points reports whether a finding is asserted and one of its spans overlaps
// words labelled with its category.
func (d *Document) points(x *flag.Finding) bool {
	if x.Status != flag.Asserted {
		return false
	}
	for _, span := range x.Spans {
		text := d.part(span.Part)
		if words(slice(text, span.Start, span.End)) > longestEvidence {
			continue
		}
		for _, quote := range d.quotes(x.Category) {
			if overlaps(text, []rune(quote), span.Start, span.End) {
				return true
			}
		}
	}
	return false
}

// overlaps reports whether quote stands anywhere in text so that it shares a
// code point with start to end.
func overlaps(text, quote []rune, start, end int) bool {
	for from := 0; ; from++ {
		i := index(text[from:], quote)
		if i < 0 {
			return false
		}
		from += i
		if start < from+len(quote) && end > from {
			return true
		}
	}
}

// index returns where quote begins in text, -1 where it does not stand.
func index(text, quote []rune) int {
	for i := 0; i+len(quote) <= len(text); i++ {
		if slices.Equal(text[i:i+len(quote)], quote) {
			return i
		}
	}
	return -1
}

// slice returns text[start:end] as far as there is any.
func slice(text []rune, start, end int) []rune {
	end = max(0, min(end, len(text)))
	return text[max(0, min(start, end)):end]
}

// words counts what white space separates, with the separators U+001C to
// U+001F, as the annotation's own scoring does.
func words(text []rune) int {
	n, inside := 0, false
	for _, r := range text {
		space := unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f
		if !space && !inside {
			n++
		}
		inside = !space
	}
	return n
}
