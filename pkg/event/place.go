package event

import (
	"math/bits"
	"sort"
	"unicode/utf8"
)

// stride is how many bytes a shift of ordinary text covers at most, so that
// finding a place needs no count from the beginning of a long letter.
const stride = 1 << 8

// unshifted are the shifts of a short text that is its own carried part: shared,
// as nobody changes the shifts of a part.
var unshifted = []Shift{{Width: 1}}

// straight returns the shifts of a text that is its own carried part.
func straight(text string) []Shift {
	if len(text) <= stride {
		return unshifted[:1:1]
	}
	shifts := make([]Shift, 0, 1+len(text)/stride)
	return appendStraight(shifts, text, 0, 0)
}

// appendStraight appends shifts for ordinary text that stands at the byte at in its
// part and at the code point point in the carried part.
func appendStraight(shifts []Shift, text string, at, point int) []Shift {
	for {
		shifts = append(shifts, Shift{Byte: at, Point: point, Width: 1})
		if len(text) <= stride {
			return shifts
		}
		n := stride
		for !utf8.RuneStart(text[n]) {
			n--
		}
		at += n
		point += points(text[:n])
		text = text[n:]
	}
}

// points counts the code points of a text, which is valid UTF-8: the bytes that
// do not go on with one, eight at a time.
func points(text string) (n int) {
	for len(text) >= 8 {
		x := eight(text)
		n += 8 - bits.OnesCount64(x&^(x<<1)&highs)
		text = text[8:]
	}
	for i := range len(text) {
		if utf8.RuneStart(text[i]) {
			n++
		}
	}
	return n
}

// Point returns the code point of the carried part at which the byte b of the
// part's Text stands.
func (p *Part) Point(b int) int {
	s := p.Shifts[shiftAt(p.Shifts, b)]
	k := points(p.Text[s.Byte:b])
	if k == 0 {
		return s.Point
	}
	return s.Point + s.Width + k - 1
}

// PointEnd returns the code point of the carried part at which what ends
// before the byte b of the part's Text ends, exclusive: behind an entity, not
// in it.
func (p *Part) PointEnd(b int) int {
	if b == 0 {
		return p.Point(0)
	}
	s := p.Shifts[shiftAt(p.Shifts, b-1)]
	return s.Point + s.Width + points(p.Text[s.Byte:b]) - 1
}

// shiftAt returns the index of the last shift at or before the byte b.
func shiftAt(shifts []Shift, b int) int {
	return max(0, sort.Search(len(shifts), func(i int) bool { return shifts[i].Byte > b })-1)
}

// appendCut appends the shifts of text[from:to] of a text with the given shifts.
func appendCut(shifts []Shift, p *Part, from, to int) []Shift {
	i := shiftAt(p.Shifts, from)
	first := Shift{Byte: 0, Point: p.Point(from), Width: 1}
	if p.Shifts[i].Byte == from {
		first.Width = p.Shifts[i].Width
	}
	shifts = append(shifts, first)
	for _, s := range p.Shifts[i+1:] {
		if s.Byte >= to {
			break
		}
		shifts = append(shifts, Shift{Byte: s.Byte - from, Point: s.Point, Width: s.Width})
	}
	return shifts
}
