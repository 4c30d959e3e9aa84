package event

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads the string whose quotation mark stands at i.
func (t *tape) string(i int) (end int, ok bool) {
	from, escaped := i+1, false
	for i++; ; {
		i = plainEnd(t.src, i)
		if i >= len(t.src) {
			return i, false
		}
		switch t.src[i] {
		case '"':
			t.add(jsonString, from, i).escaped = escaped
			return i + 1, true
		case '\\':
			escaped = true
			n := escape(t.src[i:])
			if n == 0 {
				return i, false
			}
			i += n
		default: // a control character
			return i, false
		}
	}
}

// plainEnd returns where, from i on, the next quotation mark, backslash or
// control character stands, looking at eight bytes at a time (Lamport, "Multiple
// byte processing with full-word instructions", CACM 18(8), 1975).
func plainEnd(s []byte, i int) int {
	for ; i+8 <= len(s); i += 8 {
		x := binary.LittleEndian.Uint64(s[i:])
		quote, slash := x^ones*'"', x^ones*'\\'
		// The lowest byte that is found is right; those above it may be borrowed from.
		if found := ((quote-ones)&^quote | (slash-ones)&^slash | (x-ones*' ')&^x) & highs; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s) && s[i] != '"' && s[i] != '\\' && s[i] >= ' '; i++ {
	}
	return i
}

// escape returns the length of the escape that s begins with, 0 for none.
func escape(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(s) >= 6 && hex(s[2:6]) >= 0 {
			return 6
		}
	}
	return 0
}

// hex reads hexadecimal digits, -1 if they are none.
func hex(s []byte) rune {
	var r rune
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// text returns the string at a node.
func (t *tape) text(n int32) string {
	x, from := &t.nodes[n], t.strings.Len()
	raw := t.src[x.from:x.to]
	if x.escaped {
		t.plain = appendUnescaped(t.plain[:0], raw)
		raw = t.plain
	}
	t.strings.Write(raw)
	return t.strings.String()[from:]
}

// room makes the next texts stand in a new piece of memory, of n bytes or more.
func (t *tape) room(n int) {
	t.strings.Reset()
	t.strings.Grow(n)
}

// is reports whether the string at a node is s.
func (t *tape) is(n int32, s string) bool {
	x := &t.nodes[n]
	raw := t.src[x.from:x.to]
	if x.escaped {
		t.plain = appendUnescaped(t.plain[:0], raw)
		raw = t.plain
	}
	return string(raw) == s
}

// appendUnescaped appends what a string with escapes stands for.
func appendUnescaped(dst, raw []byte) []byte {
	for {
		n := bytes.IndexByte(raw, '\\')
		if n < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:n]...)
		raw = raw[n:]
		dst, n = appendEscape(dst, raw)
		raw = raw[n:]
	}
}

// appendEscape appends what the escape that s begins with stands for, and
// returns its length. Half of a pair of surrogates stands for U+FFFD, as in
// encoding/json.
func appendEscape(dst, s []byte) (_ []byte, size int) {
	switch c := s[1]; c {
	case 'b':
		return append(dst, '\b'), 2
	case 'f':
		return append(dst, '\f'), 2
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't':
		return append(dst, '\t'), 2
	case 'u':
		r := hex(s[2:6])
		if !utf16.IsSurrogate(r) {
			return utf8.AppendRune(dst, r), 6
		}
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if pair := utf16.DecodeRune(r, hex(s[8:12])); pair != utf8.RuneError {
				return utf8.AppendRune(dst, pair), 12
			}
		}
		return utf8.AppendRune(dst, utf8.RuneError), 6
	default: // a quotation mark, a backslash or a slash stands for itself
		return append(dst, c), 2
	}
}
