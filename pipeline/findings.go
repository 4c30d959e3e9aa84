package pipeline

import (
	"cmp"
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// noPattern stands for the pattern in the term of a declaration or a faisceau.
const noPattern = "00000000"

// findings groups the signs by term and status, most severe first, then by
// place. Only those of the categories reached are kept, and of those that are
// not asserted only the ones beside asserted ones, and urgent ones.
func findings(signs []sign, s *stream, p *lexicon.Program, v *verdict) []flag.Finding {
	if v.category == [lexicon.DecisionUrgent]bool{} {
		return nil
	}
	type key struct {
		term   int32
		status flag.Status
	}
	type shown struct {
		finding int
		span    flag.Span
	}
	index, seen := make(map[key]int), make(map[shown]bool)
	beside := v.asserts(p)
	var list []flag.Finding
	for i := range signs {
		x := &signs[i]
		f := &p.Factors[p.Terms[x.term].Factor]
		if !v.category[f.Category] || x.status != flag.Asserted && f.Urgency == "" && !beside {
			continue
		}
		k := key{x.term, x.status}
		at, ok := index[k]
		if !ok {
			at = len(list)
			index[k] = at
			list = append(list, flag.Finding{
				Category: p.Categories[f.Category].ID, Factor: f.ID, Term: p.Terms[x.term].ID,
				Severity: v.severityOf(f, x.status), Status: x.status,
			})
		}
		for _, place := range x.places {
			span := shown{at, s.span(place)}
			if !seen[span] {
				seen[span] = true
				list[at].Spans = append(list[at].Spans, span.span)
			}
		}
	}
	for i := range v.faisceaux {
		list = append(list, v.faisceaux[i].finding(s, p))
	}
	for _, i := range v.declared {
		id := p.Categories[i].ID + flag.Declared
		list = append(list, flag.Finding{
			Category: p.Categories[i].ID, Factor: id, Term: id + "/" + noPattern,
			Severity: declaredSeverity, Status: flag.Asserted,
		})
	}
	slices.SortStableFunc(list, func(a, b flag.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	return list
}

// asserts reports whether a category is reached by something asserted.
func (v *verdict) asserts(p *lexicon.Program) bool {
	return len(v.declared)+len(v.faisceaux) > 0 || slices.ContainsFunc(v.factors, func(f int) bool { return v.category[p.Factors[f].Category] })
}

// severityOf is the severity of one finding: an urgent one that is not
// asserted, or that was lowered, is serious, no more.
func (v *verdict) severityOf(f *lexicon.Factor, status flag.Status) int {
	if status != flag.Asserted || !v.urgent {
		return min(f.Severity, 3)
	}
	return f.Severity
}
