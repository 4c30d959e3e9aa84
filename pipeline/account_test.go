package pipeline

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// TestAccounts runs testdata/accounts: a text, then the reasons of its decision.
func TestAccounts(t *testing.T) {
	named, learned := classifier(t, "words"), learnedClassifier(t, "words")
	datadriven.Walk(t, "testdata/accounts", func(t *testing.T, path string) {
		c := named
		if strings.HasSuffix(path, "indices.txt") {
			c = learned
		}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			doc, err := c.Decode(event.Record{Value: caseEvent(t, d)})
			if err != nil {
				t.Fatal(err)
			}
			return tell(c.Account(doc))
		})
	})
}

// tell writes an account, a line a reason.
func tell(a *Account) string {
	var b strings.Builder
	severities := []string{"", "signal", "declaration", "faisceau", "factor", "categories", "lowered", "route"}
	fmt.Fprintf(&b, "severity %d by %s %s\n", a.Severity.Severity, severities[a.Severity.By], a.Severity.Factor)
	for _, c := range a.Categories {
		if c.Sum() == 0 && !c.Reached {
			continue
		}
		fmt.Fprintf(&b, "%s %.2f%+.2f, counts %.2f%+.2f%+.2f of %.2f", c.Category, c.Own, c.Lent, c.Evidence, c.Trust, c.Score, c.Threshold)
		for _, x := range []struct {
			is   bool
			name string
		}{{c.Reached, "reached"}, {c.ByWeight, "weight"}, {c.Faisceau, "faisceau"}, {c.Brief, "brief"}, {c.ByUrgency, "urgency"}, {c.Declared, "declared"}} {
			if x.is {
				b.WriteString(" " + x.name)
			}
		}
		b.WriteString("\n")
		for _, f := range c.Factors {
			fmt.Fprintf(&b, "  %s %.2f, %d terms %+.2f\n", f.Factor, f.Weight, f.Terms, f.Repeats)
		}
	}
	r := a.Route
	fmt.Fprintf(&b, "route %q %.0f%+.2f of %.2f, doubted %v, divined %v, astray %v\n", r.Route, r.Evidence, r.Score, r.Threshold, r.Doubted, r.Divined, r.Astray)
	for _, s := range r.Signs {
		x := a.Found[s.Found].Finding
		fmt.Fprintf(&b, "  %s %s %s\n", x.Factor, x.Status, []string{"void", "routes", "lowers", "stays care"}[s.Effect])
	}
	for _, u := range r.Urgencies {
		fmt.Fprintf(&b, "  %s by %v: alert %v\n", u.Urgency, u.Factors, u.Alert)
	}
	for _, x := range a.Referrals {
		fmt.Fprintf(&b, "%s proposed %v: break %v, shortage %v, %.0f%+.2f of %.2f\n", x.Referral, x.Proposed, x.Break, x.Shortage, x.Evidence, x.Score, x.Threshold)
	}
	for _, x := range a.Cautions {
		fmt.Fprintf(&b, "%s by %v\n", x.Caution, x.Factors)
	}
	return b.String()
}

// TestAccountAddsUp holds what an account tells against the flag of the same
// document, for every document of the sample by the shipped rules.
func TestAccountAddsUp(t *testing.T) {
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	c, other := c.Clone(), c.Clone()
	flagged := 0
	for i, e := range inputs(t, 0) {
		doc, err := c.Decode(e)
		if err != nil {
			t.Fatal(err)
		}
		a := c.Account(doc)
		want, err := other.Classify(e)
		if err != nil {
			t.Fatal(err)
		}
		found, err := other.Explain(e)
		if err != nil || len(found) != len(a.Found) {
			t.Fatalf("%d: %d findings, want %d (%v)", i, len(a.Found), len(found), err)
		}
		for _, x := range a.Found {
			for k, at := range x.Places {
				if p := &doc.Parts[at.Part]; p.Text[at.Start:at.End] != x.Quotes[k] || p.Point(at.Start) != x.Finding.Spans[k].Start {
					t.Errorf("%d: a place of %s is not its quotation", i, x.Finding.Term)
				}
			}
		}
		for _, x := range a.Found {
			if c := x.Cue; x.CueWords != doc.Parts[c.Part].Text[c.Start:c.End] {
				t.Errorf("%d: the cue of %s is not its words", i, x.Finding.Term)
			}
		}
		if a.Result.Outcome != want.Outcome {
			t.Fatalf("%d: outcome %d, want %d", i, a.Result.Outcome, want.Outcome)
		}
		f := a.Result.Flag
		if f == nil {
			if a.Severity.Severity != 0 || a.Route.Route != "" {
				t.Errorf("%d: reasons of a flag that is none", i)
			}
			continue
		}
		flagged++
		if !bytes.Equal(f.AppendJSON(nil), want.Flag.AppendJSON(nil)) {
			t.Errorf("%d: not the flag of Classify", i)
		}
		addsUp(t, i, a, f)
	}
	if flagged < 100 {
		t.Fatalf("only %d flags", flagged)
	}
}

