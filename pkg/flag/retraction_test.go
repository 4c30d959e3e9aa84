package flag

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

type retractionJSON struct {
	Event    eventJSON   `json:"event"`
	Case     string      `json:"case,omitempty"`
	Retracts string      `json:"retracts"`
	Reason   string      `json:"reason"`
	Lexicon  lexiconJSON `json:"lexicon"`
}

func exampleRetraction() *Retraction {
	f := exampleFlag()
	other := f.Lexicon
	other.Version, other.Digest = "2026.12.0", "sha256:1111111111111111111111111111111111111111111111111111111111111111"
	return &Retraction{Event: f.Event, Time: f.Time, Case: f.Case, Retracts: f.ID, Reason: ReasonLexicon, Lexicon: other}
}

// What AppendJSON writes is what encoding/json writes, and is read back.
func TestRetractionAppendJSON(t *testing.T) {
	bare := &Retraction{Event: EventRef{Source: "s", ID: "i", Type: "vigie.letter.v1"}, Retracts: "x", Reason: ReasonErasure}
	odd := exampleRetraction()
	odd.Case, odd.Event.ID = "D \"1\" <b>&é\u2028\x00", "\\"
	for name, r := range map[string]*Retraction{"example": exampleRetraction(), "bare": bare, "odd": odd} {
		yard := yardstick(&Flag{Event: r.Event})
		want := encode(t, struct {
			SpecVersion     string         `json:"specversion"`
			ID              string         `json:"id"`
			Source          string         `json:"source"`
			Type            string         `json:"type"`
			Subject         string         `json:"subject,omitempty"`
			Time            string         `json:"time,omitempty"`
			DataContentType string         `json:"datacontenttype"`
			Data            retractionJSON `json:"data"`
		}{
			"1.0", r.ID(), "vigie", "vigie.retraction.v1", r.Case, r.Time, "application/json",
			retractionJSON{yard.Data.Event, r.Case, r.Retracts, r.Reason, lexiconJSON(r.Lexicon)},
		})
		got := r.AppendJSON(nil)
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s: (-encoding/json +AppendJSON)\n%s", name, diff)
		}
		back, err := ParseRetraction(got)
		if err != nil {
			t.Fatal(name, err)
		}
		r.Event.Origin = nil // not read back
		if diff := cmp.Diff(r, back); diff != "" {
			t.Errorf("%s: (-written +read)\n%s", name, diff)
		}
	}
	if _, err := ParseRetraction(exampleFlag().AppendJSON(nil)); !errors.Is(err, ErrNoRetraction) {
		t.Errorf("a flag: %v", err)
	}
}

func TestRetractionID(t *testing.T) {
	r := exampleRetraction()
	byLexicon := r.ID()
	r.Lexicon.Digest = "sha256:2222"
	if r.ID() == byLexicon {
		t.Error("two rulesets retract under one id")
	}
	// As docs/privacy.md makes it with uuidgen.
	r.Reason = ReasonErasure
	if want := uuid.NewSHA1(uuid.MustParse(r.Retracts), []byte("erasure")).String(); r.ID() != want {
		t.Errorf("%s, want %s", r.ID(), want)
	}
}
