package lexicon

import (
	"slices"
	"strings"
)

// samples makes, for terms, words that match them.
type samples struct {
	p *Program
	// literals and sequences hold, by group, the first and the last that make it.
	literals, sequences [][2]int32
	// term holds the group of each term by its id, structures left out.
	term map[string]Group
}

func newSamples(p *Program) *samples {
	none := [2]int32{-1, -1}
	s := &samples{p: p, literals: slices.Repeat([][2]int32{none}, p.Groups), sequences: slices.Repeat([][2]int32{none}, p.Groups), term: map[string]Group{}}
	keep := func(at *[2]int32, i int) {
		if at[0] < 0 {
			at[0] = int32(i)
		}
		at[1] = int32(i)
	}
	for i, emits := range p.Emits {
		for _, e := range emits {
			keep(&s.literals[e.Group], i)
		}
	}
	for i, q := range p.Sequences {
		keep(&s.sequences[q.Out], i)
	}
	for g, uses := range p.Uses {
		for _, u := range uses {
			if u.Kind == UseTerm {
				s.term[p.Terms[u.Index].ID] = Group(g)
			}
		}
	}
	return s
}

// of returns texts that a term's pattern matches: of its first and its last
// alternatives, and of both by turns, with gaps left empty and filled. Some may say nothing ("peux
// peux payer"); nil for a term of a structure.
func (s *samples) of(term string) []string {
	g, ok := s.term[term]
	if !ok {
		return nil
	}
	var all []string
	for _, v := range []variant{{0, false, false}, {0, false, true}, {1, false, false}, {1, false, true}, {0, true, false}, {1, true, true}} {
		all = append(all, strings.Join(s.group(nil, g, v), " "))
	}
	return slices.Compact(all)
}

// variant says which of a group's alternatives to take, whether each step
// takes the other one than the step before, and whether to put a word that
// means nothing into gaps.
type variant struct {
	pick       int
	turn, fill bool
}

const filling = "bien"

func (s *samples) group(dst []string, g Group, v variant) []string {
	switch {
	case g == s.p.Number:
		return append(dst, "3")
	case s.literals[g][v.pick] >= 0:
		return s.phrase(dst, s.literals[g][v.pick], g)
	case s.sequences[g][v.pick] < 0:
		return dst
	}
	for i, step := range s.p.Sequences[s.sequences[g][v.pick]].Steps {
		if step.Max > 0 && v.fill {
			dst = append(dst, filling)
		}
		if i > 0 && v.turn {
			v.pick = 1 - v.pick
		}
		dst = s.group(dst, step.Group, v)
	}
	return dst
}

// phrase appends a literal's words, with their accents where g asks for them.
func (s *samples) phrase(dst []string, literal int32, g Group) []string {
	var exact []string
	for _, e := range s.p.Emits[literal] {
		if e.Group == g && e.Exact != nil {
			exact = e.Exact
		}
	}
	for i, id := range s.p.Literals[literal] {
		word := s.p.Vocabulary.Word(id)
		if exact != nil && exact[i] != "" {
			word = exact[i]
		}
		if word == "ne" { // without its accent it would be read as a negation
			word = "né"
		}
		dst = append(dst, word)
	}
	return dst
}
