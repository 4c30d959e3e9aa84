package integration

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// With a topic for it, each flag has its evidence there, under its id and key;
// without one, no topic and no word.
func TestEvidence(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		on := newEnv(t, brokers, 2, evidenceOn)
		off := newEnv(t, brokers, 2, nil)
		for _, e := range []*env{on, off} {
			ends := e.fill(e.calls(), 2, 100)
			w := e.start()
			e.accounted(ends)
			w.end()
			e.flagsAre(e.expected(e.calls()), false)
			if strings.Contains(w.log.String(), "cancer") {
				t.Error("the log holds words")
			}
		}
		keys := make(map[string][]byte)
		for _, r := range on.all(on.cfg.Topics.Evidence) {
			var e struct {
				ID, Type string
				Data     struct{ Quotes []struct{ Text string } }
			}
			if err := json.Unmarshal(r.Value, &e); err != nil {
				t.Fatal(err)
			}
			if e.Type != "vigie.evidence.v1" || len(e.Data.Quotes) == 0 || header(r, "vigie-version") != "test" {
				t.Errorf("evidence is %s, its headers %v", r.Value, r.Headers)
			}
			keys[e.ID] = r.Key
		}
		flags := on.all(on.cfg.Topics.Flags)
		for _, r := range flags {
			var f struct{ ID string }
			if err := json.Unmarshal(r.Value, &f); err != nil {
				t.Fatal(err)
			}
			if key, ok := keys[f.ID]; !ok || !bytes.Equal(key, r.Key) {
				t.Errorf("the evidence of flag %s is missing or has another key", f.ID)
			}
		}
		if len(keys) != len(flags) || len(flags) != 75 {
			t.Errorf("%d pieces of evidence, %d flags", len(keys), len(flags))
		}
		if topic := strings.TrimSuffix(off.cfg.Topics.Flags, "flags") + "evidence"; off.exists(topic) {
			t.Errorf("%s exists though nothing asks for it", topic)
		}
	})
}

// Where evidence cannot be written, nothing is accounted for: the same rules as
// for flags.
func TestEvidenceBeforeTheReceipt(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, evidenceOn)
		w := e.start()
		e.accounted(e.fill(e.calls(), 1, 4))
		e.drop(e.cfg.Topics.Evidence)
		ends := e.fill(e.calls(), 1, 4)
		e.until("writing is tried again", func() bool {
			return strings.Contains(w.log.String(), "writing to "+e.cfg.Topics.Evidence)
		})
		if got := e.committed(e.calls(), 0); got != 4 {
			t.Errorf("offset %d is committed without evidence", got)
		}
		if _, err := kafka.CreateTopics(t.Context(), e.cfg, true); err != nil {
			t.Fatal(err)
		}
		e.accounted(ends)
		w.end()
		e.flagsAre(e.expected(e.calls()), false)
		if n := len(e.all(e.cfg.Topics.Evidence)); n != 3 {
			t.Errorf("%d pieces of evidence on the new topic, want 3", n)
		}
	})
}
