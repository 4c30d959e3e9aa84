package pipeline

import (
	"bytes"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// stream is a folded document: the words of all parts in one line, with a
// barrier (number 0, no place) before each sentence, so that no pattern
// matches across two sentences or two parts. Its memory is reused.
type stream struct {
	doc   *event.Document
	texts []text.Text // by part
	ids   []uint32
	toks  []token
	// barriers are the places of the barriers, by number of the sentence behind,
	// from 0 on, and at last where the stream ends. Sentences are counted from 1.
	barriers []int32
	sound    []byte // scratch
}

// token is a word of the stream and where it came from.
type token struct {
	part, sentence int32
	// start and end are bytes of the part's text.
	start, end int32
	// word is the token's index in texts[part].Tokens.
	word  int32
	flags text.Flag
	// exact: the number is that of the word itself, as folded.
	exact bool
}

// maxAcronym is the number of letters of the longest acronym that is looked
// for in spelled letters ("m d p h").
const maxAcronym = 6

// fold turns the document into a stream of word numbers.
func (s *stream) fold(doc *event.Document, p *lexicon.Program) {
	s.doc = doc
	s.ids, s.toks, s.barriers = s.ids[:0], s.toks[:0], s.barriers[:0]
	for len(s.texts) < len(doc.Parts) {
		s.texts = append(s.texts, text.Text{})
	}
	sentence := int32(0)
	for i := range doc.Parts {
		t := &s.texts[i]
		text.Fold(doc.Parts[i].Text, t)
		for j := 0; j < len(t.Tokens); {
			if j == 0 || t.Tokens[j].Flags&text.SentenceStart != 0 {
				sentence++
				s.barriers = append(s.barriers, int32(len(s.ids)))
				s.ids = append(s.ids, 0)
				s.toks = append(s.toks, token{part: int32(i), sentence: -1, word: -1})
			}
			j += s.add(p, i, j, sentence)
		}
	}
	s.barriers = append(s.barriers, int32(len(s.ids)))
}

// add appends the word at j of part i, and returns how many tokens it took.
func (s *stream) add(p *lexicon.Program, i, j int, sentence int32) int {
	t := &s.texts[i]
	k := t.Tokens[j]
	w := t.Word(j)
	tok := token{part: int32(i), sentence: sentence, start: k.Start, end: k.End, word: int32(j), flags: k.Flags}
	if len(w) == 1 {
		if n, id := spelled(p, t, j); n > 0 {
			tok.end = t.Tokens[j+n-1].End
			s.push(id, tok)
			return n
		}
	}
	id := p.Vocabulary.Lookup(k.Hash, w)
	tok.exact = id != 0
	if id == 0 || id > p.Spelled {
		if n := glued(p, w); n > 0 {
			tok.exact = false
			s.unglue(p, w, n, tok)
			return 1
		}
	}
	if id == 0 || id > p.Spelled {
		if heard := s.heard(p, w, k.Flags); heard != 0 {
			id, tok.exact = heard, false
		}
	}
	if id == 0 && k.Flags&text.Digits != 0 {
		id = p.NumberWords[min(len(w), len(p.NumberWords)-1)]
	}
	s.push(id, tok)
	return 1
}

// heard returns the word of the terms that sounds like a word which none of
// them spells ("uissié"), 0 for none. Another form of that word is left as it
// is: nothing says that it was misspelt. So is a name.
func (s *stream) heard(p *lexicon.Program, w []byte, flags text.Flag) uint32 {
	if len(w) < lexicon.ShortestSound || flags&text.Digits != 0 || flags&text.Capital != 0 && flags&text.Upper == 0 {
		return 0
	}
	s.sound = text.Sound(s.sound[:0], w)
	id := p.Sounds[string(s.sound)]
	if id == 0 || bytes.Equal(text.Stem(w), text.Stem([]byte(p.Vocabulary.Word(id)))) {
		return 0
	}
	return id
}

func (s *stream) push(id uint32, tok token) {
	s.ids = append(s.ids, id)
	s.toks = append(s.toks, tok)
}

// spelled looks for the longest acronym of the ruleset spelled from j on in
// single letters.
func spelled(p *lexicon.Program, t *text.Text, j int) (int, uint32) {
	var letters [maxAcronym]byte
	n := 0
	for n < maxAcronym && j+n < len(t.Tokens) && len(t.Word(j+n)) == 1 {
		if n > 0 && t.Tokens[j+n].Flags&text.SentenceStart != 0 {
			break
		}
		letters[n] = t.Word(j + n)[0]
		n++
	}
	for ; n > 1; n-- {
		if p.Acronyms[string(letters[:n])] {
			return n, p.Vocabulary.ID(letters[:n])
		}
	}
	return 0, 0
}

// elision returns the word that French elides to some letters, for texts that
// leave out the apostrophe ("jarrive", "cest", "quil").
func elision(letters []byte) (word string, ok bool) {
	switch string(letters) {
	case "j":
		return "je", true
	case "m":
		return "me", true
	case "t":
		return "te", true
	case "s":
		return "se", true
	case "d":
		return "de", true
	case "c":
		return "ce", true
	case "l":
		return "l", true
	case "n":
		return "", true
	case "qu":
		return "que", true
	}
	return "", false
}

// glued returns how many letters of an unknown word are an elision before a
// word that the ruleset spells, 0 for none. "j" also stands before consonants
// ("jpeux"), as people write what they say.
func glued(p *lexicon.Program, w []byte) int {
	for n := 1; n <= 2 && n+2 <= len(w); n++ {
		if _, ok := elision(w[:n]); !ok {
			continue
		}
		if id := p.Vocabulary.ID(w[n:]); id == 0 || id > p.Spelled {
			continue
		}
		switch w[n] {
		case 'a', 'e', 'i', 'o', 'u', 'y', 'h':
			return n
		}
		if w[0] == 'j' && n == 1 {
			return n
		}
	}
	return 0
}

// unglue pushes the two words of a glued one.
func (s *stream) unglue(p *lexicon.Program, w []byte, n int, tok token) {
	rest := tok
	if word, _ := elision(w[:n]); word == "" {
		rest.flags |= text.AfterNe
	} else {
		first := tok
		first.end = tok.start + int32(n)
		s.push(p.Vocabulary.ID([]byte(word)), first)
		rest.start = first.end
		rest.flags &^= text.SentenceStart | text.ClauseStart | text.LineStart
	}
	s.push(p.Vocabulary.ID(w[n:]), rest)
}

// wordAt returns the folded word at a place of the stream, nil at a barrier
// and at a word that was put together or taken apart.
func (s *stream) wordAt(i int) []byte {
	k := s.toks[i]
	if k.word < 0 {
		return nil
	}
	return s.texts[k.part].Word(int(k.word))
}
