package event

import (
	"strconv"
	"strings"
	"time"
)

// Own is what a value that is no CloudEvent says of itself; each may be "".
type Own struct {
	// Source and ID are its identity. Without an ID, or where two events of the
	// source can share one, leave ID empty.
	Source, ID string
	// Subject is the case file, Time an RFC 3339 time, Language a language tag.
	Subject, Time, Language string
}

// NewForeign returns a document without parts for a record of a kind whose
// value is no CloudEvent. What its headers say as CloudEvents attributes in
// binary mode counts before own: an identity if both ce_id and ce_source are
// there, ce_time if it is a time, ce_subject. Without an identity a record from
// Kafka is identified by its place; else the error says that there is none.
func NewForeign(r Record, kind Kind, own Own) (*Document, error) {
	doc := &Document{
		Kind: kind, Type: "vigie." + string(kind) + ".v1", Origin: r.Origin,
		Source: own.Source, ID: own.ID, Subject: own.Subject, Traceparent: header(r.Headers, "traceparent"),
	}
	get := func(name string) string { return header(r.Headers, headerPrefix+name) }
	if id, source := get("id"), get("source"); id != "" && source != "" {
		doc.ID, doc.Source = id, source
	}
	if subject := get("subject"); subject != "" {
		doc.Subject = subject
	}
	for _, t := range []string{get("time"), own.Time} {
		if at, err := time.Parse(time.RFC3339, strings.ToUpper(t)); err == nil {
			doc.Time, doc.At = t, at
			break
		}
	}
	doc.speak(own.Language)
	if err := identify(doc, envelope{typ: doc.Type, id: doc.ID, source: doc.Source}); err != nil {
		return nil, err
	}
	return doc, nil
}

// AddTurn appends a turn of a transcript, unless it is blank.
func (d *Document) AddTurn(i int, voice Voice, text string) {
	d.add(turnName(i), i, voice, text)
}

// AddAnswer appends an answer of a survey with its question, each unless it is blank.
func (d *Document) AddAnswer(i int, question, text string) {
	name := "answers[" + strconv.Itoa(i) + "]."
	d.add(name+"question", i, Question, question)
	d.add(name+"text", i, Customer, text)
}

// AddMail appends what a mail, letter or complaint holds: its subject, its text
// and its markup, each unless it is blank; where text and markup say the same,
// one of them must be left out. Quoted mail and signatures are told from the
// person's words.
func (d *Document) AddMail(subject, text, markup string) {
	d.head(subject)
	if strings.TrimSpace(text) != "" {
		d.Parts = splitText(d.Parts, text)
	}
	if strings.TrimSpace(markup) != "" {
		d.Parts = splitHTML(d.Parts, markup)
	}
}

// Invented reports whether a text is what speech recognisers write where
// nobody speaks: the credits of subtitles, thanks for watching.
func Invented(text string) bool { return invented(text) }

// Repair returns a value as valid UTF-8 without a byte order mark, each byte
// that is not UTF-8 read as windows-1252, and the number of runs of such bytes.
func Repair(value []byte) (repaired []byte, runs int) { return repair(value) }

// HeaderOf returns the last header of a name, in any case; "" without one.
func HeaderOf(r Record, name string) string { return header(r.Headers, name) }
