package pipeline

import (
	"cmp"
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
)

// Passage is a piece of what somebody said, as written: the words that findings
// stand on and some around them.
type Passage struct {
	// Part of the event, as spans name it.
	Part string
	Runs []Run
}

// Run is a stretch of a passage; Found says that a finding stands there.
type Run struct {
	Text  string
	Found bool
}

// Passages returns what the findings of f stand on, with up to so many words
// around each, in the order of the text; places that are near each other share
// a passage. f is the flag of the record that was judged last.
func (c *Classifier) Passages(f *flag.Flag, around int) []Passage {
	s := &c.stream
	starts, ends := s.points()
	var found []place
	for _, x := range f.Findings {
		for _, span := range x.Spans {
			first, begins := starts[point{span.Part, span.Start}]
			last, stops := ends[point{span.Part, span.End}]
			if begins && stops {
				found = append(found, place{int32(first), int32(last + 1)})
			}
		}
	}
	slices.SortFunc(found, func(a, b place) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	var passages []Passage
	var wide place
	var inside []place // of the passage in hand
	finish := func() {
		if inside != nil {
			passages = append(passages, s.passage(wide, inside))
		}
	}
	for _, at := range found {
		w := s.widen(int(at.start), int(at.end-1), around)
		if inside == nil || w.start >= wide.end || s.toks[w.start].part != s.toks[wide.start].part {
			finish()
			wide, inside = w, nil
		}
		wide.end = max(wide.end, w.end)
		inside = append(inside, at)
	}
	finish()
	return passages
}

// passage cuts wide into what was found, which stands in order, and what lies
// between.
func (s *stream) passage(wide place, found []place) Passage {
	part := &s.doc.Parts[s.toks[wide.start].part]
	p := Passage{Part: part.Name}
	done := s.toks[wide.start].start
	add := func(to int32, found bool) {
		if to > done {
			p.Runs = append(p.Runs, Run{part.Text[done:to], found})
			done = to
		}
	}
	for _, at := range found {
		add(s.toks[at.start].start, false)
		add(s.toks[at.end-1].end, true)
	}
	add(s.toks[wide.end-1].end, false)
	return p
}
