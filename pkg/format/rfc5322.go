package format

import (
	"bytes"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"github.com/vigie-project/vigie/pkg/event"
)

// rfc5322 is a mail as it travels: https://www.rfc-editor.org/rfc/rfc5322 with
// MIME (RFC 2045 to 2049, 2231) inside.
var rfc5322 = Format{
	Name:    "rfc5322",
	Reads:   "a raw e-mail (RFC 5322 and MIME); attachments and attached mails are not read",
	Speaker: "the writer; quoted and forwarded mail, signatures and disclaimers are told apart",
	Time:    "Date; without one none",
	ID:      "Message-ID; else the place in Kafka, of a file's value its SHA-256",
	Spec:    "https://www.rfc-editor.org/rfc/rfc5322",
	kinds:   []event.Kind{event.Email, event.Complaint, event.Letter},
	takes:   []string{optionKind},
	raw:     true,
	read:    readMail,
}

// mostNested bounds the bytes of a mail times the parts that can hold others:
// each of these that is nested reads all that is in it once more, and it takes
// about two seconds to read so much.
const mostNested = 128 << 20

// mailParser believes the charset that a part declares. What is wrong in one
// part does not make a mail unread.
var mailParser = enmime.NewParser(
	enmime.DisableTextConversion(true), enmime.DisableCharacterDetection(true), enmime.SkipMalformedParts(true),
	enmime.MultipartWOBoundaryAsSinglePart(true), enmime.SetReadPartErrorPolicy(enmime.AllowCorruptTextPartErrorPolicy),
)

func readMail(_ *Reader, value []byte) (*content, *event.PermanentError) {
	if n := bytes.Count(bytes.ToLower(value), []byte("multipart/")); n*len(value) > mostNested {
		return nil, bad("too many nested parts for its size")
	}
	value = bytes.TrimLeft(bytes.TrimPrefix(value, []byte("\ufeff")), "\r\n")
	if rest, ok := bytes.CutPrefix(value, []byte("From ")); ok { // the line of a mailbox file
		_, value, _ = bytes.Cut(rest, []byte("\n"))
	}
	e, err := mailParser.ReadEnvelope(bytes.NewReader(value))
	if err != nil {
		return nil, bad("not a mail: its header cannot be read")
	}
	if !headed(e) {
		return nil, bad("not a mail: it has no header")
	}
	c := &content{subject: clean(e.GetHeader("Subject")), id: strings.Trim(strings.TrimSpace(e.GetHeader("Message-ID")), "<>")}
	if at, err := e.Date(); err == nil {
		c.time = at.Format(time.RFC3339)
	}
	var b bodies
	b.take(e.Root)
	c.text, c.html = strings.Join(b.text, "\n"), strings.Join(b.html, "\n")
	return c, nil
}

// headed reports whether there is a field that every mail has one of.
func headed(e *enmime.Envelope) bool {
	for _, name := range []string{"From", "To", "Date", "Subject", "Message-ID", "Received", "MIME-Version"} {
		if e.GetHeader(name) != "" {
			return true
		}
	}
	return false
}

// bodies are the texts of a mail that its reader sees.
type bodies struct{ text, html []string }

// take adds the bodies of a part and of those in it.
func (b *bodies) take(p *enmime.Part) {
	switch kind := strings.ToLower(p.ContentType); {
	case kind == "multipart/alternative":
		var all bodies
		all.takeAll(p.FirstChild)
		if len(all.text) > 0 {
			b.text = append(b.text, all.text...)
			return
		}
		b.html = append(b.html, all.html...)
	case strings.HasPrefix(kind, "multipart/") && p.FirstChild != nil:
		b.takeAll(p.FirstChild)
	case strings.EqualFold(p.Disposition, "attachment") || p.FileName != "":
	case kind == "text/html":
		b.html = appendBody(b.html, p.Content)
	case kind == "" || kind == "text/plain" || strings.HasPrefix(kind, "multipart/"):
		b.text = appendBody(b.text, p.Content)
	}
}

// takeAll adds the bodies of a part and of those beside it.
func (b *bodies) takeAll(p *enmime.Part) {
	for ; p != nil; p = p.NextSibling {
		b.take(p)
	}
}

func appendBody(list []string, body []byte) []string {
	if s := clean(string(body)); strings.TrimSpace(s) != "" {
		return append(list, s)
	}
	return list
}

// clean returns a text as UTF-8 with one kind of line end.
func clean(s string) string {
	repaired, _ := event.Repair([]byte(s))
	return strings.ReplaceAll(string(repaired), "\r\n", "\n")
}
