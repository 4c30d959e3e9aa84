package pipeline

import (
	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/flag"
)

// Quotes returns the words of each span of f with up to so many around them,
// of the same run of text: a quotation does not reach into what somebody else
// said. f is the flag of the record that was judged last.
func (c *Classifier) Quotes(f *flag.Flag, around int) []flag.Quote {
	s := &c.stream
	starts, ends := s.points()
	var quotes []flag.Quote
	for _, x := range f.Findings {
		for _, span := range x.Spans {
			first, found := starts[point{span.Part, span.Start}]
			last, ended := ends[point{span.Part, span.End}]
			if found && ended {
				quotes = append(quotes, flag.Quote{Term: x.Term, Span: span, Text: s.quote(s.widen(first, last, around))})
			}
		}
	}
	return quotes
}

// point is a code point of a carried part.
type point struct {
	part string
	at   int
}

// points says where words begin and end in the carried parts, as spans have it:
// the numbers of their tokens.
func (s *stream) points() (starts, ends map[point]int) {
	starts, ends = make(map[point]int), make(map[point]int)
	for i, tok := range s.toks {
		if tok.sentence >= 0 {
			p := &s.doc.Parts[tok.part]
			starts[point{p.Name, p.Point(int(tok.start))}] = i
			ends[point{p.Name, p.PointEnd(int(tok.end))}] = i
		}
	}
	return starts, ends
}

// widen is the place from first to last with up to so many words of the same
// part before and behind.
func (s *stream) widen(first, last, around int) place {
	part := s.toks[first].part
	reach := func(i, step int) int {
		for n := 0; n < around; {
			next := i + step
			for next >= 0 && next < len(s.toks) && s.toks[next].sentence < 0 {
				next += step
			}
			if next < 0 || next >= len(s.toks) || s.toks[next].part != part {
				break
			}
			i = next
			n++
		}
		return i
	}
	return place{int32(reach(first, -1)), int32(reach(last, 1) + 1)}
}

// evidenceMessage is the words behind a flag as they are written; ok is false
// where there are none, as behind what a person declared.
func evidenceMessage(e *flag.Evidence, version string) (m kafkago.Message, ok bool) {
	m = kafkago.Message{Key: flagKey(e.Flag), Value: e.AppendJSON(nil), Headers: []kafkago.Header{contentType}, WriterData: e}
	return withHeaders(m, headerVersion, version), len(e.Quotes) > 0
}

// shrinkEvidence makes evidence smaller that is too large for its topic: half
// of its quotes go, of the last one half of its text. ok is false when nothing
// is left to take.
func shrinkEvidence(m kafkago.Message) (_ kafkago.Message, ok bool) {
	e := *m.WriterData.(*flag.Evidence)
	switch n := len(e.Quotes); {
	case n > 1:
		e.Quotes = e.Quotes[:n/2]
	case n == 1 && len(e.Quotes[0].Text) > 1:
		q := e.Quotes[0]
		runes := []rune(q.Text)
		q.Text = string(runes[:len(runes)/2])
		e.Quotes = []flag.Quote{q}
	default:
		return m, false
	}
	m.Value, m.WriterData = e.AppendJSON(nil), &e
	return m, true
}
