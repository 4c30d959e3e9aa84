package integration

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline"
)

// Rules changed while a worker is at work count from a batch on: every batch
// has one digest, in its receipt and in its flags, no offset is left out, and
// both rulesets can be looked up. Rules that cannot be loaded change nothing.
func TestReloadBetweenBatches(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 3, nil)
		ends := e.fill(e.calls(), 3, 900)
		w := e.start()
		e.until("the first batches are committed", func() bool { return e.committed(e.calls(), 0) > 0 })

		rs, err := rules()
		if err != nil {
			t.Fatal(err)
		}
		other := *rs
		other.Version = "other"
		other.Policy.Repeat = rs.Policy.Repeat / 2
		_, _, before := judge(t)
		classifier, canonical, after := compiled(t, &other)
		w.worker.Reload(t.Context(), func() (*pipeline.Classifier, []byte, string, error) { return nil, nil, "", errors.New("no such file") })
		w.worker.Reload(t.Context(), func() (*pipeline.Classifier, []byte, string, error) {
			return classifier, canonical, after, nil
		})
		for at, end := range e.fill(e.calls(), 3, 900) {
			ends[at] = end
		}
		receipts := e.accounted(ends)
		w.end()

		if !strings.Contains(w.log.String(), "the new rules are refused") {
			t.Error("the log does not say that rules were refused")
		}
		// The digest of the receipt that covers an offset is that of its flag.
		digestAt := func(at place, offset int64) string {
			for _, r := range receipts[at] {
				if r.From <= offset && offset <= r.To {
					return r.Lexicon.Digest
				}
			}
			return ""
		}
		seen := map[string]int{}
		for _, r := range e.all(e.cfg.Topics.Flags) {
			var flag struct {
				Data struct {
					Event struct {
						Topic     string `json:"topic"`
						Partition int32  `json:"partition"`
						Offset    int64  `json:"offset"`
					} `json:"event"`
					Lexicon struct {
						Digest string `json:"digest"`
					} `json:"lexicon"`
				} `json:"data"`
			}
			if err := json.Unmarshal(r.Value, &flag); err != nil {
				t.Fatal(err)
			}
			d := &flag.Data
			seen[d.Lexicon.Digest]++
			if want := digestAt(place{d.Event.Topic, d.Event.Partition}, d.Event.Offset); d.Lexicon.Digest != want {
				t.Fatalf("offset %d has a flag by %s, its receipt says %s", d.Event.Offset, d.Lexicon.Digest, want)
			}
		}
		if seen[before] == 0 || seen[after] == 0 || len(seen) != 2 {
			t.Errorf("flags by digest: %v, want some by %s and some by %s", seen, before, after)
		}
		published := map[string]bool{}
		for _, r := range e.all(e.cfg.Topics.Lexicons) {
			published[string(r.Key)] = true
		}
		if !published[before] || !published[after] {
			t.Errorf("published: %v", published)
		}
	})
}
