package lexicon

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Drafts answers at once what a term would be, before it stands in a file:
// its mistakes, its wordings and what Lint would say of it by itself. It holds
// what the rest of the lexicon already says, and may be used by several
// goroutines.
type Drafts struct {
	rs *Ruleset
	// mu guards the inflector, which remembers the forms it made.
	mu        sync.Mutex
	inflector *inflector
	// owners holds the terms of a phrase, written in words.
	owners map[string][]phraseOwner
	// places are where a term stands, by placeKey.
	places map[string][]Place
}

// phraseOwner is a term that is a phrase.
type phraseOwner struct {
	factor, pattern string
	// strong: the factor alone makes its category.
	strong bool
}

// Draft is a term in the making.
type Draft struct {
	// Pattern is nil where the notation has a mistake.
	Pattern *Pattern
	// Problems are the errors, then the warnings. Their places have a column
	// only, counted from 1 in the code points of the term as it was typed.
	Problems []Problem
	// Wordings are some of the phrases that the pattern accepts, Total is how
	// many there are, at most a thousand million. A gap and a class count once.
	Wordings []string
	Total    int
	// Phrases counts the word sequences that it would add to the automaton.
	Phrases int
}

// Wrong reports whether the draft has an error: the lexicon would not load.
func (d *Draft) Wrong() bool {
	return slices.ContainsFunc(d.Problems, func(p Problem) bool { return p.Severity == Error })
}

// NewDrafts lays a lexicon out for drafts. The program is the one that
// [Compile] made of rs.
func NewDrafts(rs *Ruleset, p *Program) *Drafts {
	d := &Drafts{rs: rs, inflector: newInflector(rs.Qualifiers.Forms), owners: map[string][]phraseOwner{}, places: map[string][]Place{}}
	weights := map[string]float64{}
	for _, f := range p.Factors {
		weights[f.ID] = f.Weight
	}
	patterns := map[string]Term{}
	for _, t := range p.Terms {
		patterns[t.ID] = t
	}
	l := linter{p: p}
	heard := map[string]bool{} // in transcripts only: what they find is no reason to leave a term out
	for _, s := range rs.Sections {
		for _, f := range s.Factors {
			for _, e := range f.Heard {
				heard[TermID(s.ID+"."+f.ID, e.Pattern, true)] = true
			}
		}
	}
	for id, literals := range phrases(p) {
		if heard[id] {
			continue
		}
		t := patterns[id]
		factor := p.Factors[t.Factor].ID
		for _, i := range literals {
			words := l.phrase(i)
			d.owners[words] = append(d.owners[words], phraseOwner{factor, t.Pattern, weights[factor] >= 1})
		}
	}
	for _, s := range rs.Sections {
		for _, f := range s.Factors {
			for block, entries := range map[string][]Entry{"terms": f.Terms, "heard": f.Heard, "unless": f.Unless} {
				for _, e := range entries {
					key := placeKey(s.ID+"."+f.ID, block, e.Pattern)
					d.places[key] = append(d.places[key], e.Place)
				}
			}
		}
	}
	return d
}

func placeKey(factor, block string, p *Pattern) string { return factor + " " + block + " " + p.normal }

// Read reads a term of a factor, which is named with its category; block is
// "terms", "heard" or "unless". most is how many wordings are wanted.
func (d *Drafts) Read(factor, block, source string, most int) Draft {
	body := strings.TrimSpace(source)
	before, _, _ := strings.Cut(source, body)
	at := Place{Column: 1 + utf8.RuneCountInString(before)}
	var draft Draft
	var ps problems
	if i := strings.Index(" "+body, " #"); i >= 0 && body != "" {
		ps.add(at.after(utf8.RuneCountInString(body[:i])), "« # » commence un commentaire : ôtez-le")
	} else if pattern, err := ParsePattern(body); err != nil {
		var mistake *PatternError
		if errors.As(err, &mistake) {
			ps.add(at.after(mistake.Column-1), "%s", mistake.Message)
		}
	} else {
		draft.Pattern = pattern
		d.mu.Lock()
		d.compile(&draft, &ps, factor, block, Entry{Place: at, Pattern: pattern}, most)
		d.mu.Unlock()
	}
	for _, p := range ps {
		draft.Problems = append(draft.Problems, *p)
	}
	return draft
}

