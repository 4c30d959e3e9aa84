package main

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// term is a literal of the lexicon as the other pipelines look for it: folded
// words between single blanks.
type term struct {
	Text   string `json:"text"`
	Factor string `json:"factor"`
}

// termsOf lists the literals that are terms of a factor by themselves. The
// gaps, classes, exclusions and qualifiers of the lexicon, and its learned
// layer, have no counterpart in the other pipelines: they do less. So have the
// few terms that hold more than letters and digits.
func termsOf(p *lexicon.Program) []term {
	var all []term
	var words []string
	for i, emits := range p.Emits {
		words = words[:0]
		for _, w := range p.Literals[i] {
			words = append(words, p.Vocabulary.Word(w))
		}
		text := strings.Join(words, " ")
		if found, ok := factorOf(p, emits); ok && text == foldPlainly(text) {
			all = append(all, term{Text: text, Factor: p.Factors[found].ID})
		}
	}
	return all
}

// factorOf returns the factor that a literal is a term of.
func factorOf(p *lexicon.Program, emits []lexicon.Emit) (factor int, ok bool) {
	for _, e := range emits {
		for _, u := range p.Uses[e.Group] {
			if u.Kind == lexicon.UseTerm {
				return p.Terms[u.Index].Factor, true
			}
		}
	}
	return 0, false
}

// writeTerms writes the terms as JSON lines.
func writeTerms(path string, terms []term) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, t := range terms {
		if err := e.Encode(t); err != nil {
			return err
		}
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// least is from how many distinct terms on the other pipelines have to write a
// flag, so that they write about as many as vigie does.
func (p *pool) least(terms []term) int {
	known, longest := make(map[string]bool, len(terms)), 0
	for _, t := range terms {
		known[t.Text] = true
		longest = max(longest, strings.Count(t.Text, " ")+1)
	}
	counts := make([]int, 0, len(p.all))
	for i := range p.all {
		words := strings.Fields(foldPlainly(string(p.all[i].value)))
		found := make(map[string]bool)
		for from := range words {
			for to := from + 1; to <= min(from+longest, len(words)); to++ {
				if run := strings.Join(words[from:to], " "); known[run] {
					found[run] = true
				}
			}
		}
		counts = append(counts, len(found))
	}
	slices.Sort(counts)
	return counts[len(counts)*9/10] + 1
}

// foldPlainly is how the other pipelines fold, here over a whole event.
func foldPlainly(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return ' '
	}, norm.NFD.String(strings.ToLower(s)))
}
