package flag

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is read back is the flag, byte for byte, whatever else stands beside it.
func TestParse(t *testing.T) {
	f := exampleFlag()
	f.Supersedes, f.Replay = "other", true
	value := string(f.AppendJSON(nil))
	later := strings.Replace(value, `"data":{`, `"extension":[1],"data":{"later":{"a":1},`, 1)
	for name, text := range map[string]string{"as written": value, "with fields of a later version": later} {
		got, err := Parse([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(value, string(got.AppendJSON(nil))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestParseNoFlag(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `{`, `{"type":"vigie.retraction.v1"}`, `{"type":"vigie.flag.v1","data":"Madame Dupont"}`,
	} {
		_, err := Parse([]byte(text))
		if !errors.Is(err, ErrNoFlag) || strings.Contains(err.Error(), "Dupont") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Receipts and evidence are read back as they were written.
func TestParseReceipt(t *testing.T) {
	want := exampleReceipt()
	back, err := ParseReceipt(want.AppendJSON(nil))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, back); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
	for _, value := range []string{"", "{", "[]", `{"type":"vigie.receipt.v1"}`, string(exampleFlag().AppendJSON(nil))} {
		if r, err := ParseReceipt([]byte(value)); !errors.Is(err, ErrNoReceipt) {
			t.Errorf("%.30q: %v, %v", value, r, err)
		}
	}
}

func TestParseEvidence(t *testing.T) {
	want := exampleEvidence()
	back, err := ParseEvidence(want.AppendJSON(nil))
	if err != nil {
		t.Fatal(err)
	}
	envelope := &Flag{ID: want.Flag.ID, Case: want.Flag.Case, Time: want.Flag.Time}
	if diff := cmp.Diff(&Evidence{Flag: envelope, Quotes: want.Quotes}, back); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
	for _, value := range []string{"", "{", "[]", `{"type":"vigie.evidence.v1","data":{"quotes":7}}`, string(exampleFlag().AppendJSON(nil))} {
		if e, err := ParseEvidence([]byte(value)); !errors.Is(err, ErrNoEvidence) {
			t.Errorf("%.30q: %v, %v", value, e, err)
		}
	}
}
