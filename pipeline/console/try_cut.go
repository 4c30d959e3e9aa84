package console

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pkg/event"
)

// run is a stretch of a text in which the same signs stand.
type run struct {
	Text string
	// Skipped counts the characters left out here, in place of a text.
	Skipped int
	// Class is that of the page's style, "" without a sign; Struck: no sign of it
	// is asserted.
	Class  string
	Struck bool
	// Cue: the words here say how a sign is meant.
	Cue bool
	// Ends are the signs that end here.
	Ends []ended
}

// ended is a sign that ends: its number, and why it does not count, "" where it does.
type ended struct {
	N   int
	Why string
}

// alike reports whether a run looks like the next one, with nothing to say between them.
func (r *run) alike(next *run) bool {
	return r.Class == next.Class && r.Struck == next.Struck && r.Cue == next.Cue && len(r.Ends) == 0
}

// stretch is a place of a text in which a sign stands, or a cue of one.
type stretch struct {
	start, end int
	sign       *shownSign
	cue        bool
	// last: it is the sign's last place.
	last bool
}

// sweep calls each, from left to right, for what lies between two borders of
// stretches, which overlap as they like, with those that stand there.
func sweep(all []stretch, size int, each func(from, to int, open []stretch)) {
	borders := []int{0, size}
	for _, s := range all {
		borders = append(borders, s.start, s.end)
	}
	slices.Sort(borders)
	borders = slices.Compact(borders)
	slices.SortStableFunc(all, func(a, b stretch) int { return a.start - b.start })
	var open []stretch
	next := 0
	for i := 0; i+1 < len(borders); i++ {
		from, to := borders[i], borders[i+1]
		open = slices.DeleteFunc(open, func(s stretch) bool { return s.end <= from })
		for next < len(all) && all[next].start <= from {
			open = append(open, all[next])
			next++
		}
		each(from, to, open)
	}
}

// cut splits a text at the borders of stretches.
func cut(text string, all []stretch) (runs []run) {
	sweep(all, len(text), func(from, to int, open []stretch) {
		r := run{Text: text[from:to]}
		for _, s := range open {
			r.Cue = r.Cue || s.cue
			if s.end == to && s.last {
				end := ended{N: s.sign.N}
				if !s.sign.Asserted {
					end.Why = s.sign.Reason
				}
				r.Ends = append(r.Ends, end)
			}
		}
		r.Class, r.Struck = classOf(open)
		if n := len(runs); n > 0 && runs[n-1].alike(&r) {
			runs[n-1].Text, runs[n-1].Ends = runs[n-1].Text+r.Text, r.Ends
			return // the border was that of a sign that does not show here
		}
		runs = append(runs, r)
	})
	return runs
}

// classOf is the style of what stands in several signs: a named sign shows before
// indices, one that counts before one that does not, and then the first.
func classOf(open []stretch) (class string, struck bool) {
	rank := func(s *shownSign) int {
		switch {
		case s.Indices:
			return 2
		case !s.Asserted:
			return 1
		}
		return 0
	}
	var top *shownSign
	categories := make(map[string]bool)
	urgent := false
	for i := range open {
		s := open[i].sign
		if s == nil {
			continue
		}
		if top == nil || rank(s) < rank(top) {
			top = s
		}
		if rank(s) == 0 {
			categories[s.Category] = true
			urgent = urgent || s.Urgent
		}
	}
	if top == nil {
		return "", false
	}
	class = "sign cat-" + top.Category
	if top.Indices {
		class += " indices"
	}
	if len(categories) > 1 {
		class += " several"
	}
	if urgent {
		class += " urgent"
	}
	return class, !top.Asserted
}

// mostStretches are marked in the message, the others told below it.
const mostStretches = 400

// partsOf lays out the parts of a message with their signs, and says how many are
// left out.
func (c *Console) partsOf(doc *event.Document, signs []shownSign) (parts []part, more int) {
	stands, marked := make(map[int][]stretch), 0
	for i := range signs {
		s := &signs[i]
		for k, at := range s.places {
			if marked++; marked > mostStretches {
				break
			}
			last := k == len(s.places)-1 || s.places[k+1].Part != at.Part
			stands[at.Part] = append(stands[at.Part], stretch{start: at.Start, end: at.End, sign: s, last: last})
		}
		for _, at := range s.cues[:min(len(s.cues), mostQuotes)] {
			stands[at.Part] = append(stands[at.Part], stretch{start: at.Start, end: at.End, cue: true})
		}
	}
	size := 0
	for i := range doc.Parts {
		size += len(doc.Parts[i].Text)
	}
	for i := range doc.Parts {
		p := &doc.Parts[i]
		all := stands[i]
		if len(parts) >= mostParts || size > wholeText && len(all) == 0 && len(doc.Parts) > mostParts {
			more++
			continue
		}
		title, voice := titleOf(doc, p)
		runs := cut(p.Text, all)
		if size > wholeText {
			runs = abridge(runs)
		}
		parts = append(parts, part{title, voice, runs})
	}
	return parts, more
}

// abridge leaves out of a long text what stands far from any sign.
func abridge(runs []run) []run {
	var kept []run
	for i, r := range runs {
		if r.Class != "" || r.Cue || len(r.Text) <= 4*aroundSign {
			kept = append(kept, r)
			continue
		}
		head, tail := 0, len(r.Text)
		if i > 0 {
			head = wordEnd(r.Text, aroundSign)
		}
		if i+1 < len(runs) {
			tail = wordStart(r.Text, len(r.Text)-aroundSign)
		}
		if i == 0 && i+1 == len(runs) {
			head = wordEnd(r.Text, aroundSign) // no sign at all: how it begins
		}
		if head > 0 {
			kept = append(kept, run{Text: r.Text[:head]})
		}
		kept = append(kept, run{Skipped: utf8.RuneCountInString(r.Text[head:tail])})
		if tail < len(r.Text) {
			kept = append(kept, run{Text: r.Text[tail:]})
		}
	}
	return kept
}

// wordEnd is the first end of a word behind so many bytes, or a character's border.
func wordEnd(text string, at int) int {
	if i := strings.IndexFunc(text[:min(len(text), 2*at)][runeStart(text, at):], unicode.IsSpace); i >= 0 {
		return runeStart(text, at) + i
	}
	return runeStart(text, at)
}

// wordStart is the last beginning of a word before the byte at, or a character's border.
func wordStart(text string, at int) int {
	from := runeStart(text, max(0, at-aroundSign))
	if i := strings.LastIndexFunc(text[from:runeStart(text, at)], unicode.IsSpace); i >= 0 {
		return runeStart(text, from+i+1)
	}
	return runeStart(text, at)
}

// runeStart is the beginning of the character that the byte at belongs to.
func runeStart(text string, at int) int {
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return min(at, len(text))
}
