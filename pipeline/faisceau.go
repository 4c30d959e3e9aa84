package pipeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// faisceau is a category that many weak indices made, or helped to make.
type faisceau struct {
	category int
	// urgent: they made the route urgent, too.
	urgent bool
	// places of the strongest of them.
	places []place
}

// faisceauSeverity is the severity of a category that indices made: no named
// sign stands for more.
const faisceauSeverity = 2

// mostShown is how many places of a passage a faisceau shows.
const mostShown = 12

// indexAt is one occurrence of an index; at is empty for a word of the agent's.
type indexAt struct {
	index int32
	at    place
}

// show fills in the places of the faisceaux: the strongest indices of the
// passage that says most for the category, and for the urgent route.
func (r *reader) show(v *verdict, l *learned, s *stream, p *lexicon.Program) {
	for i := range v.faisceaux {
		f := &v.faisceaux[i]
		f.places = r.strongest(l.best[f.category], f.category, s, p)
		if f.urgent {
			f.places = append(f.places, r.strongest(l.best[lexicon.DecisionUrgent], lexicon.DecisionUrgent, s, p)...)
		}
		slices.SortFunc(f.places, comparePlaces)
		f.places = slices.Compact(f.places)
	}
}

// occurrences lists the occurrences of indices in a passage.
func (r *reader) occurrences(s *stream, passage int) []indexAt {
	at := r.passages[passage]
	r.hits = r.hits[:0]
	for _, x := range r.pairs {
		if x.at.start >= at.start && x.at.end <= at.end {
			r.hits = append(r.hits, x)
		}
	}
	for i := at.start; i < at.end; i++ {
		here := place{i, i + 1}
		if n := r.weighing.rows[s.ids[i]].word; n >= 0 {
			r.hits = append(r.hits, indexAt{n, here})
		}
		for _, n := range r.partsOf(r.rows[i]) {
			r.hits = append(r.hits, indexAt{n, here})
		}
	}
	r.listen(s, at.part)
	for _, list := range [][]int32{r.asked, r.answered} {
		for _, n := range list {
			r.hits = append(r.hits, indexAt{index: n})
		}
	}
	return r.hits
}

// partsOf returns the indices that are parts of the word of a row.
func (r *reader) partsOf(row int32) []int32 {
	if row >= int32(len(r.weighing.rows)) {
		return r.unknown.parts(row)
	}
	x := &r.weighing.rows[row]
	return r.weighing.parts[x.from:x.to]
}

// strongest returns the places of the indices that weigh most for a decision
// in a passage, without overlaps; the passage itself where none of its own
// words weighs for it (the agent's condolences do, say).
func (r *reader) strongest(passage, decision int, s *stream, p *lexicon.Program) []place {
	r.heavy = r.heavy[:0]
	for _, h := range r.occurrences(s, passage) {
		if h.at.end == h.at.start {
			continue
		}
		w := p.Indices.Weights[lexicon.Passage][h.index][decision]
		if n := len(r.heavy); n > 0 && r.heavy[n-1].place == h.at { // those of a word come together
			r.heavy[n-1].weight += w
		} else {
			r.heavy = append(r.heavy, weighed{h.at, w})
		}
	}
	slices.SortFunc(r.heavy, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), comparePlaces(a.place, b.place))
	})
	var kept []place
	for _, x := range r.heavy {
		if len(kept) < mostShown && x.weight > 0 && !slices.ContainsFunc(kept, x.overlaps) {
			kept = append(kept, x.place)
		}
	}
	if len(kept) == 0 {
		kept = append(kept, r.passages[passage].place)
	}
	return kept
}

// weighed is a place with the weight of all its indices for a decision.
type weighed struct {
	place
	weight int32
}

// told lists the indices at the places of a faisceau with their weights for
// its category, as the file of indices has them: words before parts of words,
// the heaviest first.
func (r *reader) told(f *faisceau, s *stream, p *lexicon.Program) string {
	type indexTold struct {
		text   string
		weight int32
	}
	var list []indexTold
	for i := range r.passages {
		if !slices.ContainsFunc(f.places, r.passages[i].overlaps) {
			continue // none of its indices stands at such a place
		}
		for _, h := range r.occurrences(s, i) {
			if !slices.ContainsFunc(f.places, func(at place) bool { return at.covers(h.at) }) || h.at.end == h.at.start {
				continue
			}
			one := indexTold{p.Indices.Texts[h.index], p.Indices.Weights[lexicon.Passage][h.index][f.category]}
			if one.weight != 0 && !slices.Contains(list, one) {
				list = append(list, one)
			}
		}
	}
	part := func(x indexTold) int { // a word says more to a reader than its letters
		if lexicon.IndexKindOf(x.text) == lexicon.IndexPart {
			return 1
		}
		return 0
	}
	slices.SortFunc(list, func(a, b indexTold) int {
		return cmp.Or(part(a)-part(b), cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text))
	})
	var b strings.Builder
	for i, one := range list[:min(len(list), mostTold)] {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %+.3f", one.text, float64(one.weight)/1000)
	}
	return b.String()
}

// mostTold is how many indices of a faisceau are listed.
const mostTold = 24

// finding shows the strongest indices.
func (f *faisceau) finding(s *stream, p *lexicon.Program) flag.Finding {
	id := p.Categories[f.category].ID + flag.Faisceau
	x := flag.Finding{
		Category: p.Categories[f.category].ID, Factor: id, Term: id + "/" + noPattern,
		Severity: faisceauSeverity, Status: flag.Asserted,
	}
	for _, at := range f.places {
		x.Spans = append(x.Spans, s.span(at))
	}
	return x
}
