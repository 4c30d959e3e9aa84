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
	// factors holds the indices of the asserted factors, in order of place;
	// terms, by factor, those of its terms that are asserted.
	factors []int
	terms   map[int]map[int32]bool
	// declared holds the indices of the declared categories.
	declared []int
	// evidence is what the factors count for beside the indices, by decision.
	evidence [lexicon.Decisions]float64
	// partner: the learned layer, with the rule of the policy where it holds,
	// proposes the partner.
	partner bool
	// faisceaux are the categories that the learned layer helped to reach.
	faisceaux []faisceau
	reasons
}

// assess weighs the asserted signs by category, and the indices with them. A
// factor weighs once, and each further term of it adds Policy.Repeat of its
// weight, up to half as much again; a category is reached at its threshold, or
// because the person declared it.
func assess(signs []sign, l *learned, declared []string, p *lexicon.Program) verdict {
	var v verdict
	for i := range signs {
		x := &signs[i]
		f := p.Terms[x.term].Factor
		factor := &p.Factors[f]
		if factor.Urgency != "" {
			v.weighUrgent(factor, effectOf(x, p))
		}
		if x.status != flag.Asserted {
			continue
		}
		if v.terms == nil { // made when there is one: most documents have none
			v.terms = make(map[int]map[int32]bool)
		}
		if v.terms[f] == nil {
			v.terms[f] = make(map[int32]bool)
			v.factors = append(v.factors, f)
		}
		v.terms[f][x.term] = true
	}
	var weights [lexicon.DecisionUrgent]float64
	for _, f := range v.factors {
		weights[p.Factors[f].Category] += v.weightOf(f, p)
	}
	l.believe(v.factors, p)
	v.reach(weights[:len(p.Categories)], l, p)
	v.alarm(l, p)
	v.propose(l, p)
	v.declare(declared, p)
	v.grade(p)
	for _, f := range v.factors {
		if v.counts(f, p) {
			v.cautions = addNew(v.cautions, p.Factors[f].Cautions...)
		}
	}
	slices.Sort(v.cautions)
	slices.Sort(v.urgency)
	return v
}

// weightOf is what an asserted factor counts for, its further terms included.
func (v *verdict) weightOf(f int, p *lexicon.Program) float64 {
	more := min(p.Policy.Repeat*float64(len(v.terms[f])-1), 0.5)
	return p.Factors[f].Weight * (1 + more)
}

// counts reports whether the category of a factor is reached.
func (v *verdict) counts(f int, p *lexicon.Program) bool { return v.category[p.Factors[f].Category] }

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
		s := &v.sums[i]
		s.own, s.lent, s.trust, s.score = weights[i], w-weights[i], trust, score
		if v.evidence[i]+trust+score < threshold-tolerance {
			continue
		}
		v.category[i], s.reached = true, true
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
	if !l.warns(p) {
		return
	}
	v.urgent = v.evidence[lexicon.DecisionUrgent]+l.score[lexicon.DecisionUrgent] >= threshold(p, "urgent")-tolerance
	v.doubted = asserted && !v.urgent
	v.lowered = v.lowered || v.doubted
	if asserted || !v.urgent {
		return
	}
	// Danger that makes no category is a chance of words.
	most := v.foremost(l, p)
	v.urgent, v.astray = most >= 0, most < 0
	if !v.urgent {
		return
	}
	v.divined = true
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
	v.raise(1, BySignal, -1)
	for _, f := range v.factors {
		factor := &p.Factors[f]
		if v.counts(f, p) && factor.Weight >= weightOfASign {
			v.raise(factor.Severity, ByFactor, f)
		}
	}
	if len(v.declared) > 0 {
		v.raise(declaredSeverity, ByDeclaration, -1)
	}
	if len(v.faisceaux) > 0 {
		v.raise(faisceauSeverity, ByFaisceau, -1)
	}
	if r := p.Policy.Raise; r.Categories > 0 && categories >= r.Categories {
		v.raise(r.To, ByCategories, -1)
	}
	if v.lowered {
		v.severity, v.gradedBy, v.gradedFactor = 3, ByLowered, -1
	}
	v.severity = min(v.severity, 3)
}

// raise makes the severity at least to, for a reason.
func (v *verdict) raise(to int, by SeverityReason, factor int) {
	if to > v.severity {
		v.severity, v.gradedBy, v.gradedFactor = to, by, factor
	}
}

func addNew(list []string, more ...string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
