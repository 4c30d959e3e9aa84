package flag

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// typeRetraction is the CloudEvents type of a retraction.
const typeRetraction = "vigie.retraction.v1"

// Reasons of a retraction.
const (
	ReasonLexicon = "lexicon"
	ReasonErasure = "erasure"
	ReasonError   = "error"
)

// Retraction is a vigie.retraction.v1: a flag no longer stands.
type Retraction struct {
	Event EventRef
	Time  string // the event's own time, "" without one
	Case  string // "" without one
	// Retracts is the flag's id.
	Retracts string
	Reason   string
	// Lexicon is the ruleset by which the event makes no flag; of another
	// reason, the one that made the flag.
	Lexicon Lexicon
}

// ID returns the retraction's id: the UUIDv5 over its reason in the namespace
// of the flag's id; of the reason lexicon, over reason, NUL and the ruleset's
// digest, for a flag can come back and be retracted by another one.
func (r *Retraction) ID() string {
	name := r.Reason
	if r.Reason == ReasonLexicon {
		name += "\x00" + r.Lexicon.Digest
	}
	// Of an id that is none, the zero namespace.
	of, _ := uuid.Parse(r.Retracts)
	return uuid.NewSHA1(of, []byte(name)).String()
}

// AppendJSON appends the retraction as a CloudEvent in structured mode to dst,
// on one line and without a line end. Equal retractions give equal bytes.
func (r *Retraction) AppendJSON(dst []byte) []byte {
	about := Flag{ID: r.ID(), Time: r.Time, Case: r.Case}
	dst = about.appendEnvelope(dst, typeRetraction)
	dst = append(dst, `{"event":`...)
	dst = r.Event.append(dst)
	if r.Case != "" {
		dst = append(dst, `,"case":`...)
		dst = appendString(dst, r.Case)
	}
	dst = append(dst, `,"retracts":`...)
	dst = appendString(dst, r.Retracts)
	dst = append(dst, `,"reason":`...)
	dst = appendString(dst, r.Reason)
	dst = append(dst, `,"lexicon":`...)
	dst = r.Lexicon.append(dst)
	return append(dst, `}}`...)
}

// ErrNoRetraction says that a value is no retraction.
var ErrNoRetraction = errors.New("not a " + typeRetraction)

// ParseRetraction reads a retraction back as [Parse] does a flag, but for the
// place of its event. Its error wraps [ErrNoRetraction].
func ParseRetraction(value []byte) (*Retraction, error) {
	var e struct {
		Type, Subject, Time string
		Data                struct {
			Event            struct{ Source, ID, Type string }
			Retracts, Reason string
			Lexicon          Lexicon
		}
	}
	if err := json.Unmarshal(value, &e); err != nil {
		// What encoding/json says may quote the value.
		return nil, fmt.Errorf("%w: not JSON of that shape", ErrNoRetraction)
	}
	if e.Type != typeRetraction {
		return nil, fmt.Errorf("%w: the type is %q", ErrNoRetraction, e.Type)
	}
	d := &e.Data
	return &Retraction{
		Event: EventRef{Source: d.Event.Source, ID: d.Event.ID, Type: d.Event.Type},
		Time:  e.Time, Case: e.Subject, Retracts: d.Retracts, Reason: d.Reason, Lexicon: d.Lexicon,
	}, nil
}
