package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// termRow is a term or a factor with its part in the outcome.
type termRow struct {
	// Pattern is the term as the lexicon writes it; of a factor, its name.
	Pattern, Factor, ID string
	// Pieces are those of the pattern between its bars, where a line may end.
	Pieces []string
	// Now says what became of the term in the lexicon: "ajouté", "retiré", "".
	Now                              string
	Flags, Added, Gone, Moved, Total int
}

// mostTerms is how many terms the table lists.
const mostTerms = 500

// terms makes the tables, those with the largest effect first.
func (v *view) terms() {
	t := v.Tally
	patterns := make(map[string]string)
	for _, p := range []*lexicon.Program{t.before, t.after} {
		if p != nil {
			for _, term := range p.Terms {
				patterns[term.ID] = term.Pattern
			}
		}
	}
	for id, e := range t.terms {
		factor, _, _ := strings.Cut(id, "/")
		row := v.rowOf(id, e)
		row.Factor, row.Pattern = v.Names(factor), shorten(patterns[id])
		if open(id) {
			category, _, _ := strings.Cut(factor, ".")
			row.Factor, row.Pattern = v.Names(category), "("+strings.ToLower(v.Names(factor))+")"
		} else if v.Compared {
			row.Now = fate(t.known[Before][id], t.known[After][id])
		}
		row.Pieces = strings.SplitAfter(row.Pattern, "|")
		v.Terms = append(v.Terms, row)
	}
	for id, e := range t.factors {
		row := v.rowOf(id, e)
		row.Pattern = v.Names(id)
		if open(id) {
			category, _, _ := strings.Cut(id, ".")
			row.Pattern = v.Names(category) + " · " + row.Pattern
		}
		v.Factors = append(v.Factors, row)
	}
	v.Terms, v.Factors = v.worth(v.Terms), v.worth(v.Factors)
	if len(v.Terms) > mostTerms {
		v.MoreTerms = len(v.Terms) - mostTerms
		v.Terms = v.Terms[:mostTerms]
	}
}

// longPattern is how much of a term the table shows.
const longPattern = 160

func shorten(pattern string) string {
	if r := []rune(pattern); len(r) > longPattern {
		return string(r[:longPattern]) + "…"
	}
	return pattern
}

func (v *view) rowOf(id string, e *effect) termRow {
	row := termRow{ID: id, Flags: e.flags, Added: e.added, Gone: e.gone, Moved: e.moved, Total: e.total()}
	if !v.Compared {
		row.Total = e.flags
	}
	return row
}

// worth sorts rows by effect and drops those that have none.
func (v *view) worth(rows []termRow) []termRow {
	rows = slices.DeleteFunc(rows, func(r termRow) bool { return r.Total == 0 })
	slices.SortFunc(rows, func(a, b termRow) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.ID, b.ID))
	})
	return rows
}

// open reports whether a finding is no term of the lexicon's files: declared by
// the person, or many weak indices together.
func open(term string) bool {
	factor, _, _ := strings.Cut(term, "/")
	return strings.HasSuffix(factor, ".declared") || strings.HasSuffix(factor, ".faisceau")
}

func fate(before, after bool) string {
	switch {
	case !before && after:
		return "ajouté"
	case before && !after:
		return "retiré"
	}
	return ""
}
