package lexicon

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// term adds a term to the table and returns its index. Its id is the factor
// and the first eight hexadecimal digits of the SHA-256 of kind+normal: kind is
// "" for terms, "heard " or the kind of structure; normal is the pattern in
// canonical notation and lower case. So the id stays when the lexicon is
// reordered or grows, and holds no words.
func (c *compiler) term(factor int, kind, normal, pattern string, at Place) int32 {
	id := identify(c.program.Factors[factor].ID, kind+normal)
	if other, taken := c.ids[id]; taken && other != kind+normal {
		c.add(at, "« %s » et « %s » auraient le même identifiant %s : reformulez l'un des deux", pattern, other, id)
	}
	c.ids[id] = kind + normal
	c.program.Terms = append(c.program.Terms, Term{Factor: factor, ID: id, Pattern: pattern})
	return int32(len(c.program.Terms) - 1)
}

func identify(factor, meaning string) string {
	sum := sha256.Sum256([]byte(meaning))
	return fmt.Sprintf("%s/%x", factor, sum[:4])
}

// TermID returns the id that the program gives a term of a factor, which is
// named with its category; heard says that it stands under "heard".
func TermID(factor string, p *Pattern, heard bool) string {
	if heard {
		return identify(factor, heardKind+p.normal)
	}
	return identify(factor, p.normal)
}

// heardKind stands before the notation of a term that stands under "heard".
const heardKind = "heard "

// TermID returns the id that the program gives the structure as a term of a
// factor, which is named with its category.
func (s StructureSource) TermID(factor string) string {
	return identify(factor, s.Kind.String()+" "+strings.ToLower(s.Notation()))
}

// String returns the structure's name in the notation.
func (k StructureKind) String() string { return structureKeys[k].name }

// structureKind is the inverse of String.
func structureKind(name string) StructureKind {
	for _, key := range structureKeys {
		if key.name == name {
			return key.kind
		}
	}
	return Together
}

// String returns the person's name in the notation.
func (w Who) String() string {
	for name, who := range persons {
		if who == w {
			return name
		}
	}
	return ""
}

// Notation returns a structure in one line, canonical: what its id is made of
// and what reports show.
func (s StructureSource) Notation() string {
	key := structureKeys[s.Kind]
	var b strings.Builder
	half := func(name string, all []Entry) {
		if len(all) == 0 {
			return
		}
		fmt.Fprintf(&b, "%s: [", name)
		for i, e := range all {
			if i > 0 {
				b.WriteString(" ; ")
			}
			b.WriteString(e.Pattern.notation)
		}
		b.WriteString("] ")
	}
	half(key.first, s.First)
	half(key.second, s.Second)
	switch {
	case s.Kind == Times:
		fmt.Fprintf(&b, "at_least: %d", s.AtLeast)
	case s.Kind == Compare:
		fmt.Fprintf(&b, "ratio: %v", s.Ratio)
	case s.WithinWords > 0:
		fmt.Fprintf(&b, "within: %d mots", s.WithinWords)
	case s.WithinTurns > 0:
		fmt.Fprintf(&b, "within: %d tours", s.WithinTurns)
	}
	return strings.TrimSpace(b.String())
}
