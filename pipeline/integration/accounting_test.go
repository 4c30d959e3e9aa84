package integration

import (
	"bytes"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pkg/config"
)

// Two workers share six partitions of two topics; every offset is in a
// receipt, and the flags are those that the classifier makes of the same
// values, each once.
func TestEveryEventIsAccountedFor(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 3, nil)
		ends := e.fill(e.calls(), 3, 600)
		for at, end := range e.fill(e.mails(), 3, 300) {
			ends[at] = end
		}
		one, two := e.start(), e.start()
		list := e.accounted(ends)
		one.end()
		two.end()
		e.flagsAre(e.expected(e.calls(), e.mails()), false)

		var flagged, clean int64
		for at, receipts := range list {
			for i, r := range receipts {
				flagged, clean = flagged+r.Flagged, clean+r.Clean
				if i > 0 && r.From != receipts[i-1].To+1 {
					t.Errorf("%v: receipt from %d follows one to %d", at, r.From, receipts[i-1].To)
				}
			}
		}
		if flagged != 675 || clean != 225 {
			t.Errorf("%d flagged and %d clean, want 675 and 225", flagged, clean)
		}
		silent(t, one, two)
	})
}

// silent checks that no worker logged what it was fed.
func silent(t *testing.T, workers ...*running) {
	t.Helper()
	for _, w := range workers {
		log := w.log.String()
		for _, secret := range []string{"cancer", "suicider", "hospitalis", "réponse rapide", "D-00", "event-1", "/mail"} {
			if i := strings.Index(log, secret); i >= 0 {
				t.Errorf("the log holds %q: %s", secret, log[max(0, i-200):min(len(log), i+50)])
			}
		}
	}
}

// The ruleset can be looked up by the digest that flags carry.
func TestRulesetIsPublished(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		ends := e.fill(e.calls(), 1, 4)
		w := e.start()
		e.accounted(ends)
		w.end()
		_, canonical, digest := judge(t)
		records := e.all(e.cfg.Topics.Lexicons)
		if len(records) != 1 || string(records[0].Key) != digest || !bytes.Equal(records[0].Value, canonical) {
			t.Errorf("%d records on the lexicons topic, or another key or value", len(records))
		}
	})
}

// What flags carry beside their value.
func TestFlagHeadersAndKey(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 5, func(c *config.Config) { c.Worker.BatchRecords = 7 })
		ends := e.fill(e.calls(), 5, 400)
		w := e.start()
		e.accounted(ends)
		w.end()
		routes := make(map[string]int)
		for _, r := range e.all(e.cfg.Topics.Flags) {
			routes[header(r, "route")+header(r, "severity")]++
			if header(r, "content-type") != "application/cloudevents+json" || header(r, "vigie-version") != "test" {
				t.Fatalf("headers are %v", r.Headers)
			}
			if want := javaPartition(r.Key, 5); r.Partition != want {
				t.Errorf("key %s is in partition %d, a Java producer puts it in %d", r.Key, r.Partition, want)
			}
		}
		if routes["urgent4"] != 100 || routes["care2"] != 200 {
			t.Errorf("routes and severities are %v", routes)
		}
	})
}
