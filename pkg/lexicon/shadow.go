package lexicon

import (
	"github.com/cloudflare/ahocorasick"
)

// shadowed warns of terms whose every phrase contains a phrase of another term
// of the same factor: they can find nothing that the other one doesn't. The
// containing phrases are found with cloudflare/ahocorasick; as that library
// takes 4.1 kB for each byte, words are spelled in two bytes, numbered afresh
// for each factor.
func (l *linter) shadowed(s Section, f FactorSource) {
	type phrase struct {
		entry int
		code  []byte
	}
	entries := unrepeated(f.Terms)
	numbers := map[uint32]int{}
	var all []phrase
	whole := make([]bool, len(entries)) // compiled to phrases only
	owner := map[string][]int{}         // entries by code
	var dictionary [][]byte
	for i, e := range entries {
		id := l.termID(s, f, "", e)
		whole[i] = l.cost[id] > 0 && l.cost[id] == len(l.phrases[id])
		for _, lit := range l.phrases[id] {
			var code []byte
			for _, w := range l.p.Literals[lit] {
				n, ok := numbers[w]
				if !ok {
					n = len(numbers)
					numbers[w] = n
				}
				// The first byte of a word is above 0x7f, the second is not, so
				// that phrases meet at the borders of words only.
				code = append(code, 0x80|byte(n>>7), byte(n&0x7f))
			}
			all = append(all, phrase{i, code})
			if owner[string(code)] == nil {
				dictionary = append(dictionary, code)
			}
			owner[string(code)] = append(owner[string(code)], i)
		}
	}
	if len(dictionary) == 0 || len(numbers) >= 1<<14 {
		return
	}
	matcher := ahocorasick.NewMatcher(dictionary)
	// by[i] holds the entries that stand in every phrase of entry i so far.
	by := make([]map[int]bool, len(entries))
	for _, ph := range all {
		here := map[int]bool{}
		for _, hit := range matcher.MatchThreadSafe(ph.code) {
			for _, o := range owner[string(dictionary[hit])] {
				// Of two terms with the same phrases the later one is shadowed.
				if o != ph.entry && (len(dictionary[hit]) < len(ph.code) || o < ph.entry) {
					here[o] = true
				}
			}
		}
		if by[ph.entry] == nil {
			by[ph.entry] = here
			continue
		}
		for o := range by[ph.entry] {
			if !here[o] {
				delete(by[ph.entry], o)
			}
		}
	}
	for i, e := range entries {
		if !whole[i] || len(by[i]) == 0 {
			continue
		}
		first := len(entries)
		for o := range by[i] {
			first = min(first, o)
		}
		other := entries[first]
		l.warn(e.Place, "« %s » ne trouve rien de plus que « %s » (ligne %d) : ôtez-le", e.Pattern.Source, other.Pattern.Source, other.Line)
	}
}

// unrepeated returns the entries without those whose pattern stands before.
func unrepeated(entries []Entry) []Entry {
	seen := map[string]bool{}
	var kept []Entry
	for _, e := range entries {
		if normal := e.Pattern.normal; !seen[normal] {
			seen[normal] = true
			kept = append(kept, e)
		}
	}
	return kept
}
