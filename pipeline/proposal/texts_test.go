package proposal_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
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

// A text that the program fails on does not end it: the error says where.
func TestBroken(t *testing.T) {
	b, texts := base(t, "Rien.")
	texts.Break(3)
	m := proposal.NewMeasurer(b, texts)
	s := proposal.NewSearcher(b.Ruleset, texts, b.Engine)
	for name, read := range map[string]func() error{
		"survey":  func() error { _, err := texts.Survey(t.Context(), b.Classifier); return err },
		"find":    func() error { _, err := s.Find(t.Context(), "health.maladie", proposal.Terms, "alité", 1); return err },
		"prepare": func() error { return m.Prepare(t.Context()) },
		"measure": func() error { _, err := m.Measure(t.Context(), bedridden); return err },
	} {
		var broken *proposal.Broken
		if err := read(); !errors.As(err, &broken) || !bytes.Contains(broken.Stack, []byte("proposal.(*Texts).each")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A sign that was seen once and is not there again has no place.
func TestPassagesOf(t *testing.T) {
	signs := []proposal.Match{{Term: "health.maladie/1", Status: flag.Asserted}}
	if got := proposal.PassagesOf("health.maladie/1", "negated", signs); got != nil {
		t.Errorf("%v", got)
	}
}
