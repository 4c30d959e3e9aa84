package pipeline

import (
	"slices"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vigie-project/vigie/pkg/event"
)

// TestFindingsOrder holds the contract's order where a declaration, which has
// no place, stands beside a weaker sign.
func TestFindingsOrder(t *testing.T) {
	d := &datadriven.TestData{Cmd: "complaint", Input: "Je suis épuisée, j'ai un cancer.",
		CmdArgs: []datadriven.CmdArg{{Key: "declared", Vals: []string{"capacity"}}}}
	result, err := classifier(t, "words").Classify(event.Record{Value: caseEvent(t, d)})
	if err != nil || result.Flag == nil {
		t.Fatal(result, err)
	}
	var got []string
	for _, f := range result.Flag.Findings {
		got = append(got, f.Factor)
	}
	if want := []string{"health.maladie", "capacity.declared", "health.fatigue"}; !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q", got, want)
	}
}
