package event

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// Decode reads a record: its CloudEvents 1.0 envelope in structured or binary
// mode, then the data of its kind. The error is always a *PermanentError.
//
// What can be read is read: bytes that are not UTF-8 are taken for
// windows-1252, an envelope's time that is no time is left out, a turn without
// a text is passed over. Of equal keys in one JSON object the last one counts,
// as in encoding/json. A record from Kafka whose envelope lacks its id or its
// source is identified by its place.
func Decode(r Record) (*Document, error) {
	if len(bytes.TrimSpace(r.Value)) == 0 {
		return nil, &PermanentError{ClassJSON, "empty value: an event was expected"}
	}
	value, repaired := repair(r.Value)
	t := tapes.Get().(*tape)
	defer t.done()
	var e envelope
	var err *PermanentError
	if binaryMode(r.Headers) {
		e, err = readBinary(r.Headers, value)
	} else {
		e, err = readStructured(t, value)
	}
	if err != nil {
		return nil, err
	}
	doc := &Document{
		Type: e.typ, Source: e.source, ID: e.id, Subject: e.subject,
		Repaired: repaired, Traceparent: e.traceparent, Origin: r.Origin,
	}
	if t := header(r.Headers, "traceparent"); t != "" {
		doc.Traceparent = t
	}
	if err := identify(doc, e); err != nil {
		return nil, err
	}
	if at, err := time.Parse(time.RFC3339, strings.ToUpper(e.time)); err == nil {
		doc.Time, doc.At = e.time, at
	}
	read, ok := kinds[e.typ]
	if !ok {
		return nil, &PermanentError{ClassType, "none of the known types, vigie.<kind>.v1"}
	}
	data, err := e.object(t)
	if err != nil {
		return nil, err
	}
	doc.Kind = read.kind
	t.room(t.letters)
	if err := language(doc, data); err != nil {
		return nil, err
	}
	if err := read.parts(doc, data); err != nil {
		return nil, err
	}
	return doc, nil
}

// identify checks the event's identity, and gives one to a Kafka record that
// has none of its own.
func identify(doc *Document, e envelope) *PermanentError {
	if e.typ == "" {
		return &PermanentError{ClassEnvelope, "type: missing or empty"}
	}
	if e.id != "" && e.source != "" {
		return nil
	}
	o := doc.Origin
	if o == nil {
		name := "id"
		if e.id != "" {
			name = "source"
		}
		return &PermanentError{ClassEnvelope, name + ": missing or empty"}
	}
	doc.Source = "kafka:" + o.Topic
	doc.ID = fmt.Sprintf("%d-%d-%d", o.Partition, o.Offset, o.Timestamp)
	return nil
}