// addsUp reports what of an account contradicts its flag, or itself.
func addsUp(t *testing.T, i int, a *Account, f *flag.Flag) {
	t.Helper()
	reached := 0
	for _, x := range a.Categories {
		if x.Reached {
			reached++
		}
		own := 0.0
		for _, w := range x.Factors {
			own += w.Weight + w.Repeats
		}
		switch {
		case x.Reached != slices.Contains(f.Categories, x.Category):
			t.Errorf("%d: %s reached %v, the flag says otherwise", i, x.Category, x.Reached)
		case x.Reached != (x.ByWeight || x.ByUrgency || x.Declared):
			t.Errorf("%d: %s is reached without a reason, or not in spite of one", i, x.Category)
		case x.ByWeight != (x.Sum() >= x.Threshold-tolerance):
			t.Errorf("%d: %s weighs %v of %v, by weight %v", i, x.Category, x.Sum(), x.Threshold, x.ByWeight)
		case x.Evidence != min(x.Own+x.Lent, mostEvidence):
			t.Errorf("%d: %s counts %v of %v%+v", i, x.Category, x.Evidence, x.Own, x.Lent)
		case math.Abs(own-x.Own) > tolerance:
			t.Errorf("%d: the factors of %s are %v, not %v", i, x.Category, own, x.Own)
		}
	}
	routes, urgent := false, f.Route == flag.RouteUrgent
	for _, s := range a.Route.Signs {
		routes = routes || s.Effect == Routes
	}
	if urgent != (routes && !a.Route.Doubted || a.Route.Divined) {
		t.Errorf("%d: the route is %s, which its reasons do not make", i, f.Route)
	}
	if a.Severity.Severity != f.Severity || a.Severity.By == NoSeverity || urgent != (a.Severity.By == ByRoute) {
		t.Errorf("%d: severity %+v of a flag of %d", i, a.Severity, f.Severity)
	}
	for _, x := range a.Route.Urgencies {
		if !slices.Contains(f.Urgency, x.Urgency) || len(x.Alert) == 0 || len(x.Factors) == 0 && x.Urgency != lexicon.UrgencyUnspecified {
			t.Errorf("%d: urgency %+v", i, x)
		}
	}
	for _, x := range a.Referrals {
		rule := len(x.Break) > 0 && len(x.Shortage) > 0
		if x.Proposed != slices.Contains(f.Referrals, x.Referral) || rule != (x.Evidence == 1) || x.Proposed != (x.Evidence+x.Score >= x.Threshold-tolerance) {
			t.Errorf("%d: referral %+v", i, x)
		}
	}
	var cautions []string
	for _, x := range a.Cautions {
		cautions = append(cautions, x.Caution)
		if len(x.Factors) == 0 {
			t.Errorf("%d: caution %s without a factor", i, x.Caution)
		}
	}
	if !slices.Equal(cautions, f.Cautions) || len(a.Route.Urgencies) != len(f.Urgency) {
		t.Errorf("%d: cautions %v, urgencies %v of a flag that says otherwise", i, cautions, a.Route.Urgencies)
	}
}

// TestCueWords holds the words that an explanation gives as the reason of a status.
func TestCueWords(t *testing.T) {
	c := classifier(t, "words")
	for _, test := range []struct{ kind, text, rule, words string }{
		{"email", "Je n'ai pas de cancer.", "pas", "pas"},
		{"email", "Je n'ai jamais été sourde.", "pas", "jamais"},
		{"email", "😀 Au cas où je serais malade, ou si je suis sourde.", "au cas où", "Au cas où"},
		{"email", "En 2003 j'étais malade. J'étais sourde.", "en 2003", "En 2003"},
		{"email", "Mon voisin voulait en finir.", "une autre personne", "Mon voisin"},
		{"transcript", "agent: c'est un cancer ?\nclient: oui", "confirmed", "oui"},
		{"transcript", "agent: c'est un cancer ?\nclient: non", "agent", ""},
		{"survey", "malade", "question", ""},
	} {
		d := &datadriven.TestData{Cmd: test.kind, Input: test.text}
		if test.kind == "survey" {
			d.CmdArgs = []datadriven.CmdArg{{Key: "question", Vals: []string{"Êtes-vous sourd ?"}}}
		}
		doc, err := c.Decode(event.Record{Value: caseEvent(t, d)})
		if err != nil {
			t.Fatal(err)
		}
		a := c.Account(doc)
		found := a.Found
		if test.words == "" {
			found = a.Unspoken
		}
		if len(found) == 0 || found[0].Rule != test.rule || found[0].CueWords != test.words {
			t.Errorf("%q: %+v, want %s by %q", test.text, found, test.rule, test.words)
		}
	}
}
