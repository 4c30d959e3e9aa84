package console

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

// Bounds of what is shown: an answer does not grow with its text.
const (
	// mostSigns are listed, the others counted.
	mostSigns = 80
	// mostParts of a message are shown, the others counted.
	mostParts = 80
	// wholeText is up to how many bytes a message is shown as a whole; of a longer
	// one, so many bytes around each sign.
	wholeText  = 6 << 10
	aroundSign = 140
)

// reading is a message with what was read in it, as the page shows it.
type reading struct {
	// Summary is a sentence for who does not see the page.
	Summary string
	// Of says what was read: a typed text, or which message of a file.
	Of       string
	Decision *decision
	Parts    []part
	// MoreParts and MoreSigns are not shown.
	MoreParts, MoreSigns int
	Signs                []shownSign
	// Marks are the places of the signs in the typed text, for the page's script;
	// Revision is the one that they belong to.
	Marks    string
	Revision string
	Link     string
}

// part is a part of the message with its signs marked.
type part struct {
	Title, Voice string
	Runs         []run
}

// shownSign is a term found, all places of one meaning together.
type shownSign struct {
	N             int
	Category      string
	Factor, Label string
	Term, Pattern string
	// Asserted: it counts; else Reason says why not. Indices: it is a faisceau,
	// whose Pattern lists indices.
	Asserted, Urgent, Indices bool
	Reason                    string
	Quotes                    []string
	MoreQuotes                int

	places []pipeline.Place
	spans  []flag.Span
	cues   []pipeline.Place
}

// layOut lays an account out for the page.
func (c *Console) layOut(in *input, doc *event.Document, a *pipeline.Account) *reading {
	signs := c.gather(doc, a)
	r := &reading{Decision: c.decide(a), Revision: in.revision, Link: in.link(), Of: in.told()}
	r.MoreSigns = max(0, len(signs)-mostSigns)
	r.Marks = marksOf(in, signs)
	r.Signs = signs[:min(len(signs), mostSigns)]
	r.Parts, r.MoreParts = c.partsOf(doc, r.Signs)
	r.Summary = r.Decision.sentence(len(signs))
	return r
}

// told says what was read.
func (in *input) told() string {
	switch {
	case in.fromFile:
		return "Lu dans le fichier, comme un texte simple."
	case in.file == nil || in.example != "":
		return ""
	case in.file.count == 1:
		return "Lu dans le fichier, au format " + in.file.format + "."
	}
	return fmt.Sprintf("Message %d sur %d du fichier, au format %s.", in.file.number, in.file.count, in.file.format)
}

// gather puts the findings of one term and one meaning together, in order of
// their first place, indices last, and numbers them.
func (c *Console) gather(doc *event.Document, a *pipeline.Account) []shownSign {
	var signs []shownSign
	known := make(map[string]int)
	add := func(x *pipeline.Explained) {
		reason := c.reasonOf(doc, x)
		key := x.Finding.Term + " " + string(x.Finding.Status) + " " + reason
		at, ok := known[key]
		if !ok {
			at = len(signs)
			known[key] = at
			signs = append(signs, shownSign{
				Category: x.Finding.Category, Factor: x.Finding.Factor, Label: cmp.Or(x.Label, c.Names(x.Finding.Factor)),
				Term: x.Finding.Term, Pattern: patternShown(x), Asserted: x.Finding.Status == flag.Asserted,
				Urgent: x.Finding.Severity == 4, Indices: strings.HasSuffix(x.Finding.Factor, flag.Faisceau), Reason: reason,
			})
		}
		s := &signs[at]
		for i, place := range x.Places {
			s.places, s.spans = append(s.places, place), append(s.spans, x.Finding.Spans[i])
		}
		if x.CueWords != "" {
			s.cues = append(s.cues, x.Cue)
		}
		if quote := strings.Join(x.Quotes, " … "); len(s.Quotes) < mostQuotes && !slices.Contains(s.Quotes, quote) {
			s.Quotes = append(s.Quotes, shorten(quote))
		} else if !slices.Contains(s.Quotes, quote) {
			s.MoreQuotes++
		}
	}
	for i := range a.Found {
		add(&a.Found[i])
	}
	for i := range a.Unspoken {
		add(&a.Unspoken[i])
	}
	slices.SortStableFunc(signs, func(a, b shownSign) int {
		if a.Indices != b.Indices {
			return map[bool]int{false: -1, true: 1}[a.Indices]
		}
		return comparePlaces(a.places[0], b.places[0])
	})
	for i := range signs {
		signs[i].N = i + 1
	}
	return signs
}

// patternShown is a term's pattern, of a long one the beginning; of a faisceau its
// indices, which are few.
func patternShown(x *pipeline.Explained) string {
	if strings.HasSuffix(x.Finding.Factor, flag.Faisceau) {
		return weightOfIndex.ReplaceAllString(x.Pattern, "$1,$2")
	}
	return shorten(x.Pattern)
}

// weightOfIndex is a weight as the program writes it.
var weightOfIndex = regexp.MustCompile(`([+-][0-9]+)\.([0-9]{3})\b`)

// mostQuotes are the different quotations of a sign that are listed.
const mostQuotes = 4

// mostQuoted is the longest quotation or pattern.
const mostQuoted = 200

func shorten(text string) string {
	if len(text) <= mostQuoted {
		return text
	}
	cut := mostQuoted
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + " […]"
}

func comparePlaces(a, b pipeline.Place) int {
	return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
}
