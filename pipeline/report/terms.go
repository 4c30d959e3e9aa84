package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// termRow is a term or a factor with its part in the outcome: how many flags it
// makes new, gone or moved, and in all; with one lexicon only the last.
type termRow struct {
	// Pattern is the term as the lexicon writes it; of a factor, its name.
	Pattern, Factor, ID string
	// Pieces are those of the pattern between its bars, where a line may end.
	Pieces []string
	// Now says what became of the term in the lexicon: "ajouté", "retiré", "".
	Now                       string
	Added, Gone, Moved, Total int
}

// mostTerms is how many terms the table lists.
const mostTerms = 500

// terms makes the tables, those with the largest effect first.
func (v *view) terms() {
	t := v.Tally
	var patterns [2]map[string]string
	for side, p := range []*lexicon.Program{t.before, t.after} {
		patterns[side] = make(map[string]string)
		if p != nil {
			for _, term := range p.Terms {
				patterns[side][term.ID] = term.Pattern
			}
		}
	}
	var effects [2]map[string]*replay.Effect
	if v.Compared {
		effects = [2]map[string]*replay.Effect{t.difference.Terms, t.difference.Factors}
	}
	v.Terms, v.Factors = rowsOf(effects[0], t.terms), rowsOf(effects[1], t.factors)
	v.MoreTerms = max(len(v.Terms)-mostTerms, 0)
	v.Terms = v.Terms[:min(len(v.Terms), mostTerms)]
	for i := range v.Terms {
		row := &v.Terms[i]
		factor, _, _ := strings.Cut(row.ID, "/")
		was, before := patterns[Before][row.ID]
		is, after := patterns[After][row.ID]
		row.Factor, row.Pattern = v.Names(factor), shorten(cmp.Or(is, was))
		if category := flag.Unwritten(factor); category != "" {
			row.Factor, row.Pattern = v.Names(category), "("+strings.ToLower(v.Names(factor))+")"
		} else if v.Compared {
			row.Now = fate(before, after)
		}
		row.Pieces = strings.SplitAfter(row.Pattern, "|")
	}
	for i := range v.Factors {
		row := &v.Factors[i]
		row.Pattern = v.Names(row.ID)
		if category := flag.Unwritten(row.ID); category != "" {
			row.Pattern = v.Names(category) + " · " + row.Pattern
		}
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

// rowsOf makes rows of what is counted, those with the largest effect first.
func rowsOf(effects map[string]*replay.Effect, counts map[string]int) (rows []termRow) {
	for id, e := range effects {
		row := termRow{ID: id, Added: e.Changes[replay.Added], Gone: e.Changes[replay.Removed], Total: e.Total()}
		row.Moved = row.Total - row.Added - row.Gone
		rows = append(rows, row)
	}
	for id, n := range counts {
		rows = append(rows, termRow{ID: id, Total: n})
	}
	slices.SortFunc(rows, func(a, b termRow) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.ID, b.ID))
	})
	return rows
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
