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

// reach is how far behind a word's beginning cut looks: its letters, what stands
// behind them and a little more.
const reach = wide + 8

// cut is words as long as there is room for pieces. The plainest words, up to
// fifteen letters, go without a branch that depends on their length or on a
// blank, comma or apostrophe behind them: a processor guesses those wrong, and
// that costs more than reading the word.
func (s *scanner) cut(i int) int {
	src, t := s.src, s.t
	pieces, k, g := t.pieces[:cap(t.pieces)], len(t.pieces), s.gap
	for k < len(pieces) && i+reach <= len(src) {
		w := src[i : i+reach]
		x, y := le64(w), le64(w[8:])
		var mask, mask2 uint64 // the bytes that are letters
		size, accents := 0, 0
		for {
			stop, stop2 := others(x), others(y)
			// all is -1 where the first eight are letters, and 0 otherwise.
			all := uint64(int64(stop>>7-1) >> 63)
			mask, mask2 = below(stop), below(stop2)&all
			size = bits.TrailingZeros64(stop)/8 + bits.TrailingZeros64(stop2)/8&int(all)
			if w[size+accents] != 0xC3 || size+accents >= wide {
				break
			}
			d := w[size+accents+1]
			bare := uint64(bareLetters[d])
			if bare == 0 {
				break
			}
			// The letter without its mark, in its case, takes the place of both bytes.
			// Zeros come in at the end of y; a word that reaches them is not taken for
			// ended, as after is read from w. "â" may begin what was encoded twice, but
			// no letter that goes on here can follow then.
			bare = bare&^0x20 | uint64(d&0x20)
			if all == 0 {
				x = x&mask | bare<<(8*size&63) | (x>>8|y<<56)&^(mask<<8|0xFF)
				y >>= 8
			} else {
				y = y&mask2 | bare<<(8*size&63) | y>>8&^(mask2<<8|0xFF)
			}
			accents++
		}
		first, rest, small := (x|cases)&mask, (y|cases)&mask2, x&cases&mask|y&cases&mask2
		after := w[size+accents]
		if !ending[after] || size == 0 || tripled(first, rest, mask, mask2) {
			t.pieces, s.gap = pieces[:k], g
			end := s.other(i)
			if end == i {
				return i
			}
			i, g, k = end, s.gap, len(t.pieces)
			continue
		}
		flags := Flag(0)
		if accents > 0 {
			flags, t.Accented = Accented, true
		}
		if x&0x20 == 0 {
			flags |= Capital
			if size == 1 {
				flags |= lone
			} else if small == 0 {
				flags |= Upper
			}
		}
		if g&heavy != 0 || k == 0 {
			t.pieces, s.gap = pieces[:k], g
			flags |= s.begins(i, flags&Capital != 0)
			if size == 1 && k > 0 && pieces[k-1].size == 1 && (g == gapDot || k > 1 && pieces[k-2].size == 1) {
				t.spell(k + 1)
			}
		} else {
			before := &pieces[k-1]
			before.ruled |= g.joins()
			flags |= g.clause()
			if size|int(before.size) == 1 && k > 1 && pieces[k-2].size == 1 {
				t.spell(k + 1)
			}
		}
		hash := sum(first, rest)
		id := ruleIDs.find(hash)
		p := &pieces[k]
		binary.LittleEndian.PutUint64(p.word[:8], first)
		binary.LittleEndian.PutUint64(p.word[8:], rest)
		end := i + size + accents
		p.hash, p.size, p.start, p.end = hash, int32(size), int32(i), int32(end)
		p.flags, p.gap = flags, g
		if rest != 0 && id != 0 {
			id = certain(id, p.word[:size])
		}
		p.rule, p.ruled = id&ruleNumber, handles(id, flags)
		k++
		i, g = end, gaps[after]
		if g != 0 {
			// The character behind the word, and a blank behind that.
			blank := 0
			if w[size+accents+1] == ' ' {
				blank = 1
			}
			g |= gapSpace * gap(blank)
			i += 1 + blank
		}
	}
	t.pieces, s.gap = pieces[:k], g
	for i < len(src) && len(t.pieces) < cap(t.pieces) {
		end := s.other(i)
		if end == i {
			break
		}
		i = end
	}
	return i
}

// other reads the word or the character between words at i, and returns the
// place behind it, or i if it needs a second look.
func (s *scanner) other(i int) int {
	c := s.src[i]
	if initial[c] {
		return s.long(i)
	}
	if gaps[c] == 0 {
		return i
	}
	s.gap = s.gap.with(gaps[c], len(s.t.pieces) == 0)
	return i + 1
}

// long adds the word at i, of up to sixteen letters with or without accents,
// and returns the place behind it, or i if it needs a second look.
func (s *scanner) long(i int) int {
	var r run
	end := r.read(s.src, i)
	if end == i || r.tripled() {
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
	flags |= s.begins(i, r.lead == 0)
	t.Accented = t.Accented || flags&Accented != 0
	t.pieces = t.pieces[:len(t.pieces)+1]
	p := s.piece()
	p.set(r.first, r.rest, r.n, flags, s.gap)
	p.start, p.end = int32(i), int32(end)
	if r.n == 1 {
		s.single()
	}
	s.gap = 0
	return end
}

// set fills a piece but for its place, with a word of size letters. It goes
// field by field, as a literal would be made elsewhere and then copied.
func (p *piece) set(first, rest uint64, size int, flags Flag, g gap) {
	hash := sum(first, rest)
	id := ruleIDs.find(hash)
	binary.LittleEndian.PutUint64(p.word[:8], first)
	binary.LittleEndian.PutUint64(p.word[8:], rest)
	p.hash, p.size, p.flags, p.gap = hash, int32(size), flags, g
	if rest != 0 && id != 0 {
		id = certain(id, p.word[:size])
	}
	p.rule, p.ruled = id&ruleNumber, handles(id, flags)
}
