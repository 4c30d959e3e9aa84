package event

import (
	"regexp"
	"strings"
)

// lineRule is a rule about a line in plain words that says how such a line
// begins, or what it holds: a rule is tried on every line, and to see that it
// cannot hold is a hundred times faster than to try it.
type lineRule struct {
	*regexp.Regexp
	// begins are beginnings, holds parts, one of which a line must have; none are any.
	begins, holds []string
}

// beginning returns a rule for lines that begin with one of some words,
// separated by "|".
func beginning(words, rule string) lineRule {
	return lineRule{Regexp: regexp.MustCompile(rule), begins: strings.Split(words, "|")}
}

// holding returns a rule for lines that hold one of some words.
func holding(words, rule string) lineRule {
	return lineRule{Regexp: regexp.MustCompile(rule), holds: strings.Split(words, "|")}
}

// may reports whether the rule is worth trying.
func (r *lineRule) may(line string) bool {
	for _, s := range r.begins {
		if strings.HasPrefix(line, s) {
			return true
		}
	}
	for _, s := range r.holds {
		if strings.Contains(line, s) {
			return true
		}
	}
	return false
}

// MatchString reports whether the rule holds for a line.
func (r *lineRule) MatchString(line string) bool { return r.may(line) && r.Regexp.MatchString(line) }

// FindString returns what of a line the rule is about, "" for nothing.
func (r *lineRule) FindString(line string) string {
	if !r.may(line) {
		return ""
	}
	return r.Regexp.FindString(line)
}
