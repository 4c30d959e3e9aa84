package pipeline

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

// A flag that no topic takes gets smaller until nothing is left to take, and
// goes on saying how many findings there were.
func TestShrinkFlag(t *testing.T) {
	spans := make([]flag.Span, 64)
	f := &flag.Flag{ID: "id", Case: "D-1", Route: flag.RouteCare, Severity: 2, FindingsTotal: 300}
	for i := range 256 {
		f.Findings = append(f.Findings, flag.Finding{Factor: "health." + strconv.Itoa(i), Spans: spans})
	}
	m := FlagMessage(f, "00-trace", "v")
	first, size, steps := f.Findings[0].Factor, len(m.Value), 0
	for {
		smaller, ok := ShrinkFlag(m)
		if !ok {
			break
		}
		if steps++; len(smaller.Value) >= size {
			t.Fatalf("step %d: %d bytes, before %d", steps, len(smaller.Value), size)
		}
		if !Shrunk(f, smaller.Value) || Shrunk(f, smaller.Value[1:]) {
			t.Fatalf("step %d: a shrunk flag is not known again, or another is", steps)
		}
		m, size = smaller, len(smaller.Value)
	}
	var got struct {
		Data struct {
			Findings []struct {
				Factor string
				Spans  []any
			}
			Total int `json:"findings_total"`
		}
	}
	if err := json.Unmarshal(m.Value, &got); err != nil {
		t.Fatal(err)
	}
	if d := got.Data; len(d.Findings) != 1 || d.Findings[0].Factor != first || len(d.Findings[0].Spans) != 1 || d.Total != 300 {
		t.Errorf("%s", m.Value)
	}
	if len(f.Findings) != 256 || len(f.Findings[0].Spans) != 64 {
		t.Error("the flag itself was changed")
	}
	if len(m.Headers) != 5 || string(m.Key) != "D-1" {
		t.Errorf("key %s, headers %v", m.Key, m.Headers)
	}
}

func TestFlagKey(t *testing.T) {
	f := &flag.Flag{Event: flag.EventRef{Source: "/mail", ID: "7"}}
	if got := string(flagKey(f)); got != "/mail\x007" {
		t.Errorf("without a case file the key is %q", got)
	}
	f.Case = "D-1"
	if got := string(flagKey(f)); got != "D-1" {
		t.Errorf("with a case file the key is %q", got)
	}
}

// A record that was a dead letter before says how often it was tried.
func TestDeadLetterAttempts(t *testing.T) {
	r := event.Record{
		Key: []byte{}, Value: []byte("{"), Origin: &event.Origin{Topic: "in", Partition: 2, Offset: 9, Timestamp: 5},
		Headers: []event.Header{
			{Key: "other", Value: nil}, {Key: "redrive-origin", Value: []byte("in/2/4")}, {Key: "attempts", Value: []byte("2")},
		},
	}
	m := deadLetter(r, &event.PermanentError{Class: event.ClassJSON, Message: "m"}, "v")
	last := make(map[string]string)
	for _, h := range m.Headers {
		last[h.Key] = string(h.Value)
	}
	if last["attempts"] != "3" || m.Headers[0].Value != nil || m.Key == nil {
		t.Errorf("headers %v, key %v", m.Headers, m.Key)
	}
	small, ok := shrinkDeadLetter(m)
	if !ok || small.Value != nil || len(small.Headers) != len(m.Headers)+2 {
		t.Errorf("%v, %v", small, ok)
	}
	// Then the record's headers, then its key.
	small.Key = []byte("key")
	if small, ok = shrinkDeadLetter(small); !ok || len(small.Headers) != 10 || small.Key == nil {
		t.Errorf("%v, %v", small, ok)
	}
	if small, ok = shrinkDeadLetter(small); !ok || len(small.Headers) != 10 || small.Key != nil {
		t.Errorf("%v, %v", small, ok)
	}
	if _, ok := shrinkDeadLetter(small); ok {
		t.Error("what says where it came from cannot go")
	}
}
