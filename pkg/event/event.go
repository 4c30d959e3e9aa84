// Package event holds what comes in: a Kafka record or a line of a file is a
// [Record]; decoded by its CloudEvents envelope and its kind it is a
// [Document], an ordered list of [Part]s with the voice that speaks in each.
package event

import "time"

// Record is one value with what came beside it, as read from Kafka or from a
// file. Origin is nil for what did not come from Kafka.
type Record struct {
	Key, Value []byte
	Headers    []Header
	Origin     *Origin
}

// Header is one Kafka record header.
type Header struct {
	Key   string
	Value []byte
}

// Origin names the place of a record in Kafka.
type Origin struct {
	Topic     string
	Partition int
	Offset    int64
	// Timestamp is the record's timestamp in milliseconds since the Unix epoch.
	Timestamp int64
}

// Kind is one of the five kinds of event.
type Kind string

// The kinds; an event's type is "vigie.<kind>.v1".
const (
	Transcript Kind = "transcript"
	Email      Kind = "email"
	Letter     Kind = "letter"
	Survey     Kind = "survey"
	Complaint  Kind = "complaint"
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Transcript, Email, Letter, Survey, Complaint} }

// Voice says whose words a part holds.
type Voice uint8

const (
	// Customer is the person speaking or writing.
	Customer Voice = iota
	// Unknown is a turn without a known speaker; it counts as the customer's.
	Unknown
	// Agent is the company's employee: context, which never makes a finding alone.
	Agent
	// Quoted is the text of somebody else, the company most often, in a mail.
	Quoted
	// Question is a survey's question: context only; no span may name it.
	Question
	// Aside is a signature, a disclaimer, the header of a quoted mail, or what a
	// speech recogniser made up in silence.
	Aside
)

// Own reports whether what stands in the voice counts as the person's word.
func (v Voice) Own() bool { return v == Customer || v == Unknown }

// Part is a run of text of one voice. A carried part (a mail's text, say) with
// quoted lines between the person's own becomes several Parts of one Name.
type Part struct {
	// Name of the carried part, as flags name it: "turns[3].text", "subject",
	// "text", "html", "answers[0].text"; "answers[0].question" for a Question.
	Name string
	// Turn is the index of the turn or answer; 0 for other kinds. A question
	// and its answer share it.
	Turn  int
	Voice Voice
	// Text is valid UTF-8.
	Text string
	// Shifts maps places in Text to places in the carried part.
	Shifts []Shift
}

// Shift says that the byte Text[Byte:] of a part, and what follows up to the
// next shift, stands at the code point Point of the carried part and advances
// one code point for each code point of Text. The first shift of a part has
// Byte 0. Within Text a shift's first code point may stand for several of the
// carried part (an HTML entity): Width is their number, 1 for ordinary text.
type Shift struct {
	Byte  int
	Point int
	Width int
}

// Document is a decoded event.
type Document struct {
	Kind Kind
	// Type, Source and ID are the envelope's. Source and ID are the event's
	// identity; without one in the envelope of a Kafka record they are
	// "kafka:<topic>" and "<partition>-<offset>-<timestamp>".
	Type, Source, ID string
	// Subject is the case file, "" without one.
	Subject string
	// Time is the envelope's time as written, "" without one; At the same
	// instant, the zero time without one.
	Time string
	At   time.Time
	// Language is the primary language subtag in lower case ("fr"), "" if not said.
	Language string
	// Declared lists the categories that the person declared, in the order of
	// the contract, without repeats and unknown values.
	Declared []string
	Parts    []Part
	// Repaired counts repaired sequences of bytes (invalid UTF-8).
	Repaired int
	// Framing says how a schema's id stood beside the value, "" where none did.
	Framing string
	// Traceparent is the W3C trace context as it came, "" without one.
	Traceparent string
	Origin      *Origin
}
