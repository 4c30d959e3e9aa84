package lexicon

import (
	"strings"

	"github.com/vigie-project/vigie/pkg/text"
)

// Indices is the compiled learned layer. Its indices are numbered from 0; all
// slices of rows are indexed by that number. The zero value is no learned layer.
type Indices struct {
	Base Weights
	// Weights by level and index.
	Weights [Levels][]Weights
	// Literal is the index of a literal of the program, -1 for none.
	Literal []int32
	// Parts are the parts of words as letters (see [Letters]), PartIndex the
	// index of each.
	Parts     [][]uint32
	PartIndex []int32
	// Before and After hold the index of a word of an agent's turn, by word number.
	Before, After map[uint32]int32
	// Factors is what an asserted factor counts beside its weight, by factor.
	Factors []Weights
	// Texts are the indices in their notation, for reports.
	Texts []string
}

// Len is the number of indices.
func (x *Indices) Len() int { return len(x.Texts) }

// edge stands before and after the letters of a word.
const edge = 1

// Letters appends a folded word as the numbers that Parts are written in: its
// bytes, between two edges.
func Letters(dst []uint32, word []byte) []uint32 {
	dst = append(dst, edge)
	for _, b := range word {
		dst = append(dst, uint32(b)+edge+1)
	}
	return append(dst, edge)
}

// partLetters returns the letters of a part in its notation.
func partLetters(notation string) []uint32 {
	inner := strings.Trim(notation, "-")
	all := Letters(nil, []byte(inner))
	if strings.HasPrefix(notation, "-") {
		all = all[1:]
	}
	if strings.HasSuffix(notation, "-") {
		all = all[:len(all)-1]
	}
	return all
}

// indices compiles the learned layer. Its words are numbered after those of
// the terms: Spelled keeps the two apart, so that the indices do not change
// how the terms read a text.
func (c *compiler) indices(source IndicesSource) {
	p := c.program
	p.Spelled = uint32(p.Vocabulary.Len())
	p.Sounds = sounds(p.Vocabulary)
	if source.empty() {
		return
	}
	x := &p.Indices
	x.Base = source.Base
	x.Before, x.After = map[uint32]int32{}, map[uint32]int32{}
	x.Factors = make([]Weights, len(p.Factors))
	numbers := map[string]int32{}
	var words [][]uint32
	var wordIndex []int32
	for level, rows := range source.Rows {
		for i := range rows {
			row := &rows[i]
			if row.Kind() == IndexFactor {
				// The row of a factor that was taken out of the lexicon weighs nothing.
				for f := range p.Factors {
					if p.Factors[f].ID == row.Text {
						x.Factors[f] = row.Weights
					}
				}
				continue
			}
			n, known := numbers[row.Text]
			if !known {
				n = int32(x.Len())
				numbers[row.Text] = n
				x.Texts = append(x.Texts, row.Text)
				for l := range x.Weights {
					x.Weights[l] = append(x.Weights[l], Weights{})
				}
			}
			x.Weights[level][n] = row.Weights
			if known {
				continue
			}
			switch row.Kind() {
			case IndexPart:
				x.Parts = append(x.Parts, partLetters(row.Text))
				x.PartIndex = append(x.PartIndex, n)
			case IndexBefore:
				x.Before[p.Vocabulary.Add(row.Text[len(PrefixBefore):])] = n
			case IndexAfter:
				x.After[p.Vocabulary.Add(row.Text[len(PrefixAfter):])] = n
			default:
				var ids []uint32
				for _, w := range strings.Split(row.Text, " ") {
					ids = append(ids, p.Vocabulary.Add(w))
				}
				words, wordIndex = append(words, ids), append(wordIndex, n)
			}
		}
	}
	index := map[int32]int32{}
	for i, ids := range words {
		index[c.literal(ids)] = wordIndex[i]
	}
	x.Literal = make([]int32, len(p.Literals))
	for i := range x.Literal {
		x.Literal[i] = -1
		if n, ok := index[int32(i)]; ok {
			x.Literal[i] = n
		}
	}
	p.NumberWords = numberWords(p.Vocabulary)
}

// maxNumberLength is the length from which numbers in digits are all one word.
const maxNumberLength = 12

// NumberName is the word that stands for all numbers in digits of a length
// that no term spells: "#3" for "780".
func NumberName(length int) string {
	const names = "#0 #1 #2 #3 #4 #5 #6 #7 #8 #9 #10#11#12"
	i := 3 * min(length, maxNumberLength)
	return strings.TrimSpace(names[i:min(i+3, len(names))])
}

func numberWords(v *text.Vocabulary) (ids [maxNumberLength + 1]uint32) {
	for n := range ids {
		ids[n] = v.ID([]byte(NumberName(n)))
	}
	return ids
}

// ShortestSound is the length in letters from which a word is recognised by
// its sound: shorter ones sound like too many others.
const ShortestSound = 7

// sounds lists the words of the terms by their sound. Of several that sound
// alike the first in the alphabet stands for all: a term that has one of the
// forms nearly always has the others.
func sounds(v *text.Vocabulary) map[string]uint32 {
	all := map[string]uint32{}
	for id := uint32(1); id <= uint32(v.Len()); id++ {
		word := v.Word(id)
		if len(word) < ShortestSound {
			continue
		}
		key := text.Sound(nil, []byte(word))
		if was, ok := all[string(key)]; len(key) > 0 && (!ok || word < v.Word(was)) {
			all[string(key)] = id
		}
	}
	return all
}
