// Package format reads the values of upstream systems, a file a format, so
// that nobody upstream changes a line: a [Reader] turns a record whose value
// is one system's own into the [event.Document] that a CloudEvent would make.
package format

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/event"
)

// Format describes how one system writes. Its texts are for people who choose
// one: `vigie formats` prints them.
type Format struct {
	// Name is what the configuration calls it.
	Name string
	// Reads says what a value is.
	Reads string
	// Speaker, Time and ID say where these come from, or what is used instead.
	Speaker, Time, ID string
	// Spec is the address of the specification.
	Spec string

	// kinds are the kinds of event that a value can be, the usual one first.
	kinds []event.Kind
	// takes are the options that it has, beside those of every foreign format.
	takes []string
	// json values may have a schema's id beside them.
	json bool
	// raw values are not text, or not UTF-8, before they are read.
	raw bool
	// unfit refuses options; nil where any will do.
	unfit func(*Options) error
	// read takes a value apart; nil for CloudEvents, which event.Decode reads.
	read func(*Reader, []byte) (*content, *event.PermanentError)
	// split cuts a file into values; nil where a file is one.
	split func(file []byte) ([]Value, *event.PermanentError)
}

// Default is the format of a topic that names none.
const Default = "cloudevents"

// All lists the formats in the order of the documentation.
func All() []Format {
	return []Format{
		cloudEvents,
		contactLens, genesys, deepgram, googleSpeech, azureBatch,
		whisper, whisperX,
		webVTT, srt,
		rfc5322,
		qualtrics, genericCSV, genericJSON,
	}
}

// named returns the format of a name, nil for none.
func named(name string) *Format {
	all := All()
	i := slices.IndexFunc(all, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// Names lists the names of the formats.
func Names() []string {
	var names []string
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return names
}

// cloudEvents is what the contract says, version 1.0 of
// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md.
var cloudEvents = Format{
	Name:    Default,
	Reads:   "CloudEvents 1.0, structured or binary, of the five types of the contract",
	Speaker: "turns[i].speaker; without one unknown",
	Time:    "time; without one none",
	ID:      "source and id; without them the place in Kafka",
	Spec:    "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md",
	json:    true,
	split:   linesOf,
}

// Texts that several descriptions have in common.
const (
	noTime      = "none; flags carry no time"
	noID        = placeOrHash
	placeOrHash = "none; the place in Kafka, of a file's value its SHA-256"
	byRule      = "none; speakers or first_speaker of the configuration, else unknown"
)
