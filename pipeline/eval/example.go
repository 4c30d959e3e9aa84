package eval

import (
	"fmt"
	"slices"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// ExampleTime is when examples are taken to be written: "il y a deux ans" and
// "en 2003" must not mean something else next year.
const ExampleTime = "2026-11-02T09:00:00Z"

// Try reads an example of a factor, which is named with its category: what is
// found of the factor, and whether that is what the example expects. The error
// says where the example stands.
func Try(classifier *pipeline.Classifier, factor string, example lexicon.Example) (found []pipeline.Explained, held bool, err error) {
	r, err := ExampleRecord(example.Text)
	if err == nil {
		found, err = classifier.Explain(r)
	}
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", example.Place, err)
	}
	found = slices.DeleteFunc(found, func(x pipeline.Explained) bool { return x.Finding.Factor != factor })
	status := flag.Status(example.Expect)
	if example.Expect == lexicon.ExpectMatch || example.Expect == lexicon.ExpectNoMatch {
		status = flag.Asserted
	}
	has := slices.ContainsFunc(found, func(x pipeline.Explained) bool { return x.Finding.Status == status })
	return found, has == (example.Expect != lexicon.ExpectNoMatch), nil
}

// ExampleRecord makes an event of an example's text.
func ExampleRecord(text string) (event.Record, error) {
	written := event.Written{Text: text, Time: ExampleTime}
	e, err := written.Event("/lexique", "1")
	if err != nil {
		return event.Record{}, err
	}
	return event.Record{Value: e.Value}, nil
}
