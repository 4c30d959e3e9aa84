package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/automaton"
	"github.com/vigie-project/vigie/pkg/event"
)

// allocations counts what judging an event without a finding allocates beyond
// its decoding, for each such event of the corpus.
func allocations(w *workshop, r *report) error {
	p, err := shipped()
	if err != nil {
		return err
	}
	c, err := pipeline.NewClassifier(p, automaton.Words)
	if err != nil {
		return err
	}
	var clean []event.Record
	for _, e := range w.inputs[0].events {
		record := event.Record{Value: []byte(e)}
		signs, err := c.Explain(record)
		if err != nil {
			return err
		}
		// Also a first judging of all: the scratch memory has its size.
		result, err := c.Classify(record)
		if err != nil {
			return err
		}
		// What a person declared is a finding too, and so is a sign in a language that
		// the lexicon does not read.
		if len(signs) == 0 && result.Outcome == pipeline.Clean {
			clean = append(clean, record)
		}
	}
	if len(clean) == 0 {
		return errors.New("allocations: no event of the corpus is without a finding")
	}
	var decoding, whole, most float64
	for _, record := range clean {
		decoded := testing.AllocsPerRun(10, func() { _, err = event.Decode(record) })
		judged := testing.AllocsPerRun(10, func() { _, err = c.Classify(record) })
		if err != nil {
			return err
		}
		decoding, whole, most = decoding+decoded, whole+judged, max(most, judged-decoded)
	}
	n := float64(len(clean))
	r.line("## Allocations of an event without a finding\n")
	r.line("Mean of the %d events of the corpus in which nothing at all is found or declared, after all events were judged once.\n", len(clean))
	r.heads("", "allocations an event")
	r.row("`event.Decode` alone", fmt.Sprintf("%.2f", decoding/n))
	r.row("`Classifier.Classify`, decoding included", fmt.Sprintf("%.2f", whole/n))
	r.line("")
	r.target("allocations of an event without a finding, after decoding", "0", fmt.Sprintf("%.2f on average, %.0f at most", (whole-decoding)/n, most), most <= 0)
	return nil
}
