package pipeline

import (
	"cmp"
	"slices"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Account is the judgement of a document with all that decided it. It holds the
// person's words: for people who may read them, never for logs.
type Account struct {
	Result Result
	// Found is every sign, as [Classifier.Explain] returns them.
	Found []Explained
	// Unspoken are terms found only where the person does not speak (an agent's
	// turn, a survey's question, a signature): no signs, and in no flag.
	Unspoken []Explained
	// Categories are all of the lexicon's, in the order of the contract.
	Categories []CategoryAccount
	Severity   SeverityAccount
	Route      RouteAccount
	// Referrals are all that the policy knows, by name.
	Referrals []ReferralAccount
	Cautions  []CautionAccount
}

// CategoryAccount says why a category is reached, or not. Weights are in the
// unit of the policy's thresholds.
type CategoryAccount struct {
	Category string
	// Factors are those asserted, in order of place.
	Factors []FactorWeight
	// Own is the sum of Factors, Lent what other categories lend it.
	Own, Lent float64
	// Evidence is Own and Lent as far as they count beside the indices.
	Evidence float64
	// Trust is how much more or less the indices say that the factors mean;
	// Score is what the indices say by themselves. Both may be below 0.
	Trust, Score float64
	Threshold    float64
	// Brief: the text is so short that the indices do not speak against the
	// factors; Trust and Score are 0 at least.
	Brief bool
	// ByWeight: Evidence, Trust and Score together reach the threshold. Faisceau:
	// without Score they would not.
	ByWeight, Faisceau bool
	// ByUrgency: an urgent sign makes it, whatever it weighs. Declared: the person did.
	ByUrgency, Declared bool
	Reached             bool
}

// Sum is what stands against the threshold.
func (c *CategoryAccount) Sum() float64 { return c.Evidence + c.Trust + c.Score }

// FactorWeight is an asserted factor with what it counts for.
type FactorWeight struct {
	Factor string
	Weight float64
	// Terms is how many terms of it were found; each but the first repeats it.
	Terms int
	// Repeats is what the further terms add to Weight.
	Repeats float64
}

// SeverityAccount is the flag's severity, 0 without a flag, and what made it.
type SeverityAccount struct {
	Severity int
	By       SeverityReason
	// Factor is that of ByFactor, else "".
	Factor string
}

// RouteAccount is the flag's route, "" without a flag.
type RouteAccount struct {
	Route string
	// Signs are the urgent signs, void ones too, in order of place.
	Signs []UrgentSign
	// Evidence is 1 where an urgent sign would route, else 0; Score is what the
	// indices say of danger. Weighed is false without indices: then signs decide alone.
	Evidence, Score, Threshold float64
	Weighed                    bool
	// Doubted: the indices speak against the sign, and the route stays care.
	// Divined: the indices make the route urgent without a named sign. Astray:
	// they would, but no category is reached.
	Doubted, Divined, Astray bool
	Urgencies                []UrgencyAccount
}

// UrgentSign is a sign of an urgent factor and what it does.
type UrgentSign struct {
	// Found is its index in Account.Found.
	Found  int
	Effect UrgentEffect
}

// UrgencyAccount is an urgency of the flag.
type UrgencyAccount struct {
	Urgency string
	// Factors are those whose signs say so, none where indices do.
	Factors []string
	// Alert is whom the policy alerts.
	Alert []string
}

// ReferralAccount says why somebody is proposed, or not.
type ReferralAccount struct {
	Referral string
	// Break and Shortage are the asserted factors of the policy's two lists; both
	// are needed.
	Break, Shortage []string
	// Weighed: the indices count too, and Evidence (1 where the rule holds) and
	// Score decide against Threshold.
	Weighed                    bool
	Evidence, Score, Threshold float64
	Proposed                   bool
}

// CautionAccount is a caution of the flag with the factors that ask for it.
type CautionAccount struct {
	Caution string
	Factors []string
}

// Account judges a document, once, and tells why. Its Result is that of
// [Classifier.Judge].
func (c *Classifier) Account(doc *event.Document) *Account {
	j := c.weigh(doc)
	a := &Account{
		Result: j.result(), Found: c.explain(&j), Categories: j.verdict.categories(c.program),
		Severity: SeverityAccount{By: j.verdict.gradedBy}, Route: j.route(c.program), Referrals: j.referrals(c.program),
	}
	for i := range a.Categories {
		a.Categories[i].Brief = j.learned.brief && len(a.Categories[i].Factors) > 0
	}
	if !j.foreign {
		for i := range c.qual.unspoken {
			a.Unspoken = append(a.Unspoken, c.explainSign(&c.qual.unspoken[i], &j.verdict))
		}
	}
	if f := j.flag; f != nil {
		a.Severity.Severity = f.Severity
		if a.Severity.By == ByFactor {
			a.Severity.Factor = c.program.Factors[j.verdict.gradedFactor].ID
		}
		if j.verdict.urgent {
			a.Severity.By, a.Severity.Factor = ByRoute, ""
		}
	}
	for _, caution := range j.verdict.cautions {
		one := CautionAccount{Caution: caution}
		for _, f := range j.verdict.factors {
			if factor := &c.program.Factors[f]; j.verdict.counts(f, c.program) && slices.Contains(factor.Cautions, caution) {
				one.Factors = append(one.Factors, factor.ID)
			}
		}
		a.Cautions = append(a.Cautions, one)
	}
	return a
}

func (v *verdict) categories(p *lexicon.Program) []CategoryAccount {
	list := make([]CategoryAccount, len(p.Categories))
	for i := range list {
		s := &v.sums[i]
		list[i] = CategoryAccount{
			Category: p.Categories[i].ID, Own: s.own, Lent: s.lent, Evidence: v.evidence[i], Trust: s.trust, Score: s.score,
			Threshold: threshold(p, p.Categories[i].ID), ByWeight: s.reached, ByUrgency: s.urgent, Declared: slices.Contains(v.declared, i), Reached: v.category[i],
			Faisceau: slices.ContainsFunc(v.faisceaux, func(f faisceau) bool { return f.category == i }),
		}
	}
	for _, f := range v.factors {
		factor := &p.Factors[f]
		c := &list[factor.Category]
		c.Factors = append(c.Factors, FactorWeight{
			Factor: factor.ID, Weight: factor.Weight, Terms: len(v.terms[f]), Repeats: v.weightOf(f, p) - factor.Weight,
		})
	}
	return list
}

func (j *judgement) route(p *lexicon.Program) RouteAccount {
	v := &j.verdict
	r := RouteAccount{
		Evidence: v.evidence[lexicon.DecisionUrgent], Score: j.learned.score[lexicon.DecisionUrgent], Threshold: threshold(p, "urgent"),
		Weighed: j.learned.warns(p),
		Doubted: v.doubted, Divined: v.divined, Astray: v.astray,
	}
	if j.flag != nil {
		r.Route = j.flag.Route
	}
	says := make(map[string][]string)
	for i := range j.signs {
		x := &j.signs[i]
		f := &p.Factors[p.Terms[x.term].Factor]
		if f.Urgency == "" {
			continue
		}
		effect := effectOf(x, p)
		r.Signs = append(r.Signs, UrgentSign{Found: i, Effect: effect})
		if effect != Void {
			says[f.Urgency] = addNew(says[f.Urgency], f.ID)
		}
	}
	for _, u := range v.urgency {
		r.Urgencies = append(r.Urgencies, UrgencyAccount{Urgency: u, Factors: says[u], Alert: p.Policy.Alert[u]})
	}
	return r
}

func (j *judgement) referrals(p *lexicon.Program) []ReferralAccount {
	var list []ReferralAccount
	for name, r := range p.Policy.Referrals {
		one := ReferralAccount{
			Referral: name, Break: j.verdict.those(p, r.Break), Shortage: j.verdict.those(p, r.Shortage),
			Proposed: j.flag != nil && slices.Contains(j.flag.Referrals, name),
		}
		if name == partner {
			one.Weighed, one.Threshold = true, threshold(p, partner)
			one.Evidence, one.Score = j.verdict.evidence[lexicon.DecisionPartner], j.learned.score[lexicon.DecisionPartner]
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b ReferralAccount) int { return cmp.Compare(a.Referral, b.Referral) })
	return list
}

// those lists the asserted factors in a policy's list.
func (v *verdict) those(p *lexicon.Program, list []string) (ids []string) {
	for _, f := range v.factors {
		if named(p.Factors[f].ID, list) {
			ids = append(ids, p.Factors[f].ID)
		}
	}
	return ids
}
