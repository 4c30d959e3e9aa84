package lexicon

import (
	"fmt"
	"slices"
	"strings"
)

// Difference is one thing that two rulesets say differently, by meaning: order,
// comments, labels and examples are none.
type Difference struct {
	// Where is a factor's id, or "qualificatifs", "indices", "politique".
	Where string
	// Added and Removed are notations; of a setting that changed both are set.
	Added, Removed string
	// What is what was added, removed or changed: "terme", "poids"…
	What string
}

// String tells the difference in French, in one line.
func (d Difference) String() string {
	switch {
	case d.Removed == "":
		return fmt.Sprintf("%s : + %s « %s »", d.Where, d.What, d.Added)
	case d.Added == "":
		return fmt.Sprintf("%s : − %s « %s »", d.Where, d.What, d.Removed)
	}
	return fmt.Sprintf("%s : %s %s → %s", d.Where, d.What, d.Removed, d.Added)
}

// WhereIndices is where differences of the learned layer stand.
const WhereIndices = "indices"

// Where the others stand beside factors.
const (
	whereQualifiers = "qualificatifs"
	wherePolicy     = "politique"
)

// Diff tells what b says differently from a: factors first, in the order of
// the contract, then qualifiers, indices and policy.
func Diff(a, b *Ruleset) []Difference {
	a, b = a.sorted(), b.sorted()
	var d differ
	before, after := a.facts(), b.facts()
	for _, where := range order(before, after) {
		d.facts(where, before[where], after[where])
	}
	for level := range Levels {
		d.indices(levelNames[level], a.Indices.Rows[level], b.Indices.Rows[level])
	}
	d.row(baseName, &IndexSource{Weights: a.Indices.Base}, &IndexSource{Weights: b.Indices.Base})
	return d.all
}

type differ struct{ all []Difference }

// fact is one thing a ruleset says: a term or a setting.
type fact struct{ what, value string }

// facts lists all that a ruleset says beside the indices, by place.
func (rs *Ruleset) facts() map[string][]fact {
	all := map[string][]fact{}
	for _, s := range rs.Sections {
		for _, f := range s.Factors {
			all[s.ID+"."+f.ID] = f.facts()
		}
	}
	all[whereQualifiers] = rs.Qualifiers.facts()
	all[wherePolicy] = rs.Policy.facts()
	return all
}

func (f *FactorSource) facts() []fact {
	all := []fact{
		{"gravité", fmt.Sprint(f.Severity)}, {"poids", fmt.Sprint(f.Weight)}, {"qui", f.Who.String()}, {"niable", fmt.Sprint(f.Negatable)},
		{"durée en mois", fmt.Sprint(f.FadesMonths)}, {"urgence", f.Urgency}, {"précautions", strings.Join(f.Cautions, ", ")}, {"conducteur FG21", f.FG21},
	}
	for what, entries := range map[string][]Entry{"terme": f.Terms, "terme oral": f.Heard, "sauf": f.Unless} {
		all = append(all, entriesAs(what, entries)...)
	}
	for _, s := range f.Structures {
		all = append(all, fact{s.Kind.String(), s.Notation()})
	}
	return all
}

func (q *Qualifiers) facts() []fact {
	all := entriesAs("masque", q.Masks)
	for _, c := range q.Classes {
		all = append(all, entriesAs("<"+c.Name+">", c.Terms)...)
	}
	for lemma, forms := range q.Forms {
		all = append(all, fact{"formes de " + lemma, strings.Join(forms, " ")})
	}
	for _, c := range q.Cues {
		all = append(all, fact{"réglage de « " + c.Name + " »", fmt.Sprintf("%s, avant %t, après %t, fenêtre %d, phrase %t, suite %t, ne %t",
			c.Effect, c.Before, c.After, c.Window, c.Sentence, c.Onward, c.NeedsNe)})
		all = append(all, entriesAs("« "+c.Name+" »", c.Terms)...)
	}
	return all
}

