package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// ownWords holds, by term, the words that its pattern spells out and that some
// cue spells too, as word numbers. It is shared and only read.
type ownWords [][]uint32

// newOwnWords reads the patterns of a program.
func newOwnWords(p *lexicon.Program) ownWords {
	cues := cueWords(p)
	own := make(ownWords, len(p.Terms))
	var folded text.Text
	for i := range p.Terms {
		text.Fold(p.Terms[i].Pattern, &folded)
		for j := range folded.Tokens {
			if id := p.Vocabulary.ID(folded.Word(j)); cues[id] {
				own[i] = append(own[i], id)
			}
		}
	}
	return own
}

// cueWords collects the words of the literals that belong to cues.
func cueWords(p *lexicon.Program) map[uint32]bool {
	words := make(map[uint32]bool)
	for i, emits := range p.Emits {
		for _, e := range emits {
			for _, u := range p.Uses[e.Group] {
				if u.Kind == lexicon.UseCue {
					for _, id := range p.Literals[i] {
						words[id] = true
					}
				}
			}
		}
	}
	return words
}

// holds reports whether every word of a place is the term's own.
func (o ownWords) holds(term int32, s *stream, at place) bool {
	for _, id := range s.ids[at.start:at.end] {
		if !slices.Contains(o[term], id) {
			return false
		}
	}
	return true
}
