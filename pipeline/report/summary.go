package report

import (
	"fmt"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
)

// card is one figure with what it means.
type card struct {
	Figure, Text string
	// Class is "urgent" for what must be seen first, else "".
	Class string
}

// routeTold explains a route with what each side sends there.
type routeTold struct {
	Name, Text string
	Counts     []int
}

// changeTold is a kind of change with how many flags had it.
type changeTold struct {
	Name, Text string
	N          int
}

// summarise says first what the reader came for: what changes, and for how
// many people.
func (v *view) summarise() {
	t := v.Tally
	messages := french.Count(v.Total.judged(), "message")
	period := ""
	if !v.Total.First.IsZero() {
		period = fmt.Sprintf(", du %s au %s", french.Date(v.Total.First), french.Date(v.Total.Last))
	}
	if v.Share < 1 {
		v.SampledShare = french.Percent(int(v.Share*1e6), 1e6)
	}
	if !v.Compared {
		v.Title = fmt.Sprintf("Ce que signale le lexique %s %s", v.After.Name, v.After.Version)
		v.Lead = fmt.Sprintf("%s relus%s.", messages, period)
		v.single()
		return
	}
	v.Title = fmt.Sprintf("Ce que changerait le lexique %s %s", v.After.Name, v.After.Version)
	v.Lead = fmt.Sprintf("%s relus%s, par le lexique %s (« avant ») et par le lexique %s (« après »).",
		messages, period, v.Before.Version, v.After.Version)
	v.Lead = french.Typeset(v.Lead)
	more := t.counted(flaggedAfter, flaggedBefore)
	fewer := t.counted(flaggedBefore, flaggedAfter)
	urgent := t.counted(urgentAfter, urgentBefore)
	calmer := t.counted(urgentBefore, urgentAfter)
	v.Cards = []card{
		{french.Signed(more), either(more, "personne signalée qui ne l’était pas", "personnes signalées qui ne l’étaient pas"), ""},
		{french.Number(-fewer), either(fewer, "personne qui ne serait plus signalée", "personnes qui ne seraient plus signalées"), ""},
		{french.Signed(urgent), either(urgent, "personne qui passerait en urgence", "personnes qui passeraient en urgence"), "urgent"},
		{french.Number(-calmer), either(calmer, "personne qui ne serait plus en urgence", "personnes qui ne seraient plus en urgence"), "urgent"},
	}
	for i := range v.Cards {
		if v.Cards[i].Figure == "0" {
			v.Cards[i].Class = ""
		}
	}
	changed := 0
	for _, n := range t.difference.Changes {
		changed += n
	}
	v.Summary = []string{
		fmt.Sprintf("Avant : %s. Après : %s.", signalled(t.counted(flaggedBefore, 0), t.counted(urgentBefore, 0)),
			signalled(t.counted(flaggedAfter, 0), t.counted(urgentAfter, 0))),
		fmt.Sprintf("Messages dont l’alerte ne change pas : %s ; dont elle apparaît, disparaît ou change : %s.",
			french.Number(t.difference.Same), french.Number(changed)),
		whoIsAPerson,
	}
	for i := range v.Summary {
		v.Summary[i] = french.Typeset(v.Summary[i])
	}
	for _, c := range []struct {
		change     replay.Change
		name, text string
	}{
		{replay.Added, "Ajoutées", "alertes que seul le nouveau lexique fait"},
		{replay.Removed, "Retirées", "alertes que seul l’ancien lexique faisait"},
		{replay.Rerouted, "Autre voie", "d’urgence à accompagnement, ou l’inverse"},
		{replay.Regraded, "Autre gravité", "même voie, gravité différente"},
		{replay.Altered, "Autre contenu", "catégories, proposition, type d’urgence ou précautions différents"},
	} {
		v.Changes = append(v.Changes, changeTold{c.name, c.text, t.difference.Changes[c.change]})
	}
	v.Changes = append(v.Changes, changeTold{"Inchangées", "même voie, même gravité, mêmes catégories", t.difference.Same})
}

const whoIsAPerson = "Une personne est un dossier ; un message sans dossier compte pour une personne."

// single tells a replay with one lexicon.
func (v *view) single() {
	t := v.Tally
	persons, urgent := len(t.persons), t.counted(urgentAfter, 0)
	v.Cards = []card{
		{french.Number(persons), either(persons, "personne signalée", "personnes signalées"), ""},
		{french.Number(urgent), "dont en urgence", "urgent"},
		{french.Number(t.flags[After]), either(t.flags[After], "message avec une alerte", "messages avec une alerte"), ""},
		{french.Percent(t.flags[After], v.Total.judged()), "des messages relus", ""},
	}
	if urgent == 0 {
		v.Cards[1].Class = ""
	}
	v.Summary = []string{french.Typeset(whoIsAPerson)}
}

// signalled counts persons with those in danger.
func signalled(persons, urgent int) string {
	return fmt.Sprintf("%s, dont %s en urgence", french.Count(persons, "personne", "signalée"), french.Number(urgent))
}

// either is the singular for nought and one, else the plural.
func either(n int, one, many string) string {
	if n < 2 {
		return one
	}
	return many
}

// routes explains in words where flags go.
func (v *view) routes() {
	for _, r := range []struct{ id, text string }{
		{flag.RouteUrgent, "La vie ou la sécurité de quelqu’un semble menacée maintenant : idées suicidaires, violences, enfant en danger, urgence médicale, énergie ou eau coupée à qui ne peut s’en passer. Une personne formée relit tout de suite et décide, s’il le faut, d’appeler la police, les pompiers ou le SAMU."},
		{flag.RouteCare, "La personne paraît fragile, sans danger immédiat : maladie, deuil, dettes, difficulté à comprendre ou à accéder. L’équipe d’accompagnement spécialisée reprend le dossier et adapte la relation."},
		{"partner", "Une rupture dans le foyer et un manque d’argent sont dits dans le même message. C’est une proposition, en plus de la voie : rien n’est transmis à l’association sans l’accord de la personne."},
	} {
		told := routeTold{Name: french.Capital(v.Names(r.id)), Text: french.Typeset(r.text)}
		for _, s := range v.sides() {
			n := v.Tally.route[s][r.id]
			if r.id == "partner" {
				n = v.Tally.referral[s][r.id]
			}
			told.Counts = append(told.Counts, n)
		}
		v.Routes = append(v.Routes, told)
	}
}

// charts draws the counts.
func (v *view) charts() {
	t := v.Tally
	v.routes()
	var categories []string
	for _, c := range t.after.Categories {
		categories = append(categories, c.ID)
	}
	v.SideNames = []string{"Alertes"}
	if v.Compared {
		v.SideNames = []string{"Avant", "Après"}
	}
	v.Charts = []bars{
		v.barsOf("categorie", "Par catégorie", t.category, keys(t.category, categories)),
		v.barsOf("voie", "Par voie", t.route, keys(t.route, []string{flag.RouteUrgent, flag.RouteCare})),
		v.barsOf("gravite", "Par gravité", t.severity, []string{"4", "3", "2", "1"}),
		v.barsOf("canal", "Par canal", t.kind, keys(t.kind, kinds())),
	}
	for i := range v.Charts[2].Rows {
		v.Charts[2].Rows[i].Label = [...]string{"4 · urgent", "3 · sérieux", "2 · fragile", "1 · signal"}[i]
	}
	v.Days = v.byDay()
	v.Days.Title = "Par " + v.Days.Unit
}
