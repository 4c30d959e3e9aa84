package event

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// tape is a JSON text in one pass: its values in their order, each with where
// it stands and where the next one is. It takes what encoding/json takes, and
// refuses what that refuses.
type tape struct {
	src   []byte
	nodes []node
	// letters counts the bytes of the values that are strings, as written.
	letters int
	// plain holds a string without its escapes while it is looked at.
	plain []byte
	// strings holds what text returns, one piece of memory for all of a
	// document's texts: what is written to a builder later changes nothing that
	// stands there.
	strings strings.Builder
}

// node is a value. The members of an object are a key and a value in turn.
type node struct {
	kind     kindOf
	escaped  bool  // a string with a backslash in it
	from, to int32 // in src; of a string what stands between its quotation marks
	next     int32 // the node after it and what is in it
}

// kindOf is the sort of a value.
type kindOf byte

const (
	jsonNull kindOf = iota
	jsonString
	jsonObject
	jsonArray
	jsonOther // a number, true or false: nothing here asks which
)

// A bit of each byte of a word.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// deepest is how deep encoding/json lets values be nested.
const deepest = 10_000

var tapes = sync.Pool{New: func() any { return new(tape) }}

// done gives the tape back, without what the document holds.
func (t *tape) done() {
	t.src = nil
	t.strings.Reset()
	tapes.Put(t)
}

// parse reads a text that is one value; false says that it is not.
func (t *tape) parse(src []byte) bool {
	t.src, t.nodes, t.letters = src, t.nodes[:0], 0
	i, ok := t.value(skip(src, 0), 0)
	return ok && skip(src, i) == len(src)
}

// skip returns the place of the next byte that is no white space.
func skip(src []byte, i int) int {
	for i < len(src) && src[i] <= ' ' && (src[i] == ' ' || src[i] == '\n' || src[i] == '\r' || src[i] == '\t') {
		i++
	}
	return i
}

// value reads the value at i and returns where it ends.
func (t *tape) value(i, depth int) (end int, ok bool) {
	if i >= len(t.src) {
		return i, false
	}
	switch t.src[i] {
	case '{':
		return t.object(i, depth+1)
	case '[':
		return t.array(i, depth+1)
	case '"':
		end, ok = t.string(i)
		t.letters += end - i
		return end, ok
	case 'n':
		return t.literal(i, "null", jsonNull)
	case 't':
		return t.literal(i, "true", jsonOther)
	case 'f':
		return t.literal(i, "false", jsonOther)
	}
	end, ok = number(t.src, i)
	t.add(jsonOther, i, end)
	return end, ok
}

// add adds a node without any in it.
func (t *tape) add(kind kindOf, from, to int) *node {
	t.nodes = append(t.nodes, node{kind: kind, from: int32(from), to: int32(to), next: int32(len(t.nodes) + 1)})
	return &t.nodes[len(t.nodes)-1]
}

// close ends the object or array whose node is n at end.
func (t *tape) close(n, end int) {
	t.nodes[n].to, t.nodes[n].next = int32(end), int32(len(t.nodes))
}

func (t *tape) object(i, depth int) (end int, ok bool) {
	n := len(t.nodes)
	t.add(jsonObject, i, i)
	i = skip(t.src, i+1)
	if depth > deepest || i >= len(t.src) {
		return i, false
	}
	if t.src[i] == '}' {
		t.close(n, i+1)
		return i + 1, true
	}
	for {
		if i >= len(t.src) || t.src[i] != '"' {
			return i, false
		}
		if i, ok = t.string(i); !ok {
			return i, false
		}
		if i = skip(t.src, i); i >= len(t.src) || t.src[i] != ':' {
			return i, false
		}
		if i, ok = t.value(skip(t.src, i+1), depth); !ok {
			return i, false
		}
		if i = skip(t.src, i); i >= len(t.src) {
			return i, false
		}
		switch t.src[i] {
		case ',':
			i = skip(t.src, i+1)
		case '}':
			t.close(n, i+1)
			return i + 1, true
		default:
			return i, false
		}
	}
}

func (t *tape) array(i, depth int) (end int, ok bool) {
	n := len(t.nodes)
	t.add(jsonArray, i, i)
	i = skip(t.src, i+1)
	if depth > deepest || i >= len(t.src) {
		return i, false
	}
	if t.src[i] == ']' {
		t.close(n, i+1)
		return i + 1, true
	}
	for {
		if i, ok = t.value(i, depth); !ok {
			return i, false
		}
		if i = skip(t.src, i); i >= len(t.src) {
			return i, false
		}
		switch t.src[i] {
		case ',':
			i = skip(t.src, i+1)
		case ']':
			t.close(n, i+1)
			return i + 1, true
		default:
			return i, false
		}
	}
}

func (t *tape) literal(i int, word string, kind kindOf) (end int, ok bool) {
	t.add(kind, i, i+len(word))
	return i + len(word), len(t.src)-i >= len(word) && string(t.src[i:i+len(word)]) == word
}

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

// number reads the number at i.
func number(src []byte, i int) (end int, ok bool) {
	digits := func() bool {
		from := i
		for i < len(src) && src[i]-'0' <= 9 {
			i++
		}
		return i > from
	}
	if src[i] == '-' {
		i++
	}
	if i < len(src) && src[i] == '0' {
		i++
	} else if !digits() {
		return i, false
	}
	if i < len(src) && src[i] == '.' {
		if i++; !digits() {
			return i, false
		}
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		if i++; i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		if !digits() {
			return i, false
		}
	}
	return i, true
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
