package lexicon

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/vigie-project/vigie/pkg/text"
)

// guard is a word put around a phrase before it is folded, so that the phrase
// is not taken for the beginning or end of a text, where folding drops more.
const guard = "zorg"

// phrases adds the expansions of simple nodes as literals of out. It reports
// whether one of them is empty after folding, and whether one has only words
// of one or two letters.
func (c *compiler) phrases(nodes []node, out Group, cond condition, at setting) (optional, weak bool) {
	head := literal{text: c.buffer[:0]}
	if !at.begins {
		head.text = append(head.text, guard+" "...)
	}
	c.expand(nodes, head, func(l literal) {
		c.buffer = l.text
		words, exact := c.fold(l, at.begins)
		if len(words) == 0 {
			optional = true
			return
		}
		weak = weak || c.weak(words)
		e := Emit{Group: out, Transcript: cond.transcript, Anchored: cond.anchored, Exact: exact}
		c.emit(words, e)
		if spoken := c.spoken(words, at); spoken != nil {
			c.emit(spoken, e)
		}
	})
	return optional, weak
}

// fold returns the words of a phrase as texts will have them, and the exact
// spellings where the phrase asks for some. Unless the phrase begins a text,
// the guard stands before it. The words are overwritten by the next call.
func (c *compiler) fold(l literal, begins bool) (words []uint32, exact []string) {
	after := 1
	if bytes.HasSuffix(l.text, []byte("'")) {
		l.text = append(l.text, "abri"...) // an elision wants its vowel
		after = 2
	}
	text.Fold(string(append(l.text, " "+guard...)), &c.folded)
	tokens := c.folded.Tokens[:max(len(c.folded.Tokens)-after, 0)]
	words = c.words[:0]
	for i, t := range tokens {
		if !begins && i == 0 {
			continue
		}
		words = append(words, c.number(c.folded.Word(i)))
		for _, r := range l.exact {
			if int(t.Start) >= r[0] && int(t.End) <= r[1] {
				if exact == nil {
					exact = make([]string, len(tokens))
				}
				exact[len(words)-1] = strings.ToLower(norm.NFC.String(c.folded.Source[t.Start:t.End]))
			}
		}
	}
	c.words = words
	if exact != nil {
		exact = exact[:len(words)]
	}
	return words, exact
}

// number returns the number of a folded word, a new one if need be.
func (c *compiler) number(word []byte) uint32 {
	if id := c.program.Vocabulary.ID(word); id != 0 {
		return id
	}
	return c.program.Vocabulary.Add(string(word))
}

// emit adds a literal, or a meaning to a literal that is there already.
func (c *compiler) emit(words []uint32, e Emit) {
	p, i := c.program, c.literal(words)
	same := func(o Emit) bool {
		return o.Group == e.Group && o.Transcript == e.Transcript && o.Anchored == e.Anchored && slices.Equal(o.Exact, e.Exact)
	}
	if !slices.ContainsFunc(p.Emits[i], same) {
		p.Emits[i] = append(p.Emits[i], e)
	}
}

// literal returns the number of a literal, a new one if need be.
func (c *compiler) literal(words []uint32) int32 {
	c.key = c.key[:0]
	for _, w := range words {
		c.key = binary.LittleEndian.AppendUint32(c.key, w)
	}
	p := c.program
	i, ok := c.literals[string(c.key)]
	if !ok {
		i = int32(len(p.Literals))
		c.literals[string(c.key)] = i
		p.Literals = append(p.Literals, slices.Clone(words))
		p.Emits = append(p.Emits, nil)
	}
	return i
}

// weak reports whether all words have one or two letters; acronyms and numbers
// are not weak.
func (c *compiler) weak(words []uint32) bool {
	for _, id := range words {
		w := c.program.Vocabulary.Word(id)
		if len(w) > 2 || c.program.Acronyms[w] || strings.ContainsAny(w, "0123456789") {
			return false
		}
	}
	return true
}
