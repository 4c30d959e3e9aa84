package lexicon

import (
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/text"
)

// Compile makes the program of a ruleset. What it does not depend on the order
// of factors and terms in the files. The error joins a *[Problem] for each
// mistake. Factors that the policy disables stay in the tables but have no terms.
func Compile(rs *Ruleset) (*Program, error) {
	rs = rs.sorted()
	canonical, err := rs.canonical()
	if err != nil {
		return nil, err
	}
	c := newCompiler(newInflector(rs.Qualifiers.Forms))
	p := c.program
	p.Name, p.Version, p.Released, p.Digest = rs.Name, rs.Version, rs.Released, hash(canonical)
	p.Formats, p.Policy = rs.Formats, rs.Policy
	c.defineClasses(rs.Qualifiers.Classes)
	c.categories(rs)
	for _, s := range rs.Sections {
		for _, f := range s.Factors {
			c.factor(s, f, rs.Policy)
		}
	}
	for _, m := range rs.Qualifiers.Masks {
		c.pattern(m, c.newGroup(Use{Kind: UseMask}), condition{})
	}
	for _, q := range rs.Qualifiers.Cues {
		c.program.Cues = append(c.program.Cues, q.Cue)
		use := Use{Kind: UseCue, Index: int32(len(c.program.Cues) - 1)}
		for _, e := range q.Terms {
			c.pattern(e, c.newGroup(use), condition{})
		}
	}
	c.indices(rs.Indices)
	c.policy(rs)
	if err := c.err(); err != nil {
		return nil, err
	}
	return c.program, nil
}

// compiler holds the tables in the making.
type compiler struct {
	problems
	program   *Program
	inflector *inflector
	classes   map[string]*class
	// shared holds groups of pieces that stand in several patterns, by their canonical notation.
	shared   map[string]part
	literals map[string]int32
	// ids holds what each term id was made from.
	ids      map[string]string
	plus, pu uint32
	// Scratch memory of the phrases.
	folded      text.Text
	key, buffer []byte
	words       []uint32
	// at is the pattern that is being compiled, for errors.
	at Entry
}

// newCompiler returns a compiler with an empty program.
func newCompiler(in *inflector) *compiler {
	c := &compiler{
		program:   &Program{Vocabulary: &text.Vocabulary{}, Acronyms: map[string]bool{}, Groups: 1, Number: 0, Uses: make([][]Use, 1)},
		inflector: in,
		classes:   map[string]*class{},
		shared:    map[string]part{},
		literals:  map[string]int32{},
		ids:       map[string]string{},
	}
	c.plus, c.pu = c.program.Vocabulary.Add("plus"), c.program.Vocabulary.Add("pu")
	return c
}

// class is a class of words; its group is made when first used.
type class struct {
	source ClassSource
	group  Group
	state  uint8 // 0 not begun, 1 being compiled, 2 done
}

// condition restricts where a pattern counts.
type condition struct{ transcript, anchored bool }

func (c *compiler) newGroup(uses ...Use) Group {
	c.program.Groups++
	c.program.Uses = append(c.program.Uses, uses)
	return Group(c.program.Groups - 1)
}

// categories fills in all four, with the labels of the ruleset where it has them.
func (c *compiler) categories(rs *Ruleset) {
	labels := map[string]string{"health": "Santé", "resilience": "Fragilité financière",
		"life_events": "Événements de la vie", "capacity": "Compréhension et accès"}
	for _, s := range rs.Sections {
		if s.Label != "" {
			labels[s.ID] = s.Label
		}
	}
	for _, id := range CategoryIDs() {
		c.program.Categories = append(c.program.Categories, Category{
			ID: id, Label: labels[id], Unlearned: names(rs.Policy.Disabled, id+faisceau),
		})
	}
}

// factor compiles a factor with its terms, exclusions and structures.
func (c *compiler) factor(s Section, f FactorSource, policy Policy) {
	id := s.ID + "." + f.ID
	index := len(c.program.Factors)
	c.program.Factors = append(c.program.Factors, Factor{
		ID: id, Label: f.Label, Category: slices.Index(CategoryIDs(), s.ID), FG21: f.FG21, Severity: f.Severity,
		Weight: f.Weight, Who: f.Who, Negatable: f.Negatable, FadesMonths: f.FadesMonths, Urgency: f.Urgency, Cautions: f.Cautions,
	})
	if names(policy.Disabled, id) {
		return
	}
	for _, e := range f.Terms {
		term := c.term(index, "", e.Pattern.normal, e.Pattern.Source, e.Place)
		c.distinct(e, c.pattern(e, c.newGroup(Use{UseTerm, term}), condition{}))
	}
	for _, e := range f.Heard {
		term := c.term(index, heardKind, e.Pattern.normal, e.Pattern.Source, e.Place)
		c.distinct(e, c.pattern(e, c.newGroup(Use{UseTerm, term}), condition{transcript: true}))
	}
	for _, e := range f.Unless {
		c.pattern(e, c.newGroup(Use{UseExclusion, int32(index)}), condition{})
	}
	for _, st := range f.Structures {
		c.structure(index, st)
	}
}

// structure compiles the halves of a together, dialogue, compare or times.
func (c *compiler) structure(factor int, s StructureSource) {
	term := c.term(factor, s.Kind.String()+" ", strings.ToLower(s.Notation()), s.Notation(), s.Place)
	c.program.Structures = append(c.program.Structures, Structure{
		Kind: s.Kind, Term: int(term), WithinWords: s.WithinWords, WithinTurns: s.WithinTurns, Ratio: s.Ratio, AtLeast: s.AtLeast,
	})
	index := int32(len(c.program.Structures) - 1)
	first := c.newGroup(Use{UseFirst, index})
	for _, e := range s.First {
		c.pattern(e, first, condition{})
	}
	if len(s.Second) > 0 {
		second := c.newGroup(Use{UseSecond, index})
		for _, e := range s.Second {
			c.pattern(e, second, condition{})
		}
	}
}

// distinct refuses a term that common words alone would match.
func (c *compiler) distinct(e Entry, weak bool) {
	if weak {
		c.add(e.Place, "« %s » tient en mots d'une ou deux lettres : ajoutez un mot qui distingue", e.Pattern.Source)
	}
}

// policy checks the factors that the policy names.
func (c *compiler) policy(rs *Ruleset) {
	check := func(where string, ids []string) {
		for _, id := range ids {
			known := slices.ContainsFunc(c.program.Factors, func(f Factor) bool { return names([]string{id}, f.ID) })
			category, whole := strings.CutSuffix(id, ".*")
			if where == "disabled" && !whole {
				category, whole = strings.CutSuffix(id, faisceau)
			}
			if !known && (!whole || !slices.Contains(CategoryIDs(), category)) {
				c.add(Place{}, "politique, « %s » : le lexique n'a pas de facteur « %s » ; corrigez-le ou ôtez-le", where, id)
			}
		}
	}
	check("disabled", rs.Policy.Disabled)
	for name, r := range rs.Policy.Referrals {
		check("referrals."+name+".break", r.Break)
		check("referrals."+name+".shortage", r.Shortage)
	}
}

// faisceau ends the name of what the indices of a category make.
const faisceau = ".faisceau"

// names reports whether ids hold a factor, by itself or as "category.*".
func names(ids []string, factor string) bool {
	category, _, _ := strings.Cut(factor, ".")
	return slices.Contains(ids, factor) || slices.Contains(ids, category+".*")
}
