package flag

import (
	"encoding/json"
	"errors"
	"fmt"
)

// typeFlag is the CloudEvents type of a flag.
const typeFlag = "vigie.flag.v1"

// ErrNoFlag says that a value is no flag.
var ErrNoFlag = errors.New("not a " + typeFlag)

// Parse reads a flag back from its CloudEvent. Fields that are not known are
// passed over, as the contract asks of all who read flags; AppendJSON gives the
// same bytes again for what was written from valid UTF-8, as all events are. Its error wraps [ErrNoFlag].
func Parse(value []byte) (*Flag, error) {
	var e struct {
		ID, Type, Subject, Time string
		Data                    struct {
			Event struct {
				Source, ID, Type string
				Topic            *string
				Partition        int
				Offset           int64
			}
			Categories                   []string
			Severity                     int
			Route                        string
			Referrals, Urgency, Cautions []string
			Findings                     []Finding
			FindingsTotal                int `json:"findings_total"`
			Lexicon                      Lexicon
			Supersedes                   string
			Replay                       bool
		}
	}
	if err := json.Unmarshal(value, &e); err != nil {
		// What encoding/json says may quote the value.
		return nil, fmt.Errorf("%w: not JSON of that shape", ErrNoFlag)
	}
	if e.Type != typeFlag {
		return nil, fmt.Errorf("%w: the type is %q", ErrNoFlag, e.Type)
	}
	d := &e.Data
	f := &Flag{
		ID: e.ID, Time: e.Time, Case: e.Subject,
		Event:      EventRef{Source: d.Event.Source, ID: d.Event.ID, Type: d.Event.Type},
		Categories: d.Categories, Severity: d.Severity, Route: d.Route,
		Referrals: d.Referrals, Urgency: d.Urgency, Cautions: d.Cautions,
		Findings: d.Findings, FindingsTotal: d.FindingsTotal, Lexicon: d.Lexicon,
		Supersedes: d.Supersedes, Replay: d.Replay,
	}
	if d.Event.Topic != nil {
		f.Event.Origin = &Origin{Topic: *d.Event.Topic, Partition: d.Event.Partition, Offset: d.Event.Offset}
	}
	return f, nil
}