// compile compiles a term alone, with classes that are taken for granted.
func (d *Drafts) compile(draft *Draft, ps *problems, factor, block string, e Entry, most int) {
	draft.Wordings, draft.Total = d.inflector.wordings(e.Pattern.nodes, most)
	c := newCompiler(d.inflector)
	for _, s := range d.rs.Qualifiers.Classes {
		c.classes[bare(s.Name)] = &class{source: s, group: c.newGroup(), state: 2}
	}
	c.program.Factors = []Factor{{ID: factor}}
	term := c.term(0, "", e.Pattern.normal, e.Pattern.Source, e.Place)
	weak := c.pattern(e, c.newGroup(Use{UseTerm, term}), condition{transcript: block == "heard"})
	if block != "unless" {
		c.distinct(e, weak)
	}
	*ps = append(*ps, c.problems...)
	if len(c.problems) > 0 {
		return
	}
	l := linter{rs: d.rs, p: c.program, phrases: phrases(c.program), cost: costs(c.program), inflector: d.inflector}
	id := c.program.Terms[term].ID
	draft.Phrases = len(c.program.Literals) + len(c.program.Sequences)
	if block != "unless" {
		l.term(e, id)
		l.nodes(e, e.Pattern.nodes)
	}
	l.signs([]Entry{e})
	d.known(&l, factor, block, e)
	if block != "unless" {
		d.shadows(&l, factor, e, id)
	}
	*ps = append(*ps, l.problems...)
}

// known warns of a term that its factor has already.
func (d *Drafts) known(l *linter, factor, block string, e Entry) {
	if places := d.places[placeKey(factor, block, e.Pattern)]; len(places) > 0 {
		l.warn(e.Place, "« %s » est déjà écrit ligne %d : ce facteur l'a", e.Pattern.Source, places[0].Line)
	}
}

// shadows warns of a term that finds nothing that another term of its factor
// does not, and of phrases that another category counts too.
func (d *Drafts) shadows(l *linter, factor string, e Entry, id string) {
	category, _, _ := strings.Cut(factor, ".")
	var by []string // the terms that stand in every phrase so far
	for n, i := range l.phrases[id] {
		phrase := l.phrase(i)
		for _, o := range d.owners[phrase] {
			if other, _, _ := strings.Cut(o.factor, "."); other != category && o.strong {
				l.warn(e.Place, "« %s » compte aussi pour %s, d'une autre catégorie : gardez-le dans une seule", phrase, o.factor)
				return
			}
		}
		here := d.inside(factor, phrase, e.Pattern.Source)
		if n > 0 {
			here = slices.DeleteFunc(here, func(p string) bool { return !slices.Contains(by, p) })
		}
		by = here
	}
	if whole := l.cost[id] == len(l.phrases[id]); whole && len(by) > 0 {
		l.warn(e.Place, "« %s » ne trouve rien de plus que « %s » : il ne sert à rien de l'ajouter", e.Pattern.Source, by[0])
	}
}

// inside returns the other terms of a factor that are a phrase inside phrase.
func (d *Drafts) inside(factor, phrase, itself string) []string {
	words := strings.Fields(phrase)
	var all []string
	for from := range words {
		for to := from + 1; to <= len(words); to++ {
			for _, o := range d.owners[strings.Join(words[from:to], " ")] {
				if o.factor == factor && o.pattern != itself && !slices.Contains(all, o.pattern) {
					all = append(all, o.pattern)
				}
			}
		}
	}
	return all
}
