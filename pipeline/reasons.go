package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// reasons is what a verdict notes on its way for those who ask why; it decides
// nothing.
type reasons struct {
	// sums are those of the categories.
	sums [lexicon.DecisionUrgent]sum
	// gradedBy is what made the severity, gradedFactor the factor where it was one.
	gradedBy     SeverityReason
	gradedFactor int
	// doubted: the indices speak against an asserted urgent sign. divined: they
	// made the route urgent without one. astray: they would, but no category is reached.
	doubted, divined, astray bool
}

// sum is what a category came to.
type sum struct {
	own, lent, trust, score float64
	// reached: by these. urgent: by an urgent sign, whatever it weighs.
	reached, urgent bool
}

// SeverityReason says what made a severity.
type SeverityReason uint8

// The reasons.
const (
	// NoSeverity: no category is reached.
	NoSeverity SeverityReason = iota
	// BySignal: only weak factors reach the categories.
	BySignal
	ByDeclaration
	ByFaisceau
	// ByFactor: the severity of an asserted factor.
	ByFactor
	// ByCategories: many categories meet (Policy.Raise).
	ByCategories
	// ByLowered: an urgent sign is there that does not make the route urgent.
	ByLowered
	// ByRoute: the route is urgent.
	ByRoute
)

// UrgentEffect says what an urgent sign does.
type UrgentEffect uint8

// The effects.
const (
	// Void: somebody else's story, a denied question, a stated recovery: nothing.
	Void UrgentEffect = iota
	// Routes: asserted, it makes the route urgent, unless the indices speak against it.
	Routes
	// Lowers: qualified, it makes a flag for the care team.
	Lowers
	// StaysCare: asserted, but the policy does not route its urgency.
	StaysCare
)

// effectOf applies the contract's rule: asserted, an urgent sign routes urgent;
// negated, hypothetical, uncertain, or past without a stated recovery, it lowers
// to care; otherwise it is void.
func effectOf(x *sign, p *lexicon.Program) UrgentEffect {
	switch x.status {
	case flag.Asserted:
		if slices.Contains(p.Policy.Urgent, p.Factors[p.Terms[x.term].Factor].Urgency) {
			return Routes
		}
		return StaysCare
	case flag.Past:
		if x.recovered {
			return Void
		}
		return Lowers
	case flag.Negated, flag.Hypothetical, flag.Uncertain:
		return Lowers
	}
	return Void
}

// weighUrgent counts an urgent sign by its effect.
func (v *verdict) weighUrgent(f *lexicon.Factor, effect UrgentEffect) {
	switch effect {
	case Void:
		return
	case Routes:
		v.urgent = true
	case Lowers, StaysCare:
		v.lowered = true
	}
	v.category[f.Category], v.sums[f.Category].urgent = true, true
	v.urgency = addNew(v.urgency, f.Urgency)
}
