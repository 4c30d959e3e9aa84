package lexicon

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of lint.
const (
	// maxCost is how many phrases a term may become before lint warns.
	maxCost = 500
	// minExamples is how many examples a factor needs of either kind.
	minExamples = 3
	// shortWord is the length up to which a lone word warns.
	shortWord = 3
)

// Finder returns the ids of the terms that the program finds in a text, which
// is written as an example is.
type Finder func(text string) ([]string, error)

// Lint tells what a ruleset that compiles could do better, in the order of the
// files. The program is the one that [Compile] made of rs, find what it finds.
// The error is find's.
func Lint(rs *Ruleset, p *Program, find Finder) ([]Problem, error) {
	l := linter{
		rs: rs, p: p, phrases: phrases(p), cost: costs(p), inflector: newInflector(rs.Qualifiers.Forms),
		samples: newSamples(p), find: find,
	}
	for _, s := range rs.Sections {
		for _, f := range s.Factors {
			l.factor(s, f)
			if names(rs.Policy.Disabled, s.ID+"."+f.ID) {
				continue
			}
			if err := l.tried(s, f); err != nil {
				return nil, err
			}
		}
	}
	for _, q := range rs.Qualifiers.Classes {
		l.signs(q.Terms)
	}
	l.signs(rs.Qualifiers.Masks)
	for _, q := range rs.Qualifiers.Cues {
		l.signs(q.Terms)
	}
	l.categories()
	l.sort()
	all := make([]Problem, len(l.problems))
	for i, one := range l.problems {
		all[i] = *one
	}
	return all, nil
}

type linter struct {
	problems
	rs *Ruleset
	p  *Program
	// phrases and cost are by term id: literals that are the term by
	// themselves, and literals and sequences that it needs.
	phrases   map[string][]int32
	cost      map[string]int
	inflector *inflector
	samples   *samples
	find      Finder
}

// termID returns the id that the program gave an entry.
func (l *linter) termID(s Section, f FactorSource, kind string, e Entry) string {
	return identify(s.ID+"."+f.ID, kind+e.Pattern.normal)
}

func (l *linter) factor(s Section, f FactorSource) {
	matches, misses := 0, 0
	for _, e := range f.Examples {
		switch e.Expect {
		case ExpectMatch:
			matches++
		case ExpectNoMatch:
			misses++
		}
	}
	if matches < minExamples || misses < minExamples {
		l.warn(f.Place, "« %s » : exemples « match » %d, « no_match » %d ; il en faut au moins %d de chaque", f.ID, matches, misses, minExamples)
	}
	for _, kind := range []struct {
		prefix  string
		entries []Entry
	}{{"", f.Terms}, {heardKind, f.Heard}} {
		seen := map[string]Place{}
		for _, e := range kind.entries {
			if at, twice := seen[e.Pattern.normal]; twice {
				l.warn(e.Place, "« %s » est déjà écrit ligne %d : ôtez l'une des deux lignes", e.Pattern.Source, at.Line)
				continue
			}
			seen[e.Pattern.normal] = e.Place
			l.term(e, l.termID(s, f, kind.prefix, e))
		}
	}
	for _, e := range append(slices.Clone(f.Terms), f.Heard...) {
		l.nodes(e, e.Pattern.nodes)
	}
	l.signs(append(append(slices.Clone(f.Terms), f.Heard...), f.Unless...))
	for _, s := range f.Structures {
		l.signs(append(slices.Clone(s.First), s.Second...))
	}
	l.shadowed(s, f)
}

// term checks one term by itself.
func (l *linter) term(e Entry, id string) {
	if cost := l.cost[id]; cost > maxCost {
		l.warn(e.Place, "« %s » donne %d suites de mots : répartissez-le, ou mettez ces mots dans une classe", e.Pattern.Source, cost)
	}
	for _, i := range l.phrases[id] {
		words := l.p.Literals[i]
		if len(words) != 1 {
			continue
		}
		word := l.p.Vocabulary.Word(words[0])
		if utf8.RuneCountInString(word) <= shortWord && !l.p.Acronyms[word] {
			l.warn(e.Place, "« %s » accepte « %s » seul, trop court pour être sûr : ajoutez un mot, ou écrivez-le en capitales si c'est un sigle", e.Pattern.Source, word)
			return
		}
	}
}

