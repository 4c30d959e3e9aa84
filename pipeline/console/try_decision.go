package console

import (
	"fmt"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
)

// decision is what a message came to, each line with the rules that made it.
type decision struct {
	// Title is the route, or that there is none.
	Title      string
	Urgent     bool
	Severity   int
	Route      []phrase
	Graded     phrase
	Categories []categoryShown
	Danger     *scale
	Urgencies  []line
	Referrals  []line
	Cautions   []line
	// names are those of the categories reached.
	names []string
}

// phrase is a sentence in pieces, of which some name a factor.
type phrase []piece

type piece struct {
	Text string
	// Factor is linked to, "" for plain words.
	Factor string
}

// line is a thing decided with its reasons.
type line struct {
	Title   string
	Yes     bool
	Because []phrase
	Scale   *scale
}

// decide tells an account in French.
func (c *Console) decide(a *pipeline.Account) *decision {
	d := &decision{Severity: a.Severity.Severity, Urgent: a.Route.Route == flag.RouteUrgent}
	switch {
	case a.Route.Route != "":
		d.Title = french.Capital(c.Names(a.Route.Route))
	case a.Result.Skip != "":
		d.Title = "Non lu"
		d.Route = append(d.Route, plain("Le message dit être dans une autre langue : seules les urgences y sont cherchées."))
	default:
		d.Title = "Pas d’alerte"
	}
	for i := range a.Categories {
		one := c.category(&a.Categories[i])
		d.Categories = append(d.Categories, one)
		if one.Reached {
			d.names = append(d.names, one.Name)
		}
	}
	d.Graded = c.graded(a)
	d.Route = append(d.Route, c.route(a)...)
	if r := &a.Route; r.Weighed && (r.Evidence > 0 || r.Score > 0) {
		s := scaleOf("Danger", r.Evidence+r.Score, r.Threshold)
		d.Danger = &s
	}
	for _, u := range a.Route.Urgencies {
		because := []phrase{c.by(u.Factors)}
		if len(u.Factors) == 0 {
			because[0] = plain("par les indices, sans signe nommé")
		}
		if len(u.Alert) > 0 {
			because = append(because, plain("À prévenir : "+strings.Join(u.Alert, ", ")+"."))
		}
		d.Urgencies = append(d.Urgencies, line{Title: french.Capital(c.Names(u.Urgency)), Yes: true, Because: because})
	}
	for i := range a.Referrals {
		d.Referrals = append(d.Referrals, c.referral(&a.Referrals[i]))
	}
	for _, x := range a.Cautions {
		d.Cautions = append(d.Cautions, line{Title: french.Capital(c.Names(x.Caution)), Yes: true, Because: []phrase{c.by(x.Factors)}})
	}
	return d
}

// sentence sums a decision up for who hears the page.
func (d *decision) sentence(signs int) string {
	var b strings.Builder
	b.WriteString(d.Title)
	if d.Severity > 0 {
		fmt.Fprintf(&b, ", gravité %d sur 4 : %s", d.Severity, strings.Join(d.names, ", "))
	}
	b.WriteString(". " + french.Count(signs, "signe") + ".")
	return french.Typeset(b.String())
}

func plain(text string) phrase { return phrase{{Text: french.Typeset(text)}} }

// by lists factors.
func (c *Console) by(factors []string) phrase {
	p := phrase{{Text: "par "}}
	return append(p, c.list(factors)...)
}

func (c *Console) list(factors []string) (p phrase) {
	for i, f := range factors {
		if i > 0 {
			p = append(p, piece{Text: ", "})
		}
		p = append(p, piece{c.Names(f), f})
	}
	return p
}

// graded says what made the severity.
func (c *Console) graded(a *pipeline.Account) phrase {
	switch a.Severity.By {
	case pipeline.BySignal:
		return plain("des signes d’appoint seuls")
	case pipeline.ByDeclaration:
		return plain("la déclaration de la personne")
	case pipeline.ByFaisceau:
		return plain("un faisceau d’indices")
	case pipeline.ByFactor:
		return phrase{{Text: french.Typeset("celle du facteur ")}, {c.Names(a.Severity.Factor), a.Severity.Factor}}
	case pipeline.ByCategories:
		return plain(fmt.Sprintf("relevée, car au moins %d catégories sont réunies", c.Rules.Program.Policy.Raise.Categories))
	case pipeline.ByLowered:
		return plain("celle d’un signe d’urgence qui ne part pas en urgence")
	case pipeline.ByRoute:
		return plain("celle de la voie d’urgence")
	}
	return nil
}

// route says what made the route, and what an urgent sign did that did not.
func (c *Console) route(a *pipeline.Account) (because []phrase) {
	r := &a.Route
	told := make(map[string]bool)
	for _, s := range r.Signs {
		x := &a.Found[s.Found]
		effect := map[pipeline.UrgentEffect]string{
			pipeline.Routes: " : signe d’urgence affirmé", pipeline.StaysCare: " : affirmé, mais cette urgence reste à l’équipe",
			pipeline.Lowers: " : " + c.Names(string(x.Finding.Status)) + ", donc signalé à l’équipe sans urgence",
			pipeline.Void:   " : " + c.Names(string(x.Finding.Status)) + ", donc sans effet",
		}[s.Effect]
		if s.Effect == pipeline.Routes && r.Doubted {
			effect += ", mais les indices parlent contre : signalé à l’équipe"
		}
		if key := x.Finding.Factor + effect; !told[key] {
			told[key] = true
			because = append(because, phrase{{c.Names(x.Finding.Factor), x.Finding.Factor}, {Text: french.Typeset(effect + ".")}})
		}
	}
	switch {
	case r.Divined:
		because = append(because, plain("Les indices disent un danger, sans signe nommé."))
	case r.Astray:
		because = append(because, plain("Les indices diraient un danger, mais aucune catégorie n’est retenue : c’est un hasard de mots."))
	}
	if r.Route == "" && a.Result.Skip == "" {
		because = append(because, plain("Aucune catégorie n’atteint son seuil."))
	} else if r.Route == flag.RouteCare && len(r.Signs) == 0 {
		because = append(because, plain("Une catégorie au moins est retenue, et aucun signe d’urgence n’est trouvé."))
	}
	return because
}

// referral says why somebody is proposed.
func (c *Console) referral(x *pipeline.ReferralAccount) line {
	one := line{Title: french.Capital(c.Names(x.Referral)), Yes: x.Proposed}
	for _, half := range []struct {
		name, none string
		factors    []string
	}{
		{"Rupture : ", "pas de rupture dans le foyer", x.Break}, {"Manque : ", "pas de manque d’argent", x.Shortage},
	} {
		if len(half.factors) == 0 {
			one.Because = append(one.Because, plain(half.none))
		} else {
			one.Because = append(one.Because, append(plain(half.name), c.list(half.factors)...))
		}
	}
	if !x.Weighed {
		return one
	}
	s := scaleOf(one.Title, x.Evidence+x.Score, x.Threshold)
	one.Scale = &s
	if x.Score >= shownScore || x.Score <= -shownScore {
		one.Because = append(one.Because, plain("indices "+signed(x.Score)))
	}
	if rule := x.Evidence > 0; rule != x.Proposed {
		one.Because = append(one.Because, plain(map[bool]string{true: "les indices parlent contre", false: "les indices suffisent"}[rule]))
	}
	return one
}
