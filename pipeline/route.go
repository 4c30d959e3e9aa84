package pipeline

import (
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// route makes the flag, nil if no category was reached.
func route(doc *event.Document, v *verdict, found []flag.Finding, p *lexicon.Program) *flag.Flag {
	if v.category == [lexicon.DecisionUrgent]bool{} {
		return nil
	}
	f := &flag.Flag{
		ID:    flag.ID(doc.Source, doc.ID, p.Digest),
		Event: flag.EventRef{Source: doc.Source, ID: doc.ID, Type: doc.Type},
		Time:  doc.Time, Case: doc.Subject,
		Severity: v.severity, Route: flag.RouteCare,
		Referrals: referrals(v, p), Urgency: v.urgency, Cautions: v.cautions,
		Findings: found,
		Lexicon:  flag.Lexicon{Name: p.Name, Version: p.Version, Digest: p.Digest},
	}
	if o := doc.Origin; o != nil {
		f.Event.Origin = &flag.Origin{Topic: o.Topic, Partition: o.Partition, Offset: o.Offset}
	}
	for i, reached := range v.category {
		if reached {
			f.Categories = append(f.Categories, p.Categories[i].ID)
		}
	}
	if v.urgent {
		f.Route, f.Severity = flag.RouteUrgent, 4
	}
	f.FindingsTotal = len(f.Findings)
	f.Findings = f.Findings[:min(len(f.Findings), flag.MaxFindings)]
	return f
}

// partner is the referral that the indices weigh for.
const partner = "partner"

// referrals proposes whom the policy names where a break and a shortage are
// both asserted in the document; for the partner, the indices count too.
func referrals(v *verdict, p *lexicon.Program) []string {
	var names []string
	for name, r := range p.Policy.Referrals {
		if name == partner && v.partner || name != partner && v.any(p, r.Break) && v.any(p, r.Shortage) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// any reports whether an asserted factor is in a policy's list; "x.*" stands
// for all factors of a category.
func (v *verdict) any(p *lexicon.Program, list []string) bool {
	for _, f := range v.factors {
		if named(p.Factors[f].ID, list) {
			return true
		}
	}
	return false
}

// named reports whether a factor is in a policy's list.
func named(id string, list []string) bool {
	for _, want := range list {
		if id == want || strings.HasSuffix(want, ".*") && strings.HasPrefix(id, want[:len(want)-1]) {
			return true
		}
	}
	return false
}
