package proposal

import (
	"errors"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// expect makes the changes to the meaning of a ruleset: what the changed files
// must say.
func expect(rs *lexicon.Ruleset, changes []Change) (*lexicon.Ruleset, error) {
	whole := *rs
	whole.Sections = slices.Clone(rs.Sections)
	for i := range whole.Sections {
		whole.Sections[i].Factors = slices.Clone(whole.Sections[i].Factors)
	}
	touched := map[string]bool{}
	for i := range changes {
		c := &changes[i]
		if err := c.check(i); err != nil {
			return nil, err
		}
		f := factorOf(&whole, c.Factor)
		if f == nil {
			return nil, refuse(i, "le lexique n’a pas de facteur « %s »", c.Factor)
		}
		if !touched[c.Factor] {
			touched[c.Factor] = true
			f.Terms, f.Heard, f.Unless, f.Examples = slices.Clone(f.Terms), slices.Clone(f.Heard), slices.Clone(f.Unless), slices.Clone(f.Examples)
		}
		if err := c.mean(i, f); err != nil {
			return nil, err
		}
	}
	for id := range touched {
		if f := factorOf(&whole, id); len(f.Terms)+len(f.Heard)+len(f.Structures) == 0 {
			return nil, refuse(-1, "le facteur « %s » n’aurait plus aucun terme : laissez-lui-en un", id)
		}
	}
	return &whole, nil
}

// factorOf returns the factor of rs that is named with its category, nil for none.
func factorOf(rs *lexicon.Ruleset, id string) *lexicon.FactorSource {
	category, name, _ := strings.Cut(id, ".")
	for i := range rs.Sections {
		s := &rs.Sections[i]
		if s.ID != category {
			continue
		}
		if k := slices.IndexFunc(s.Factors, func(f lexicon.FactorSource) bool { return f.ID == name }); k >= 0 {
			return &s.Factors[k]
		}
	}
	return nil
}

// mean makes the change to a factor.
func (c *Change) mean(i int, f *lexicon.FactorSource) error {
	if expect := c.Block.Expect(); expect != "" {
		for _, e := range f.Examples {
			if e.Text == c.New && e.Expect == expect {
				return refuse(i, "ce facteur a déjà cet exemple (ligne %d)", e.Line)
			}
		}
		f.Examples = append(f.Examples, lexicon.Example{Expect: expect, Text: c.New})
		return nil
	}
	entries := entriesOf(f, c.Block)
	at := -1
	if c.Op != Add {
		if at = slices.IndexFunc(*entries, func(e lexicon.Entry) bool { return e.Pattern.Source == c.Old }); at < 0 {
			return refuse(i, "« %s » n’est pas, ou plus, un terme de cette liste", c.Old)
		}
	}
	if c.Op == Remove {
		*entries = slices.Delete(*entries, at, at+1)
		return nil
	}
	pattern, err := parse(i, c.New)
	if err != nil {
		return err
	}
	for k, e := range *entries {
		if k != at && strings.EqualFold(e.Pattern.String(), pattern.String()) {
			return refuse(i, "« %s » est déjà dans cette liste (ligne %d)", c.New, e.Line)
		}
	}
	if c.Op == Add {
		*entries = append(*entries, lexicon.Entry{Pattern: pattern})
		return nil
	}
	(*entries)[at] = lexicon.Entry{Pattern: pattern} // without a place: it is not replaced again
	return nil
}

// parse reads a term as a file's line would be read.
func parse(i int, term string) (*lexicon.Pattern, error) {
	if strings.Contains(" "+term, " #") {
		return nil, refuse(i, "« # » commence un commentaire : ôtez-le de « %s »", term)
	}
	pattern, err := lexicon.ParsePattern(term)
	var mistake *lexicon.PatternError
	if errors.As(err, &mistake) {
		return nil, refuse(i, "« %s », colonne %d : %s", term, mistake.Column, mistake.Message)
	}
	return pattern, err
}

// entriesOf is a block of terms of a factor.
func entriesOf(f *lexicon.FactorSource, b Block) *[]lexicon.Entry {
	switch b {
	case Heard:
		return &f.Heard
	case Unless:
		return &f.Unless
	}
	return &f.Terms
}

// same reports whether two rulesets say the same, with as many entries in the
// same order, and with the same examples.
func same(a, b *lexicon.Ruleset) bool {
	if len(a.Sections) != len(b.Sections) || len(differences(a, b)) > 0 {
		return false
	}
	entry := func(x, y lexicon.Entry) bool { return x.Pattern.String() == y.Pattern.String() }
	return slices.EqualFunc(a.Sections, b.Sections, func(s, t lexicon.Section) bool {
		return s.ID == t.ID && s.Label == t.Label && slices.EqualFunc(s.Factors, t.Factors, func(f, g lexicon.FactorSource) bool {
			return f.ID == g.ID && f.Label == g.Label && slices.EqualFunc(f.Terms, g.Terms, entry) && slices.EqualFunc(f.Heard, g.Heard, entry) &&
				slices.EqualFunc(f.Unless, g.Unless, entry) && sameExamples(f.Examples, g.Examples)
		})
	})
}

// sameExamples compares the examples list by list: a new one is the last of
// its list, not of all.
func sameExamples(a, b []lexicon.Example) bool {
	by := func(list []lexicon.Example) map[string][]string {
		m := map[string][]string{}
		for _, e := range list {
			m[e.Expect] = append(m[e.Expect], e.Text)
		}
		return m
	}
	x, y := by(a), by(b)
	for _, expect := range expects {
		if !slices.Equal(x[expect], y[expect]) {
			return false
		}
	}
	return true
}

// differences is [lexicon.Diff] of all that a proposal can change.
func differences(a, b *lexicon.Ruleset) []lexicon.Difference {
	x, y := *a, *b
	x.Indices, y.Indices = lexicon.IndicesSource{}, lexicon.IndicesSource{}
	return lexicon.Diff(&x, &y)
}

// Check refuses changes that are not possible by what they mean, without a look
// at the files. The error is a *[Refused].
func Check(rs *lexicon.Ruleset, changes []Change) error {
	_, err := expect(rs, changes)
	return err
}
