package flag

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// typeEvidence is the CloudEvents type of evidence.
const typeEvidence = "vigie.evidence.v1"

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
	dst = e.Flag.appendEnvelope(dst, typeEvidence)
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

// ErrNoEvidence says that a value is no evidence.
var ErrNoEvidence = errors.New("not a " + typeEvidence)

// ParseEvidence reads evidence back from its CloudEvent; of its flag, only what
// the envelope says: id, case file and time. Its error wraps [ErrNoEvidence].
func ParseEvidence(value []byte) (*Evidence, error) {
	var e struct {
		ID, Type, Subject, Time string
		Data                    struct {
			Quotes []struct {
				Term, Part, Text string
				Start, End       int
			}
		}
	}
	if err := json.Unmarshal(value, &e); err != nil {
		// What encoding/json says may quote the value.
		return nil, fmt.Errorf("%w: not JSON of that shape", ErrNoEvidence)
	}
	if e.Type != typeEvidence {
		return nil, fmt.Errorf("%w: the type is %q", ErrNoEvidence, e.Type)
	}
	evidence := &Evidence{Flag: &Flag{ID: e.ID, Case: e.Subject, Time: e.Time}}
	for _, q := range e.Data.Quotes {
		evidence.Quotes = append(evidence.Quotes, Quote{Term: q.Term, Span: Span{q.Part, q.Start, q.End}, Text: q.Text})
	}
	return evidence, nil
}
