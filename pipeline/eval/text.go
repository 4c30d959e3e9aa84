package eval

import (
	"fmt"
	"io"
	"strings"
)

// Names are what the report calls things in French.
type Names struct {
	// Of names a category, a factor, a status or a type of event.
	Of func(id string) string
	// Pattern is a term as written in the lexicon, "" for what is none.
	Pattern func(term string) string
}

// report writes a Result for people. The first error of w stays.
type report struct {
	w     io.Writer
	names Names
	err   error
}

func (t *report) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

// WriteText writes the result in French, for care specialists and the data
// team; the cases last.
func (r *Result) WriteText(w io.Writer, names Names) error {
	t := &report{w: w, names: names}
	t.printf("%s %s\n%s\n", r.Lexicon.Name, r.Lexicon.Version, r.Lexicon.Digest)
	t.printf("documents : %d ; intervalles de confiance à 95 %%\n\n", r.Corpus.Documents)
	t.printf("%-26s %-19s  %-19s  %-19s %6s %7s %8s  %s\n", "", "précision", "rappel", "F1", "justes", "fausses", "manquées", "preuve")
	t.rows("Catégories", r.Categories, t.names.Of)
	t.rows("Canaux", r.Kinds, func(id string) string { return t.names.Of("vigie." + id + ".v1") })
	t.rows("Sources (début de l’identifiant)", r.Sources, func(id string) string { return id })
	t.rows("Décisions", []Row{r.Urgent, r.Partner}, decision(names))
	t.rows("Ensemble", []Row{r.Micro}, func(string) string { return "toutes catégories" })
	t.printf("  %-24s %-19s  %-19s  %.3f\n", "moyenne des catégories", "", "", r.MacroF1)
	t.printf("\nDocuments sans signe signalés : %d sur %d, %s\n", r.Clean.Flagged, r.Clean.Documents, rate(r.Clean.Share))
	t.printf("Justes qui ne tiennent qu’à des termes vus dans ce seul document : %s\n", rate(r.Single))
	t.tallies(r)
	if r.Cases != nil {
		t.cases(r.Cases)
	}
	if r.Baseline != nil {
		t.baseline(r.Baseline)
	}
	return t.err
}

// decision names what is decided: a category, the route, the referral.
func decision(n Names) func(id string) string {
	return func(id string) string {
		switch id {
		case decisionUrgent:
			return "urgence"
		case decisionPartner:
			return "association partenaire"
		}
		return n.Of(id)
	}
}

func rate(r Rate) string { return fmt.Sprintf("%.3f [%.3f–%.3f]", r.Value, r.Low, r.High) }

func (t *report) rows(title string, list []Row, name func(id string) string) {
	t.printf("%s\n", title)
	for _, r := range list {
		t.printf("  %-24s %s  %s  %s %6d %7d %8d", name(r.ID), rate(r.Precision), rate(r.Recall), rate(r.F1), r.TP, r.FP, r.FN)
		if r.Shown != nil && r.TP > 0 {
			t.printf("  %s", rate(*r.Shown))
		}
		t.printf("\n")
	}
}

// tallies writes every factor, and the terms that are wrong somewhere: those
// that are always right are thousands, and only counted.
func (t *report) tallies(r *Result) {
	t.printf("\nDocuments par facteur ; « preuve » : aux mots que l’annotation cite\n%7s %7s %7s\n", "fausses", "justes", "preuve")
	for _, f := range r.Factors {
		t.printf("%7d %7d %7d  %s : %s\n", f.FalseAlarms, f.Hits, f.Evidence, f.ID, t.names.Of(f.ID))
	}
	t.printf("\nDocuments par terme\n%7s %7s %7s\n", "fausses", "justes", "preuve")
	right := 0
	for _, x := range r.Terms {
		if x.FalseAlarms == 0 {
			right++
			continue
		}
		t.printf("%7d %7d %7d  %s\n", x.FalseAlarms, x.Hits, x.Evidence, strings.TrimSpace(x.ID+"  "+t.pattern(x.ID)))
	}
	t.printf("termes toujours justes : %d (--format json les donne)\n", right)
}

// pattern returns a term as written, cut where it is long: some fill a page.
func (t *report) pattern(term string) string {
	const longest = 120
	p := []rune(t.names.Pattern(term))
	if len(p) > longest {
		return string(p[:longest]) + "…"
	}
	return string(p)
}

// cases writes each miss and false alarm with the words around it.
func (t *report) cases(list []Case) {
	t.printf("\nManqués et fausses alertes : %d (mots des personnes)\n", len(list))
	name := decision(t.names)
	for _, c := range list {
		what := "fausse alerte"
		if c.Missed {
			what = "manqué"
		}
		t.printf("\n%s, ligne %d, %s : %s, %s\n", c.ID, c.Line, t.names.Of("vigie."+c.Kind+".v1"), what, name(c.Decision))
		for _, p := range c.Passages {
			t.passage(p)
		}
	}
}

func (t *report) passage(p Passage) {
	if p.Text != "" {
		t.printf("    %s[%s]%s\n", p.Before, p.Text, p.After)
	}
	if p.Factor == "" {
		return
	}
	t.printf("      %s", strings.ToLower(t.names.Of(p.Status))+" : "+t.names.Of(p.Factor))
	if pattern := t.pattern(p.Term); pattern != "" {
		t.printf(", par « %s »", pattern)
	}
	t.printf("  [%s]\n", p.Term)
}

// baseline writes what changed since the baseline.
func (t *report) baseline(list []Change) {
	t.printf("\nPar rapport à la référence (tolérance %.3f)\n", Tolerance)
	for _, c := range list {
		t.printf("  %-46s %.4f → %.4f  %+.4f", c.Name(t.names), c.Before, c.Now, c.Now-c.Before)
		if c.Worse {
			t.printf("  RECUL")
		}
		t.printf("\n")
	}
}

// Name says in French which figure changed.
func (c Change) Name(n Names) string {
	switch c.Figure {
	case microF1:
		return "F1, toutes catégories"
	case urgentRecall:
		return "rappel des urgences"
	case partnerF1:
		return "F1 de l’association partenaire"
	case cleanFlagged:
		return "part des documents sans signe signalés"
	}
	return "F1, " + n.Of(strings.TrimSuffix(c.Figure, "_f1"))
}
