package format

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"golang.org/x/text/encoding/unicode"

	"github.com/vigie-project/vigie/pkg/event"
)

// content is what a value holds.
type content struct {
	// id is the value's own, "" where it has none or where values share it.
	id string
	// time is an RFC 3339 time, caseFile the case file, language a tag.
	time, caseFile, language string
	// segments of a call.
	segments []segment
	// answers of a survey.
	answers []answer
	// subject, text and html of a mail, letter or complaint.
	subject, text, html string
}

type answer struct{ question, text string }

// Decode reads a record with its topic's reader, nil for CloudEvents. The error
// is always an *event.PermanentError; its message begins with the name of a
// foreign format and holds no text of the value.
func Decode(record event.Record, r *Reader) (*event.Document, error) {
	framing := ""
	if r == nil || r.format.json {
		record, framing = unframe(record)
	}
	var doc *event.Document
	var err error
	if r == nil || r.format.read == nil {
		doc, err = event.Decode(record)
	} else {
		doc, err = r.decode(record)
	}
	if err == nil {
		doc.Framing = framing
	}
	return doc, err
}

func (r *Reader) decode(record event.Record) (*event.Document, error) {
	value, repaired := record.Value, 0
	if !r.format.raw {
		var widened, runs int
		value, widened = wide(value)
		value, runs = event.Repair(value)
		repaired = widened + runs
	}
	doc, err := r.document(record, value)
	if err != nil {
		return nil, &event.PermanentError{Class: err.Class, Message: r.format.Name + ": " + err.Message}
	}
	doc.Repaired += repaired
	return doc, nil
}

// wide returns a value in UTF-16, which begins with its byte order mark, as
// UTF-8, and how many there were: exports of Windows are.
func wide(value []byte) (narrow []byte, n int) {
	if !bytes.HasPrefix(value, []byte("\xff\xfe")) && !bytes.HasPrefix(value, []byte("\xfe\xff")) {
		return value, 0
	}
	narrow, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(value)
	if err != nil {
		return value, 0
	}
	return narrow, 1
}

func (r *Reader) document(record event.Record, value []byte) (*event.Document, *event.PermanentError) {
	if len(bytes.TrimSpace(value)) == 0 {
		return nil, bad("the value is empty")
	}
	c, wrong := r.format.read(r, value)
	if wrong != nil {
		return nil, wrong
	}
	own := event.Own{Source: r.source(record), ID: c.id, Subject: c.caseFile, Time: c.time, Language: c.language}
	if own.ID == "" && record.Origin == nil {
		sum := sha256.Sum256(record.Value)
		own.ID = "sha256:" + hex.EncodeToString(sum[:])
	}
	if r.options.Language != "" {
		own.Language = r.options.Language
	}
	doc, err := event.NewForeign(record, r.kind, own)
	if err != nil {
		return nil, bad("it has no identity")
	}
	switch r.kind {
	case event.Transcript:
		r.turns(doc, c.segments)
	case event.Survey:
		for i, a := range c.answers {
			doc.AddAnswer(i, a.question, a.text)
		}
	default:
		doc.AddMail(c.subject, c.text, c.html)
	}
	return doc, nil
}

// source of the identities of a record's kind.
func (r *Reader) source(record event.Record) string {
	switch {
	case r.options.Source != "":
		return r.options.Source
	case record.Origin != nil:
		return "kafka:" + record.Origin.Topic
	}
	return "file"
}

// bad says that a value is not of the format.
func bad(message string) *event.PermanentError {
	return &event.PermanentError{Class: event.ClassFormat, Message: message}
}