// nodes warns of brackets with a single choice and of lemmas that the regular
// rules get wrong.
func (l *linter) nodes(e Entry, nodes []node) {
	for _, n := range nodes {
		if n.kind == altNode && len(n.alts) == 1 {
			l.warn(e.after(n.column), "une seule possibilité entre parenthèses : écrivez (mot|) si le mot est facultatif")
		}
		if n.kind == lemmaNode && l.inflector.irregular(n.text) {
			l.warn(e.after(n.column), "{%s} est irrégulier : donnez ses formes sous « forms: » de qualifiers.fr.yaml", n.text)
		}
		for _, alt := range n.alts {
			l.nodes(e, alt)
		}
	}
}

// signs warns of alternatives of signs that folding drops: "(pour cent|%)"
// makes what stands beside it do without, which nobody meant.
func (l *linter) signs(entries []Entry) {
	for _, e := range entries {
		l.unread(e, e.Pattern.nodes)
	}
}

func (l *linter) unread(e Entry, nodes []node) {
	for _, n := range nodes {
		for _, alt := range n.alts {
			l.unread(e, alt)
			if sign := notation(alt, false); sign != "" && !strings.ContainsFunc(sign, readable) {
				l.warn(e.after(n.column), "« %s » ne se lit pas, et rend facultatif ce qui devrait être dit : écrivez-le en lettres", sign)
			}
		}
	}
}

// readable reports whether folding makes something of a sign, or a class does.
func readable(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("€+& ", r)
}

// categories warns of phrases that are terms of factors in two categories, each
// of which they would reach alone: one word would say two things. A weak sign
// may stand in two ("AAH" is of health and of income).
func (l *linter) categories() {
	type owner struct {
		category, factor string
	}
	first := map[int32]owner{}
	told := map[[2]string]bool{}
	for _, s := range l.rs.Sections {
		for _, f := range s.Factors {
			if f.Weight < 1 {
				continue
			}
			for _, e := range f.Terms {
				for _, i := range l.phrases[l.termID(s, f, "", e)] {
					was, taken := first[i]
					now := owner{s.ID, s.ID + "." + f.ID}
					if !taken {
						first[i] = now
						continue
					}
					pair := [2]string{was.factor, e.String()}
					if was.category != s.ID && !told[pair] {
						told[pair] = true
						l.warn(e.Place, "« %s » compte aussi pour %s, d'une autre catégorie : gardez-le dans une seule", l.phrase(i), was.factor)
					}
				}
			}
		}
	}
}

// phrase returns a literal in words.
func (l *linter) phrase(i int32) string {
	text := ""
	for k, id := range l.p.Literals[i] {
		if k > 0 {
			text += " "
		}
		text += l.p.Vocabulary.Word(id)
	}
	return text
}

// phrases returns, by term id, the literals that are the term by themselves,
// in any text: anchored and exact ones are left out.
func phrases(p *Program) map[string][]int32 {
	all := map[string][]int32{}
	for i, emits := range p.Emits {
		for _, e := range emits {
			if e.Anchored || e.Exact != nil {
				continue
			}
			for _, u := range p.Uses[e.Group] {
				if u.Kind == UseTerm {
					id := p.Terms[u.Index].ID
					all[id] = append(all[id], int32(i))
				}
			}
		}
	}
	return all
}

// costs returns, by term id, the literals and sequences that a term needs; what
// several share, as a class, is divided among them.
func costs(p *Program) map[string]int {
	group := make([]int, p.Groups)
	for _, emits := range p.Emits {
		for _, e := range emits {
			group[e.Group]++
		}
	}
	steps, users := make([]map[Group]bool, p.Groups), make([]int, p.Groups)
	for _, s := range p.Sequences {
		if steps[s.Out] == nil {
			steps[s.Out] = map[Group]bool{}
		}
		for _, st := range s.Steps {
			if !steps[s.Out][st.Group] {
				steps[s.Out][st.Group] = true
				users[st.Group]++
			}
		}
		group[s.Out]++
	}
	all := map[string]int{}
	for g, uses := range p.Uses {
		for _, u := range uses {
			if u.Kind == UseTerm {
				cost := group[g]
				for st := range steps[g] {
					cost += group[st] / users[st]
				}
				all[p.Terms[u.Index].ID] += cost
			}
		}
	}
	return all
}
