package pipeline

import (
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/format"
)

// Decode turns a record that is no tombstone into a document, in the format of
// its topic: what [Classifier.Classify] does first. Its error is an
// *event.PermanentError.
func (c *Classifier) Decode(r event.Record) (*event.Document, error) {
	topic := c.topic
	if r.Origin != nil {
		topic = r.Origin.Topic
	}
	doc, err := format.Decode(r, c.formats[topic])
	if err != nil {
		return nil, err
	}
	if doc.Kind == event.Transcript {
		uncollapse(doc)
	}
	return doc, nil
}

// uncollapse treats a call in which diarisation gave every turn to the agent
// as one of unknown speakers: somebody did answer, and nobody's call for help
// may be taken for a script.
func uncollapse(doc *event.Document) {
	agents := 0
	for _, p := range doc.Parts {
		switch p.Voice {
		case event.Agent:
			agents++
		case event.Customer, event.Unknown:
			return
		}
	}
	if agents < 2 {
		return
	}
	for i := range doc.Parts {
		if doc.Parts[i].Voice == event.Agent {
			doc.Parts[i].Voice = event.Unknown
		}
	}
}
