package event

import (
	"strings"
	"sync"
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
		return t.inside(jsonObject, '}', i, depth+1)
	case '[':
		return t.inside(jsonArray, ']', i, depth+1)
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

// inside reads the object or array that begins at i and ends with closing.
func (t *tape) inside(kind kindOf, closing byte, i, depth int) (end int, ok bool) {
	n := len(t.nodes)
	t.add(kind, i, i)
	i = skip(t.src, i+1)
	if depth > deepest || i >= len(t.src) {
		return i, false
	}
	if t.src[i] == closing {
		t.close(n, i+1)
		return i + 1, true
	}
	for {
		if kind == jsonObject {
			if i, ok = t.key(i); !ok {
				return i, false
			}
		}
		if i, ok = t.value(i, depth); !ok {
			return i, false
		}
		if i = skip(t.src, i); i >= len(t.src) {
			return i, false
		}
		switch t.src[i] {
		case ',':
			i = skip(t.src, i+1)
		case closing:
			t.close(n, i+1)
			return i + 1, true
		default:
			return i, false
		}
	}
}

// key reads the key at i with its colon, and returns where its value begins.
func (t *tape) key(i int) (value int, ok bool) {
	if i >= len(t.src) || t.src[i] != '"' {
		return i, false
	}
	if i, ok = t.string(i); !ok {
		return i, false
	}
	if i = skip(t.src, i); i >= len(t.src) || t.src[i] != ':' {
		return i, false
	}
	return skip(t.src, i+1), true
}

func (t *tape) literal(i int, word string, kind kindOf) (end int, ok bool) {
	t.add(kind, i, i+len(word))
	return i + len(word), len(t.src)-i >= len(word) && string(t.src[i:i+len(word)]) == word
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
