package flag

import "strconv"

// Evidence is a vigie.evidence.v1: the words behind a flag, on a topic of
// their own.
type Evidence struct {
	// Flag is the flag that it is about: its id, its case file and its time are
	// the evidence's, too.
	Flag   *Flag
	Quotes []Quote
}

// Quote is a span of a finding with the words there and around it.
type Quote struct {
	Term string
	Span Span
	Text string
}

// AppendJSON appends the evidence as a CloudEvent in structured mode to dst, on
// one line and without a line end. Equal evidence gives equal bytes.
func (e *Evidence) AppendJSON(dst []byte) []byte {
	dst = e.Flag.appendEnvelope(dst, "vigie.evidence.v1")
	dst = append(dst, `{"quotes":`...)
	dst = appendList(dst, e.Quotes, appendQuote)
	return append(dst, `}}`...)
}

func appendQuote(dst []byte, q Quote) []byte {
	dst = append(dst, `{"term":`...)
	dst = appendString(dst, q.Term)
	dst = append(dst, `,"part":`...)
	dst = appendString(dst, q.Span.Part)
	dst = append(dst, `,"start":`...)
	dst = strconv.AppendInt(dst, int64(q.Span.Start), 10)
	dst = append(dst, `,"end":`...)
	dst = strconv.AppendInt(dst, int64(q.Span.End), 10)
	dst = append(dst, `,"text":`...)
	dst = appendString(dst, q.Text)
	return append(dst, '}')
}
