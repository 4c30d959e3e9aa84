package text

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// Most of a text is words of plain letters with a blank or a comma between.
// [scanner.words] reads those, eight bytes at a time, and leaves all that needs
// a second look to [scanner.char].

// gaps holds what a byte between words adds to the gap, 0 for those that need
// a look at what stands around them.
var gaps = func() (table [256]gap) {
	for c := range utf8.RuneSelf {
		switch k := classes[c]; {
		case k == letter, k == digit, k == currency, c == '+', c == '&', c == '\v', c == '\f':
		default:
			table[c] = classGaps[k]
		}
	}
	return table
}()

// initial holds the bytes that may begin a word which [scanner.words] reads.
var initial = func() (table [256]bool) {
	for c := range utf8.RuneSelf {
		table[c] = classes[c] == letter
	}
	table[0xC3], table[0xC5] = true, true
	return table
}()

// words cuts the words and gaps from i on as long as they need no second look,
// and returns the place where one does, or the end.
func (s *scanner) words(i int) int {
	if s.open && s.piece().flags&Digits == 0 {
		return i
	}
	s.finish()
	for t := s.t; ; t.pieces = slices.Grow(t.pieces, 1) {
		begin := i
		if i = s.cut(i); i > begin {
			s.open = false
		}
		if len(t.pieces) < cap(t.pieces) {
			return i
		}
	}
}

// cut is words as long as there is room for pieces. It handles the plainest,
// up to seven ASCII letters, and leaves the others to long: what its loop
// changes should not need memory.
func (s *scanner) cut(i int) int {
	src, t := s.src, s.t
	pieces, k, g := t.pieces[:cap(t.pieces)], len(t.pieces), s.gap
	for k < len(pieces) && uint(i) < uint(len(src)) {
		if c := src[i]; !initial[c] {
			if gaps[c] == 0 {
				break
			}
			g = g.with(gaps[c], k == 0)
			i++
			continue
		}
		x := uint64(0)
		if i+8 <= len(src) {
			x = le64(src[i:])
		}
		stop := others(x)
		bits8 := bits.TrailingZeros64(stop) &^ 7
		after := uint8(x >> (bits8 & 63))
		mask := below(stop)
		word := (x | cases) & mask
		if stop == 0 || !ending[after] || bits8 == 0 || tripled8(word, mask) {
			t.pieces, s.gap = pieces[:k], g
			end := s.long(i)
			if end == i {
				break
			}
			i, g = end, 0
			k++
			continue
		}
		flags := Flag(0)
		if x&0x20 == 0 {
			flags = Capital
			if x&cases&mask == 0 {
				flags = Capital | Upper
			}
		}
		if g != gapSpace || k == 0 {
			t.pieces, s.gap = pieces[:k], g
			flags |= s.begins(i, flags&Capital != 0)
		}
		hash := sum(word, 0)
		rule := ruleIDs.find(hash)
		p := &pieces[k]
		p.set(word, 0, hash, bits8/8, i, flags, g, rule)
		k++
		if bits8 == 8 {
			t.pieces = pieces[:k]
			s.single()
		}
		i += bits8 / 8
		p.end = int32(i)
		g = 0
		if after == ' ' {
			i++
			g = gapSpace
		}
	}
	t.pieces, s.gap = pieces[:k], g
	return i
}

// long adds the word at i, of up to sixteen letters with or without accents,
// and returns the place behind it, or i if it needs a second look.
func (s *scanner) long(i int) int {
	var r run
	end := r.read(s.src, i)
	if end == i || tripled(r.first, r.rest, r.n) {
		return i
	}
	flags := r.flags
	if r.lead == 0 {
		flags |= Capital
		if r.small == 0 {
			flags |= Upper
		}
	}
	t := s.t
	if s.gap != gapSpace || len(t.pieces) == 0 {
		flags |= s.begins(i, r.lead == 0)
	}
	t.Accented = t.Accented || flags&Accented != 0
	hash := sum(r.first, r.rest)
	rule := ruleIDs.find(hash)
	t.pieces = t.pieces[:len(t.pieces)+1]
	p := s.piece()
	p.set(r.first, r.rest, hash, r.n, i, flags, s.gap, rule)
	p.end = int32(end)
	if r.n > short {
		p.rule = certain(p.rule, p.word[:r.n])
		if p.rule == 0 {
			p.ruled = 0
		}
	}
	if r.n == 1 {
		s.single()
	}
	s.gap = 0
	return end
}

// set fills a piece. It goes field by field, as a literal would be made
// elsewhere and then copied.
func (p *piece) set(first, rest, hash uint64, size, start int, flags Flag, g gap, rule uint16) {
	binary.LittleEndian.PutUint64(p.word[:8], first)
	binary.LittleEndian.PutUint64(p.word[8:], rest)
	p.hash, p.size, p.start = hash, int32(size), int32(start)
	p.flags, p.gap, p.rule, p.ruled = flags, g, rule&ruleNumber, handles(rule, flags)
}
