package pipeline

import (
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// ownWords holds, by term, the words that its pattern spells out, itself or by
// its classes, and that some cue spells too. It is shared and only read.
type ownWords struct {
	// bits numbers the words of cues.
	bits map[uint32]int
	// terms holds a set of such numbers for each term.
	terms []bitset
}

// bitset is a set of small numbers.
type bitset []uint64

func (b bitset) has(i int) bool { return len(b) > 0 && b[i/64]&(1<<(i%64)) != 0 }

func (b *bitset) join(c bitset, size int) {
	if len(c) == 0 {
		return
	}
	if *b == nil {
		*b = make(bitset, size)
	}
	for i, x := range c {
		(*b)[i] |= x
	}
}

// newOwnWords collects the words of literals by group, then follows the
// sequences, which stand in order of their dependencies, to the terms.
func newOwnWords(p *lexicon.Program) ownWords {
	own := ownWords{bits: cueWords(p), terms: make([]bitset, len(p.Terms))}
	size := len(own.bits)/64 + 1
	groups := make([]bitset, p.Groups)
	words := make(bitset, size)
	for i, emits := range p.Emits {
		clear(words)
		some := false
		for _, id := range p.Literals[i] {
			if k, ok := own.bits[id]; ok {
				words[k/64] |= 1 << (k % 64)
				some = true
			}
		}
		for k := 0; some && k < len(emits); k++ {
			groups[emits[k].Group].join(words, size)
		}
	}
	for _, s := range p.Sequences {
		for _, step := range s.Steps {
			groups[s.Out].join(groups[step.Group], size)
		}
	}
	for g, uses := range p.Uses {
		for _, u := range uses {
			switch u.Kind {
			case lexicon.UseTerm:
				own.terms[u.Index].join(groups[g], size)
			case lexicon.UseFirst, lexicon.UseSecond:
				own.terms[p.Structures[u.Index].Term].join(groups[g], size)
			}
		}
	}
	return own
}

// cueWords numbers the words of the literals that belong to cues, those of
// their classes too.
func cueWords(p *lexicon.Program) map[uint32]int {
	cues := make([]bool, p.Groups)
	for g, uses := range p.Uses {
		for _, u := range uses {
			cues[g] = cues[g] || u.Kind == lexicon.UseCue
		}
	}
	// Backwards, so that a group that a cue needs is known before its own steps.
	for i := len(p.Sequences) - 1; i >= 0; i-- {
		if s := &p.Sequences[i]; cues[s.Out] {
			for _, step := range s.Steps {
				cues[step.Group] = true
			}
		}
	}
	words := make(map[uint32]int)
	for i, emits := range p.Emits {
		for _, e := range emits {
			if !cues[e.Group] {
				continue
			}
			for _, id := range p.Literals[i] {
				if _, ok := words[id]; !ok {
					words[id] = len(words)
				}
			}
		}
	}
	return words
}

// holds reports whether every word of a place is the term's own.
func (o *ownWords) holds(term int32, s *stream, at place) bool {
	for _, id := range s.ids[at.start:at.end] {
		if k, ok := o.bits[id]; !ok || !o.terms[term].has(k) {
			return false
		}
	}
	return true
}
