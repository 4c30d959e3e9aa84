package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// weightOfASign is the weight below which a factor, asserted alone, is a
// signal only: it lends evidence, not severity.
const weightOfASign = 0.5

// verdict is what the signs of a document come to.
type verdict struct {
	// category says by index of Program.Categories whether it is reached.
	category [lexicon.DecisionUrgent]bool
	// severity is 1 to 3 before urgency, 0 without a category.
	severity int
	// urgent: an urgent sign is asserted. lowered: one survived, qualified.
	urgent, lowered bool
	urgency         []string
	cautions        []string
	// factors holds the indices of the asserted factors, in order of place.
	factors []int
	// declared holds the indices of the declared categories.
	declared []int
	// evidence is what the factors count for beside the indices, by decision.
	evidence [lexicon.Decisions]float64
	// partner: the learned layer, with the rule of the policy where it holds,
	// proposes the partner.
	partner bool
	// faisceaux are the categories that the learned layer helped to reach.
	faisceaux []faisceau
}

// assess weighs the asserted signs by category, and the indices with them. A
// factor weighs once, and each further term of it adds Policy.Repeat of its
// weight, up to half as much again; a category is reached at its threshold, or
// because the person declared it.
func assess(signs []sign, l *learned, declared []string, p *lexicon.Program) verdict {
	var v verdict
	var terms map[int]map[int32]bool // made when there is one: most documents have none
	for i := range signs {
		x := &signs[i]
		f := p.Terms[x.term].Factor
		factor := &p.Factors[f]
		if factor.Urgency != "" {
			v.weighUrgent(factor, x, slices.Contains(p.Policy.Urgent, factor.Urgency))
		}
		if x.status != flag.Asserted {
			continue
		}
		if terms == nil {
			terms = make(map[int]map[int32]bool)
		}
		if terms[f] == nil {
			terms[f] = make(map[int32]bool)
			v.factors = append(v.factors, f)
		}
		terms[f][x.term] = true
	}
	var weights [lexicon.DecisionUrgent]float64
	for _, f := range v.factors {
		factor := &p.Factors[f]
		more := min(p.Policy.Repeat*float64(len(terms[f])-1), 0.5)
		weights[factor.Category] += factor.Weight * (1 + more)
	}
	l.believe(v.factors, p)
	v.reach(weights[:len(p.Categories)], l, p)
	v.alarm(l, p)
	v.propose(l, p)
	v.declare(declared, p)
	v.grade(p)
	for _, f := range v.factors {
		if v.category[p.Factors[f].Category] {
			v.cautions = addNew(v.cautions, p.Factors[f].Cautions...)
		}
	}
	slices.Sort(v.cautions)
	slices.Sort(v.urgency)
	return v
}

// weighUrgent applies the contract's rule: asserted, an urgent sign routes
// urgent; negated, hypothetical, uncertain, or past without a stated recovery,
// it lowers to care; otherwise it is void.
func (v *verdict) weighUrgent(f *lexicon.Factor, x *sign, routes bool) {
	switch x.status {
	case flag.Asserted:
		v.urgent = v.urgent || routes
		v.lowered = v.lowered || !routes
	case flag.Negated, flag.Hypothetical, flag.Uncertain, flag.Past:
		if x.status == flag.Past && x.recovered {
			return
		}
		v.lowered = true
	default:
		return
	}
	v.category[f.Category] = true
	v.urgency = addNew(v.urgency, f.Urgency)
}

// tolerance absorbs the rounding of sums of decimal weights (0.3+0.3+0.4).
const tolerance = 1e-9

// mostEvidence is what the factors of a category count for at most beside its
// indices: the second strong sign confirms the first, a third adds nothing.
const mostEvidence = 2

// reach decides which categories are reached: each by its own weights, a share
// of its neighbours' if it has any of its own, and its indices.
func (v *verdict) reach(weights []float64, l *learned, p *lexicon.Program) {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	for i, w := range weights {
		if w > 0 {
			w += p.Policy.Neighbour * (total - w)
		}
		threshold := threshold(p, p.Categories[i].ID)
		v.evidence[i] = min(w, mostEvidence)
		trust, score, best := l.trust[i], l.score[i], l.best[i]
		if p.Categories[i].Unlearned {
			trust, score, best = 0, 0, -1
		}
		if v.evidence[i]+trust+score < threshold-tolerance {
			continue
		}
		v.category[i] = true
		if v.evidence[i]+trust < threshold-tolerance && best >= 0 {
			v.faisceaux = append(v.faisceaux, faisceau{category: i})
		}
	}
}

