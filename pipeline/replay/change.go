package replay

import (
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/flag"
)

// Change is what becomes of an event's flag from one judgement to another.
type Change string

// The changes, in the order of their weight: a flag that changes in several
// ways counts as the first of them.
const (
	Added    Change = "added"
	Removed  Change = "removed"
	Rerouted Change = "rerouted"
	Regraded Change = "severity"
	// Altered flags have other categories, referrals, urgencies or cautions.
	Altered Change = "changed"
	// Same flags may have other findings: whoever acts on them does the same.
	Same Change = "same"
)

// Changes lists all but [Same].
func Changes() []Change { return []Change{Added, Removed, Rerouted, Regraded, Altered} }

// Compare says what becomes of a flag; nil is none. Both must not be nil.
func Compare(before, after *flag.Flag) Change {
	switch {
	case before == nil:
		return Added
	case after == nil:
		return Removed
	case before.Route != after.Route:
		return Rerouted
	case before.Severity != after.Severity:
		return Regraded
	case !slices.Equal(before.Categories, after.Categories), !slices.Equal(before.Referrals, after.Referrals),
		!slices.Equal(before.Urgency, after.Urgency), !slices.Equal(before.Cautions, after.Cautions):
		return Altered
	}
	return Same
}

// causes returns the terms that made a change: of a flag that one side alone
// makes, those that the other lexicon lacks, and where it lacks none, all (a
// weight, a threshold or a qualifier did it); of one that both make, the
// findings that one has and the other lacks or grades otherwise, and where
// there are none, all.
func causes(o *Outcome, c Change, known [2]map[string]bool) []string {
	switch c {
	case Added:
		return unknownTo(known[0], o.After)
	case Removed:
		return unknownTo(known[1], o.Before)
	case Same:
		return nil
	}
	list := append(unlike(o.Before, o.After), unlike(o.After, o.Before)...)
	if list == nil {
		list = append(asserted(o.Before), asserted(o.After)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func unknownTo(known map[string]bool, f *flag.Flag) []string {
	all := asserted(f)
	own := slices.DeleteFunc(slices.Clone(all), func(term string) bool { return known[term] || flag.Unwritten(factorOf(term)) != "" })
	if len(own) == 0 {
		return all
	}
	return own
}

// unlike lists the terms of f's asserted findings that other lacks or grades otherwise.
func unlike(f, other *flag.Flag) (terms []string) {
	for _, x := range f.Findings {
		if x.Status == flag.Asserted && !slices.ContainsFunc(other.Findings, func(y flag.Finding) bool {
			return y.Term == x.Term && y.Status == x.Status && y.Severity == x.Severity
		}) {
			terms = append(terms, x.Term)
		}
	}
	return terms
}

// asserted lists the terms of a flag's asserted findings, each once.
func asserted(f *flag.Flag) (terms []string) {
	for _, x := range f.Findings {
		if x.Status == flag.Asserted {
			terms = append(terms, x.Term)
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// factorOf returns the factor of a term's id.
func factorOf(term string) string {
	factor, _, _ := strings.Cut(term, "/")
	return factor
}
