package proposal_test

import (
	"testing"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/event"
)

// What cannot be read is left out and counted, and events end at a bound.
func TestTexts(t *testing.T) {
	b, _ := base(t)
	r, err := eval.ExampleRecord("Rien.")
	if err != nil {
		t.Fatal(err)
	}
	records := []event.Record{{Value: []byte("{")}, {}, {Value: []byte(`{"specversion":"1.0"}`)}}
	for len(records) < proposal.MostEvents+5 {
		records = append(records, r)
	}
	texts, unread := proposal.NewTexts(b.Classifier, nil, records)
	if texts.Events() != proposal.MostEvents-3 || texts.Annotated() != 0 || unread != 2 {
		t.Errorf("%d events, %d annotated, %d unread", texts.Events(), texts.Annotated(), unread)
	}
	if first := texts.At(0); first.Name != "4" || len(first.Parts()) != 1 {
		t.Errorf("the first text is %q", first.Name)
	}
	if texts.At(-1) != nil || texts.At(proposal.MostEvents) != nil {
		t.Error("a text that is not there")
	}
}
