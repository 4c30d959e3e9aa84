package event

import (
	"bytes"
	"regexp"
)

// lineRule is a rule about a line in plain words that says how such a line
// begins, or what it holds: a rule is tried on every line, and to see that it
// cannot hold is a hundred times faster than to try it.
type lineRule struct {
	*regexp.Regexp
	// first has a bit for each of begins that is one byte, pair one for the first
	// two bytes of each longer one, by their sum.
	first, pair byteSet
	// begins are beginnings, holds parts, of each of which a line must have one;
	// none are any.
	begins, holds [][]byte
	// anywhere: it is a word of the line that begins so.
	anywhere bool
}

// beginning returns a rule for lines that begin with one of some words,
// separated by "|".
func beginning(words, rule string) lineRule {
	r := lineRule{Regexp: regexp.MustCompile(rule), begins: alternatives(words)}
	for _, w := range r.begins {
		if len(w) == 1 {
			r.first.add(w[0])
		} else {
			r.pair.add(sum(w[0], w[1]))
		}
	}
	return r
}

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) has(c byte) bool { return s[c>>6]>>(c&63)&1 != 0 }

func sum(first, second byte) byte { return first*29 + second }

// starting returns a rule for lines with a word that begins with one of some.
func starting(words, rule string) lineRule {
	r := beginning(words, rule)
	r.anywhere = true
	return r
}

// holding returns a rule for lines that hold one of some words.
func holding(words, rule string) lineRule {
	return lineRule{Regexp: regexp.MustCompile(rule), holds: alternatives(words)}
}

// with returns the rule for those of its lines that hold one of some words.
func (r lineRule) with(words string) lineRule {
	r.holds = alternatives(words)
	return r
}

func alternatives(words string) [][]byte { return bytes.Split([]byte(words), []byte("|")) }

// may reports whether the rule is worth trying.
func (r *lineRule) may(line []byte) bool {
	if !r.anywhere {
		return r.mayBegin(line) && r.mayHold(line)
	}
	for from, to := wordFrom(line, 0); from < len(line); from, to = wordFrom(line, to) {
		if r.mayBegin(line[from:]) {
			return true
		}
	}
	return false
}

func (r *lineRule) mayBegin(line []byte) bool {
	if len(r.begins) == 0 {
		return true
	}
	if len(line) == 0 {
		return false
	}
	if r.first.has(line[0]) {
		return true
	}
	if len(line) == 1 || !r.pair.has(sum(line[0], line[1])) {
		return false
	}
	for _, s := range r.begins {
		if s[0] == line[0] && bytes.HasPrefix(line, s) {
			return true
		}
	}
	return false
}

func (r *lineRule) mayHold(line []byte) bool { return len(r.holds) == 0 || holds(line, r.holds) }

// holds reports whether one of some words stands in a line.
func holds(line []byte, words [][]byte) bool {
	for _, s := range words {
		if bytes.Contains(line, s) {
			return true
		}
	}
	return false
}

// match reports whether the rule holds for a line.
func (r *lineRule) match(line []byte) bool { return r.may(line) && r.Match(line) }

// find returns what of a line the rule is about, nil for nothing.
func (r *lineRule) find(line []byte) []byte {
	if !r.may(line) {
		return nil
	}
	return r.Find(line)
}
