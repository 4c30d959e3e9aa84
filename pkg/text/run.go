package text

import (
	"math/bits"
	"unicode/utf8"
)

// run is a word as it is read: its letters folded, sixteen at most.
type run struct {
	first, rest uint64 // the letters, eight each
	n           int    // how many
	lead, small uint64 // not 0 if the first, or any, is no capital
	flags       Flag   // Accented, or not
	ligature    bool
}

// tripled reports whether a letter stands three times in a row.
func (r *run) tripled() bool {
	n := min(r.n, 8)
	return tripled(r.first, r.rest, ^uint64(0)>>(64-8*n), ^uint64(0)>>(64-8*(r.n-n)))
}

// add appends n letters.
func (r *run) add(letters uint64, n int) {
	if r.n < 8 {
		r.first |= letters << (8 * r.n & 63)
		r.rest = letters >> 1 >> (63 - 8*r.n&63) // all of it goes where r.n is 0
	} else {
		r.rest |= letters << (8 * (r.n - 8) & 63)
	}
	r.n += n
}

// read reads the word at i and returns the place behind it, or i if it needs a
// second look.
func (r *run) read(src string, i int) int {
	r.lead = uint64(src[i] & 0x20)
	for at := i; ; {
		x := load(src, at)
		stop := others(x)
		n := bits.TrailingZeros64(stop) / 8
		mask := below(stop)
		if r.n+n > wide {
			return i
		}
		r.add((x|cases)&mask, n)
		r.small |= x & cases & mask
		at += n
		if n == 8 {
			continue
		}
		switch c := uint8(x >> (8 * n & 63)); {
		case ending[c], c == '-' && !divided(src, at), c >= utf8.RuneSelf && c != 0xC3 && c != 0xC5 && ends(src, at):
			return at
		case c != 0xC3 && c != 0xC5 || !r.accent(src, at):
			return i
		}
		at += 2
	}
}

// accent adds the accented letter at i, or œ, and reports whether it is one
// without doubt: "Ã" may begin one that was encoded twice, and so may "â" before
// others than ASCII.
func (r *run) accent(src string, i int) bool {
	if i+1 >= len(src) || r.n+2 > wide {
		return false
	}
	c, d := src[i], src[i+1]
	letters, n, small := uint64(bareLetters[d]), 1, uint64(d&0x20)
	if c == 0xC5 {
		if d&^1 != 0x92 || r.ligature {
			return false
		}
		// A second one might be a third, and three of a letter are one.
		r.ligature = true
		letters, n, small = 'o'|'e'<<8, 2, uint64(d&1)
	}
	if letters == 0 || d == 0xA2 && i+2 < len(src) && src[i+2] >= utf8.RuneSelf {
		return false
	}
	if r.n == 0 {
		r.lead = small
	}
	r.add(letters, n)
	r.small |= small
	r.flags = Accented
	return true
}

// bareLetters holds the letters of U+00C0 to U+00FF without their marks by their
// second byte, 0 for those that need a second look.
var bareLetters = func() (table [256]uint8) {
	for r := rune(0xC0); r <= 0xFF; r++ {
		s := latin[r-0xC0]
		if classes[r] == letter && len(s) == 1 && r != 'Ã' && r != 'ã' && r != 'Â' && r != 'Å' {
			table[0x80|r&0x3F] = s[0]
		}
	}
	return table
}()

// ending holds the bytes that end a word whatever follows.
var ending = func() (table [256]bool) {
	for c := range utf8.RuneSelf {
		k := classes[c]
		table[c] = k != letter && k != hyphen && c != '&' && c != '+'
	}
	return table
}()

// ends reports whether the character at i, which is none of ASCII, ends a word.
func ends(src string, i int) bool {
	r, _ := utf8.DecodeRuneInString(src[i:])
	switch classify(r) {
	case letter, mark, skipped, hyphen:
		return false
	}
	return r != '¬'
}

// divided reports whether the hyphen at i may divide a word at a line's end.
func divided(src string, i int) bool {
	if i+1 == len(src) {
		return false
	}
	switch src[i+1] {
	case ' ', '\t', '\r', '\n':
		return true
	}
	return false
}
