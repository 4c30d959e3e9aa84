// Package automaton finds every occurrence of many patterns in one pass, over
// words instead of bytes: a pattern is a sequence of word numbers, and so is
// the text. Two engines stand behind one interface and give equal results:
// [NewWords] (ours, the default) and [NewCloudflare] (cloudflare/ahocorasick).
package automaton

import (
	"fmt"
	"slices"
)

// The engines' names in the configuration.
const (
	Words      = "words"
	Cloudflare = "cloudflare"
)

// Names lists the engines, the default first.
func Names() []string { return []string{Words, Cloudflare} }

// Match is one occurrence of a pattern.
type Match struct {
	// Pattern is the index of the pattern in the list that the engine was built from.
	Pattern int32
	// Start and End are word positions in the text, End exclusive.
	Start, End int32
}

// Engine finds patterns in texts. It is immutable and safe for concurrent use.
type Engine interface {
	// Find appends to dst every occurrence of every pattern in words,
	// overlapping ones too, ordered by End, then by Start, then by Pattern,
	// and returns the extended slice. The number 0 stands for a word that is
	// in no pattern and matches nothing.
	Find(words []uint32, dst []Match) []Match
	// Name is the engine's name in the configuration.
	Name() string
}

// New builds the engine called name from patterns. Patterns are distinct, not
// empty and without 0; an error says which one is not. The engine keeps no
// reference to patterns.
func New(name string, patterns [][]uint32) (Engine, error) {
	switch name {
	case Words:
		return NewWords(patterns)
	case Cloudflare:
		return NewCloudflare(patterns)
	}
	return nil, fmt.Errorf("automaton: no engine %q; choose one of %q", name, Names())
}

// sorted returns the indices of patterns in the order of their words, and
// refuses empty, repeated and zero ones: the table needs the order, and the
// library would report only the last of two equal patterns.
func sorted(patterns [][]uint32) ([]int32, error) {
	order := make([]int32, len(patterns))
	for i, p := range patterns {
		order[i] = int32(i)
		if len(p) == 0 {
			return nil, fmt.Errorf("automaton: pattern %d is empty", i)
		}
		if slices.Contains(p, 0) {
			return nil, fmt.Errorf("automaton: pattern %d holds the word 0, which stands for unknown words", i)
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return slices.Compare(patterns[a], patterns[b]) })
	for i := 1; i < len(order); i++ {
		if slices.Equal(patterns[order[i-1]], patterns[order[i]]) {
			return nil, fmt.Errorf("automaton: patterns %d and %d are the same", order[i-1], order[i])
		}
	}
	return order, nil
}
