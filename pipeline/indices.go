package pipeline

import (
	"math"
	"slices"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// Passages of the learned layer: so many of the person's words in a row within
// one part, each passage overlapping the one before by half. Punctuation does
// not bound them: most of these texts have none.
const (
	passageWords = 24
	passageStep  = passageWords / 2
)

// fewWords is the number of words that a shorter passage or document is taken
// for: a lone word must not weigh as much as a sentence. In a document of no more
// words the indices do not speak against a factor either: that nothing else is said
// is no reason to doubt "je suis sourd" (ADR 7).
const fewWords = 8

// passage is a stretch of own words of the stream.
type passage struct {
	place
	part int32
}

// learned is what the learned layer makes of a document, by decision, in the
// unit of the factors' weights.
type learned struct {
	score [lexicon.Decisions]float64
	// trust is how much more or less the asserted factors mean than they weigh.
	trust [lexicon.Decisions]float64
	// best is the passage that says most, -1 for none.
	best [lexicon.Decisions]int
	// brief: the text is too short to speak against a sign.
	brief bool
}

// reader reads the learned layer. Its memory is reused.
type reader struct {
	weighing *weighing
	passages []passage
	// rows are the rows of weighing of each word of the stream; those of words
	// that no lexicon knows are made here.
	rows    []int32
	unknown unknownWords
	// pairs are the indices of several words, in order of their ends.
	pairs []indexAt
	// asked and answered are the indices of the agent's turns before and after
	// the part that is looked at.
	asked, answered []int32
	balance         balance
	hits            []indexAt // of the passage that is shown
	heavy           []weighed // places of the same
}

func newReader(w *weighing) reader {
	return reader{weighing: w, balance: newBalance(w)}
}

// read weighs the indices of a document: the passage that says most, and the
// document as a whole. pairs are the indices of several words found in the
// stream, in order of their ends.
func (r *reader) read(s *stream, pairs []indexAt, p *lexicon.Program) (l learned) {
	x := &p.Indices
	for d := range l.best {
		l.best[d] = -1
	}
	if x.Len() == 0 {
		return l
	}
	r.split(s)
	r.lookUp(s)
	r.pairs = pairs
	r.balance.begin()
	var best [lexicon.Decisions]float64
	part := int32(-1)
	for i, at := range r.passages {
		if at.part != part {
			part = at.part
			r.listen(s, part)
		}
		for len(pairs) > 0 && pairs[0].at.end <= at.start {
			pairs = pairs[1:]
		}
		r.weigh(i, pairs)
		sum := r.balance.passage()
		sums := sum.unpack()
		scale := rootScale(int(at.end-at.start)) / 1000
		for d := range sums {
			if score := float64(sums[d]) * scale; l.best[d] < 0 || score > best[d] {
				best[d], l.best[d] = score, i
			}
		}
	}
	whole := r.balance.whole.unpack()
	words := r.words()
	l.brief = words <= fewWords
	scale := rootScale(words) / 1000
	for d := range l.score {
		// The conversion keeps the product from being fused with the sum.
		l.score[d] = best[d] + float64(float64(whole[d])*scale) + float64(x.Base[d])/1000
	}
	return l
}

// lookUp finds the rows of the words of all passages.
func (r *reader) lookUp(s *stream) {
	r.rows = slices.Grow(r.rows[:0], len(s.ids))[:len(s.ids)]
	r.unknown.reset(r.weighing)
	for i, id := range s.ids {
		r.rows[i] = int32(id)
	}
	seen := int32(0)
	for _, at := range r.passages {
		for i := max(at.start, seen); i < at.end; i++ {
			if s.ids[i] != 0 {
				continue
			}
			if w := s.wordAt(int(i)); w != nil && s.toks[i].flags&text.Digits == 0 {
				r.rows[i] = r.unknown.add(w)
			}
		}
		seen = at.end
	}
}

// listen lists the indices of the agent's turns beside a part.
func (r *reader) listen(s *stream, part int32) {
	r.asked = beside(s, part-1, r.weighing.before, r.asked[:0])
	r.answered = beside(s, part+1, r.weighing.after, r.answered[:0])
}

// beside appends the indices of the words of an agent's turn.
func beside(s *stream, part int32, indices []int32, dst []int32) []int32 {
	if part < 0 || int(part) >= len(s.doc.Parts) || s.doc.Parts[part].Voice != event.Agent {
		return dst
	}
	for i := s.partStart(part); int(i) < len(s.toks) && s.toks[i].part == part; i++ {
		if n := indices[s.ids[i]]; n >= 0 {
			dst = append(dst, n)
		}
	}
	return dst
}

// weigh counts the indices of a passage, for it and for the document. Of one that
// overlaps the one before it by half, that half is counted.
func (r *reader) weigh(i int, pairs []indexAt) {
	at := r.passages[i]
	half := min(at.start+passageStep, at.end)
	if i == 0 || r.passages[i-1].part != at.part || r.passages[i-1].start+passageStep != at.start {
		r.balance.part()
		r.weighBlock(r.rows[at.start:half])
	}
	r.weighBlock(r.rows[half:at.end])
	for _, x := range pairs {
		if x.at.end > at.end {
			break
		}
		if x.at.start >= at.start {
			r.balance.one(x.index)
		}
	}
	for _, n := range r.asked {
		r.balance.one(n)
	}
	for _, n := range r.answered {
		r.balance.one(n)
	}
}

func (r *reader) weighBlock(rows []int32) {
	r.balance.next()
	for _, row := range rows {
		if row >= int32(len(r.weighing.rows)) {
			r.balance.each(r.unknown.parts(row))
			continue
		}
		r.balance.word(row)
	}
}

// believe adds what the learned layer knows of the asserted factors beside their weights.
func (l *learned) believe(factors []int, p *lexicon.Program) {
	if len(p.Indices.Factors) > 0 {
		var sums lexicon.Weights
		for _, f := range factors {
			sums.Add(&p.Indices.Factors[f])
		}
		for d, w := range sums {
			l.trust[d] = float64(w) / 1000
		}
	}
	if l.brief { // of the categories; an alarm is weighed as ever
		for d := range lexicon.DecisionUrgent {
			l.trust[d], l.score[d] = max(l.trust[d], 0), max(l.score[d], 0)
		}
	}
}

// warns reports whether the indices have a say in the urgent route.
func (l *learned) warns(p *lexicon.Program) bool {
	return p.Indices.Len() > 0 && l.best[lexicon.DecisionUrgent] >= 0
}

// rootScale is what sums over so many words are multiplied by: one over the
// square root, as a longer text has more of everything. Square root and
// division are exact on every processor.
func rootScale(words int) float64 { return 1 / math.Sqrt(float64(max(words, fewWords))) }

// words counts the words of all passages, each once: those of a part overlap.
func (r *reader) words() (n int) {
	for i, at := range r.passages {
		n += int(at.end - at.start)
		if i > 0 && r.passages[i-1].part == at.part {
			n -= int(r.passages[i-1].end - at.start)
		}
	}
	return n
}

// split cuts the person's words into passages.
func (r *reader) split(s *stream) {
	r.passages = r.passages[:0]
	for i := int32(0); i < int32(len(s.toks)); {
		part := s.toks[i].part
		end := i
		for end < int32(len(s.toks)) && s.toks[end].part == part {
			end++
		}
		if s.toks[i].sentence < 0 {
			i++ // the barrier before the first sentence
		}
		if s.doc.Parts[part].Voice.Own() {
			r.passages = cut(r.passages, passage{place{i, end}, part})
		}
		i = end
	}
}

// cut appends the passages of a part. The last one is as long as the others.
func cut(dst []passage, whole passage) []passage {
	start := whole.start
	for whole.end-start > passageWords {
		dst = append(dst, passage{place{start, start + passageWords}, whole.part})
		start = min(start+passageStep, whole.end-passageWords)
	}
	return append(dst, passage{place{start, whole.end}, whole.part})
}
