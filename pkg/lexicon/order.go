package lexicon

import (
	"cmp"
	"maps"
	"slices"
)

// sorted returns a copy in canonical order, with repeated terms of a factor
// taken once, so that neither the order of the files nor a line written twice
// changes the digest or the program.
func (rs *Ruleset) sorted() *Ruleset {
	out := *rs
	order := CategoryIDs()
	out.Sections = slices.Clone(rs.Sections)
	slices.SortFunc(out.Sections, func(a, b Section) int {
		return cmp.Compare(slices.Index(order, a.ID), slices.Index(order, b.ID))
	})
	for i := range out.Sections {
		factors := slices.Clone(out.Sections[i].Factors)
		slices.SortFunc(factors, func(a, b FactorSource) int { return cmp.Compare(a.ID, b.ID) })
		for k := range factors {
			factors[k] = factors[k].sorted()
		}
		out.Sections[i].Factors = factors
	}
	q := &out.Qualifiers
	q.Masks = distinct(q.Masks)
	q.Classes = slices.Clone(q.Classes)
	for i := range q.Classes {
		q.Classes[i].Terms = distinct(q.Classes[i].Terms)
	}
	slices.SortFunc(q.Classes, func(a, b ClassSource) int { return cmp.Compare(a.Name, b.Name) })
	q.Cues = slices.Clone(q.Cues)
	for i := range q.Cues {
		q.Cues[i].Terms = distinct(q.Cues[i].Terms)
	}
	slices.SortStableFunc(q.Cues, func(a, b CueSource) int { return cmp.Compare(a.Name, b.Name) })
	forms := make(map[string][]string, len(q.Forms))
	for lemma, all := range q.Forms {
		forms[lemma] = set(all)
	}
	q.Forms = forms
	out.Indices = rs.Indices.Sorted()
	out.Policy = rs.Policy.sorted()
	return &out
}

func (f FactorSource) sorted() FactorSource {
	f.Cautions = set(f.Cautions)
	f.Terms, f.Heard, f.Unless = distinct(f.Terms), distinct(f.Heard), distinct(f.Unless)
	f.Structures = slices.Clone(f.Structures)
	for i := range f.Structures {
		f.Structures[i].First = distinct(f.Structures[i].First)
		f.Structures[i].Second = distinct(f.Structures[i].Second)
	}
	slices.SortFunc(f.Structures, func(a, b StructureSource) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Notation(), b.Notation()))
	})
	f.Structures = slices.CompactFunc(f.Structures, func(a, b StructureSource) bool {
		return a.Kind == b.Kind && a.Notation() == b.Notation()
	})
	return f
}

func (p Policy) sorted() Policy {
	p.Urgent, p.Languages, p.Disabled = set(p.Urgent), set(p.Languages), set(p.Disabled)
	referrals := make(map[string]Referral, len(p.Referrals))
	for name, r := range p.Referrals {
		referrals[name] = Referral{Break: set(r.Break), Shortage: set(r.Shortage)}
	}
	p.Referrals = referrals
	p.Thresholds, p.Alert = maps.Clone(p.Thresholds), maps.Clone(p.Alert)
	if p.Thresholds == nil {
		p.Thresholds = map[string]float64{}
	}
	if p.Alert == nil {
		p.Alert = map[string][]string{}
	}
	return p
}

// distinct returns entries in the order of their notation, without repeats. Of
// two that differ in capitals only, the one with more of them stays: it says
// that a word is an acronym.
func distinct(entries []Entry) []Entry {
	all := slices.Clone(entries)
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Pattern.normal, b.Pattern.normal), cmp.Compare(a.Pattern.notation, b.Pattern.notation))
	})
	return slices.CompactFunc(all, func(a, b Entry) bool { return a.Pattern.normal == b.Pattern.normal })
}

// set returns texts in order without repeats, never nil.
func set(texts []string) []string {
	all := append([]string{}, texts...)
	slices.Sort(all)
	return slices.Compact(all)
}
