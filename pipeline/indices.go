package pipeline

import (
	"math"
	"slices"

	"github.com/vigie-project/vigie/pkg/automaton"
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
// for: a lone word must not weigh as much as a sentence.
const fewWords = 8

// passage is a stretch of own words of the stream.
type passage struct {
	place
	part int32
}

// indexAt is one occurrence of an index; at is empty for a word of the agent's.
type indexAt struct {
	index int32
	at    place
}

// learned is what the learned layer makes of a document, by decision, in the
// unit of the factors' weights.
type learned struct {
	score [lexicon.Decisions]float64
	// trust is how much more or less the asserted factors mean than they weigh.
	trust [lexicon.Decisions]float64
	// best is the passage that says most, -1 for none.
	best [lexicon.Decisions]int
}

// reader reads the learned layer. Its memory is reused.
type reader struct {
	letters automaton.Engine
	// parts holds, by word number, the indices that are parts of the word.
	parts    [][]int32
	passages []passage
	hits     []indexAt
	from     []int // by passage, where its hits begin; one entry more
	stamp    []uint32
	now      uint32
	spelling []uint32
	matches  []automaton.Match
	unknown  []int32
}

// newParts finds the parts of every word of the vocabulary once.
func newParts(p *lexicon.Program, letters automaton.Engine) [][]int32 {
	if len(p.Indices.Parts) == 0 {
		return nil
	}
	r := reader{letters: letters}
	parts := make([][]int32, p.Vocabulary.Len()+1)
	for id := 1; id < len(parts); id++ {
		parts[id] = slices.Clone(r.partsOf(p, []byte(p.Vocabulary.Word(uint32(id)))))
	}
	return parts
}

// partsOf returns the indices that are parts of a word, each once.
func (r *reader) partsOf(p *lexicon.Program, word []byte) []int32 {
	r.spelling = lexicon.Letters(r.spelling[:0], word)
	r.matches = r.letters.Find(r.spelling, r.matches[:0])
	r.unknown = r.unknown[:0]
	for _, m := range r.matches {
		r.unknown = append(r.unknown, p.Indices.PartIndex[m.Pattern])
	}
	slices.Sort(r.unknown)
	r.unknown = slices.Compact(r.unknown)
	return r.unknown
}

// read weighs the indices of a document: the passage that says most, and the
// document as a whole. matches are the literals found in the stream, in order
// of their ends.
func (r *reader) read(s *stream, matches []automaton.Match, p *lexicon.Program) (l learned) {
	x := &p.Indices
	for d := range l.best {
		l.best[d] = -1
	}
	if x.Len() == 0 {
		return l
	}
	if len(r.stamp) != x.Len() {
		r.stamp = make([]uint32, x.Len())
	}
	r.split(s)
	r.collect(s, matches, p)
	var best [lexicon.Decisions]float64
	for i, at := range r.passages {
		sums := r.sum(r.hits[r.from[i]:r.from[i+1]], x.Weights[lexicon.Passage])
		scale := rootScale(int(at.end-at.start)) / 1000
		for d := range sums {
			if score := float64(sums[d]) * scale; l.best[d] < 0 || score > best[d] {
				best[d], l.best[d] = score, i
			}
		}
	}
	whole := r.sum(r.hits, x.Weights[lexicon.Whole])
	scale := rootScale(r.words()) / 1000
	for d := range l.score {
		// The conversion keeps the product from being fused with the sum.
		l.score[d] = best[d] + float64(float64(whole[d])*scale) + float64(x.Base[d])/1000
	}
	return l
}

// believe adds what the learned layer knows of the asserted factors beside their weights.
func (l *learned) believe(factors []int, p *lexicon.Program) {
	if len(p.Indices.Factors) == 0 {
		return
	}
	var sums lexicon.Weights
	for _, f := range factors {
		sums.Add(&p.Indices.Factors[f])
	}
	for d, w := range sums {
		l.trust[d] = float64(w) / 1000
	}
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

// collect lists the occurrences of indices by passage.
func (r *reader) collect(s *stream, matches []automaton.Match, p *lexicon.Program) {
	x := &p.Indices
	r.hits, r.from = r.hits[:0], r.from[:0]
	first := 0
	for _, at := range r.passages {
		r.from = append(r.from, len(r.hits))
		for first < len(matches) && matches[first].End <= at.start {
			first++
		}
		for _, m := range matches[first:] {
			if m.End > at.end {
				break
			}
			if n := x.Literal[m.Pattern]; n >= 0 && m.Start >= at.start {
				r.hits = append(r.hits, indexAt{n, place{m.Start, m.End}})
			}
		}
		if len(x.Parts) > 0 {
			for i := at.start; i < at.end; i++ {
				for _, n := range r.partsAt(s, i, p) {
					r.hits = append(r.hits, indexAt{n, place{i, i + 1}})
				}
			}
		}
		r.beside(s, at.part-1, x.Before)
		r.beside(s, at.part+1, x.After)
	}
	r.from = append(r.from, len(r.hits))
}

// partsAt returns the indices that are parts of a word of the stream.
func (r *reader) partsAt(s *stream, i int32, p *lexicon.Program) []int32 {
	if id := s.ids[i]; id != 0 {
		return r.parts[id]
	}
	if w := s.wordAt(int(i)); w != nil && s.toks[i].flags&text.Digits == 0 {
		return r.partsOf(p, w)
	}
	return nil
}

// beside lists the words of the agent's turn beside a passage.
func (r *reader) beside(s *stream, part int32, words map[uint32]int32) {
	if len(words) == 0 || part < 0 || int(part) >= len(s.doc.Parts) || s.doc.Parts[part].Voice != event.Agent {
		return
	}
	for i := s.partStart(part); int(i) < len(s.toks) && s.toks[i].part == part; i++ {
		if n, ok := words[s.ids[i]]; ok {
			r.hits = append(r.hits, indexAt{index: n})
		}
	}
}

// sum adds up the weights of the indices that occur, each once.
func (r *reader) sum(hits []indexAt, weights []lexicon.Weights) (sums lexicon.Weights) {
	r.now++
	for _, h := range hits {
		if r.stamp[h.index] != r.now {
			r.stamp[h.index] = r.now
			sums.Add(&weights[h.index])
		}
	}
	return sums
}