// threshold returns what a decision needs.
func threshold(p *lexicon.Program, decision string) float64 {
	if t, ok := p.Policy.Thresholds[decision]; ok {
		return t
	}
	return 1
}

// alarm decides the urgent route: an asserted urgent sign counts as one strong
// sign, with what the indices say of danger. Where they speak against it, the
// sign is lowered to the care team, not silenced; where they are many, they make
// the route urgent without a named sign.
func (v *verdict) alarm(l *learned, p *lexicon.Program) {
	asserted := v.urgent
	if asserted {
		v.evidence[lexicon.DecisionUrgent] = 1
	}
	if p.Indices.Len() == 0 || l.best[lexicon.DecisionUrgent] < 0 {
		return
	}
	v.urgent = v.evidence[lexicon.DecisionUrgent]+l.score[lexicon.DecisionUrgent] >= threshold(p, "urgent")-tolerance
	v.lowered = v.lowered || asserted && !v.urgent
	if asserted || !v.urgent {
		return
	}
	// Danger that makes no category is a chance of words.
	most := v.foremost(l, p)
	if v.urgent = most >= 0; !v.urgent {
		return
	}
	if len(v.urgency) == 0 {
		v.urgency = []string{lexicon.UrgencyUnspecified}
	}
	v.faisceauOf(most).urgent = true
}

// foremost is the category reached that the indices speak of most, -1 where
// they have a say in none.
func (v *verdict) foremost(l *learned, p *lexicon.Program) int {
	most := -1
	for i, reached := range v.category {
		if reached && !p.Categories[i].Unlearned && (most < 0 || l.score[i] > l.score[most]) {
			most = i
		}
	}
	return most
}

// faisceauOf returns the faisceau of a category, a new one if it has none.
func (v *verdict) faisceauOf(category int) *faisceau {
	for i := range v.faisceaux {
		if v.faisceaux[i].category == category {
			return &v.faisceaux[i]
		}
	}
	v.faisceaux = append(v.faisceaux, faisceau{category: category})
	return &v.faisceaux[len(v.faisceaux)-1]
}

// propose decides whether the partner is proposed: the policy's rule counts as
// one strong sign.
func (v *verdict) propose(l *learned, p *lexicon.Program) {
	if r, ok := p.Policy.Referrals[partner]; ok && v.any(p, r.Break) && v.any(p, r.Shortage) {
		v.evidence[lexicon.DecisionPartner] = 1
	}
	score := v.evidence[lexicon.DecisionPartner] + l.score[lexicon.DecisionPartner]
	v.partner = score >= threshold(p, partner)-tolerance
}

// declaredSeverity is the severity of a person's own declaration.
const declaredSeverity = 2

// declare reaches the categories that the person declared, whatever the text says.
func (v *verdict) declare(declared []string, p *lexicon.Program) {
	for i, c := range p.Categories {
		if slices.Contains(declared, c.ID) {
			v.category[i] = true
			v.declared = append(v.declared, i)
		}
	}
}

// grade sets the severity: the highest of the asserted factors of the
// categories reached, raised where many categories meet. Below 4: that is the
// urgent route's.
func (v *verdict) grade(p *lexicon.Program) {
	categories := 0
	for _, is := range v.category {
		if is {
			categories++
		}
	}
	if categories == 0 {
		return
	}
	v.severity = 1
	if len(v.declared) > 0 {
		v.severity = declaredSeverity
	}
	if len(v.faisceaux) > 0 {
		v.severity = max(v.severity, faisceauSeverity)
	}
	for _, f := range v.factors {
		factor := &p.Factors[f]
		if v.category[factor.Category] && factor.Weight >= weightOfASign {
			v.severity = max(v.severity, factor.Severity)
		}
	}
	if r := p.Policy.Raise; r.Categories > 0 && categories >= r.Categories {
		v.severity = max(v.severity, r.To)
	}
	if v.lowered {
		v.severity = 3
	}
	v.severity = min(v.severity, 3)
}

func addNew(list []string, more ...string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