func (p *Policy) facts() []fact {
	all := []fact{
		{"répétition", fmt.Sprint(p.Repeat)}, {"voisinage", fmt.Sprint(p.Neighbour)}, {"relèvement", fmt.Sprint(p.Raise)},
		{"urgences", strings.Join(p.Urgent, ", ")}, {"langues", strings.Join(p.Languages, ", ")},
	}
	for id, t := range p.Thresholds {
		all = append(all, fact{"seuil de " + id, fmt.Sprint(t)})
	}
	for name, r := range p.Referrals {
		for _, id := range r.Break {
			all = append(all, fact{name + ", rupture", id})
		}
		for _, id := range r.Shortage {
			all = append(all, fact{name + ", manque", id})
		}
	}
	for urgency, whom := range p.Alert {
		all = append(all, fact{"alerte " + urgency, strings.Join(whom, ", ")})
	}
	for _, id := range p.Disabled {
		all = append(all, fact{"facteur éteint", id})
	}
	return all
}

func entriesAs(what string, entries []Entry) []fact {
	all := make([]fact, len(entries))
	for i, e := range entries {
		all[i] = fact{what, e.Pattern.notation}
	}
	return all
}

// order lists the places of both sides: factors by category, then the rest.
func order(a, b map[string][]fact) []string {
	rank := func(where string) int {
		category, _, _ := strings.Cut(where, ".")
		if i := slices.Index(CategoryIDs(), category); i >= 0 {
			return i
		}
		return len(CategoryIDs())
	}
	var all []string
	for _, side := range []map[string][]fact{a, b} {
		for where := range side {
			all = append(all, where)
		}
	}
	slices.SortFunc(all, func(x, y string) int {
		if d := rank(x) - rank(y); d != 0 {
			return d
		}
		return strings.Compare(x, y)
	})
	return slices.Compact(all)
}

// facts compares one place. A setting that has one value on both sides changed;
// all else was added or removed.
func (d *differ) facts(where string, a, b []fact) {
	compare := func(x, y fact) int {
		if c := strings.Compare(x.what, y.what); c != 0 {
			return c
		}
		return strings.Compare(x.value, y.value)
	}
	gone := slices.DeleteFunc(slices.Clone(a), func(f fact) bool { return slices.Contains(b, f) })
	come := slices.DeleteFunc(slices.Clone(b), func(f fact) bool { return slices.Contains(a, f) })
	slices.SortFunc(gone, compare)
	slices.SortFunc(come, compare)
	count := func(list []fact, what string) (n int) {
		for _, f := range list {
			if f.what == what {
				n++
			}
		}
		return n
	}
	for _, f := range gone {
		if count(a, f.what) == 1 && count(b, f.what) == 1 {
			i := slices.IndexFunc(come, func(x fact) bool { return x.what == f.what })
			d.all = append(d.all, Difference{where, orNone(come[i].value), orNone(f.value), f.what})
			come = slices.Delete(come, i, i+1)
			continue
		}
		d.all = append(d.all, Difference{Where: where, Removed: orNone(f.value), What: f.what})
	}
	for _, f := range come {
		if f.value != "" || len(a) > 0 {
			d.all = append(d.all, Difference{Where: where, Added: orNone(f.value), What: f.what})
		}
	}
}

func orNone(value string) string {
	if value == "" {
		return "(rien)"
	}
	return value
}

// indices compares a level of the learned layer.
func (d *differ) indices(level string, a, b []IndexSource) {
	rows := map[string]*IndexSource{}
	for i := range a {
		rows[a[i].Text] = &a[i]
	}
	for i := range b {
		was := rows[b[i].Text]
		delete(rows, b[i].Text)
		if was == nil {
			d.all = append(d.all, Difference{Where: WhereIndices, Added: b[i].Text, What: level})
			continue
		}
		d.row(level+" "+b[i].Text, was, &b[i])
	}
	for i := range a {
		if rows[a[i].Text] != nil {
			d.all = append(d.all, Difference{Where: WhereIndices, Removed: a[i].Text, What: level})
		}
	}
}

// row compares the weights of an index.
func (d *differ) row(what string, a, b *IndexSource) {
	if a.Weights == b.Weights {
		return
	}
	weights := func(x *IndexSource) string {
		_, list, _ := strings.Cut(x.notation(), "\t")
		return strings.ReplaceAll(list, "\t", " ")
	}
	d.all = append(d.all, Difference{Where: WhereIndices, Added: weights(b), Removed: weights(a), What: what})
}
