package main

import (
	"hash/fnv"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// sequence is how many words in a row give a customer away.
const sequence = 5

// mark begins every key, case file and event id of a privacy test.
const mark = "zqxmark"

// texts knows every five words in a row of the texts that it was given.
type texts struct{ known map[uint64]bool }

// words are the runs of letters and digits of a text, in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// each calls fn with every five words in a row.
func each(text string, fn func(sum uint64, words []string)) {
	list := words(text)
	for i := 0; i+sequence <= len(list); i++ {
		h := fnv.New64a()
		for _, w := range list[i : i+sequence] {
			_, _ = h.Write([]byte(w))
			_, _ = h.Write([]byte{0})
		}
		fn(h.Sum64(), list[i:i+sequence])
	}
}

func (x *texts) add(text string) {
	each(text, func(sum uint64, _ []string) { x.known[sum] = true })
}

// escape is how JSON and Go write what is no plain character.
var escape = regexp.MustCompile(`\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)`)

// leaks returns what an output gives away: five words in a row of a text, a
// key, a case file or an event's id. At most ten are listed.
func (x *texts) leaks(output string) []string {
	output = escape.ReplaceAllStringFunc(output, func(e string) string {
		if len(e) > 2 {
			if n, err := strconv.ParseUint(e[2:], 16, 16); err == nil {
				return string(rune(n))
			}
		}
		return " "
	})
	var found []string
	note := func(what string) {
		if len(found) < 10 && !slices.Contains(found, what) {
			found = append(found, what)
		}
	}
	each(output, func(sum uint64, list []string) {
		if x.known[sum] {
			note(strings.Join(list, " "))
		}
	})
	for rest := output; ; {
		i := strings.Index(rest, mark)
		if i < 0 {
			return found
		}
		note(rest[i:min(len(rest), i+len(mark)+24)])
		rest = rest[i+len(mark):]
	}
}

// A check that finds nothing must be known to find something.
func TestLeaksAreFound(t *testing.T) {
	x := &texts{known: make(map[uint64]bool)}
	x.add("Bonjour, j'ai un cancer depuis l'été, et c'est dur.")
	for output, want := range map[string]int{
		`{"message":"j'ai un cancer"}`:                                 0,
		`{"message":"ai un cancer depuis l"}`:                          1,
		`{"message":"AI UN\nCANCER\tdepuis «l’\u00e9t\u00e9»"}`:        2,
		`{"key":"` + mark + `-case-7","message":"m"}`:                  1,
		"vigie_events_total{outcome=\"clean\"} 7\nbonjour j ai un sac": 0,
	} {
		if got := x.leaks(output); len(got) != want {
			t.Errorf("%s: %q, want %d", output, got, want)
		}
	}
}
