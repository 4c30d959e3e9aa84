package kafka

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/vigie-project/vigie/pkg/config"
)

func statuses(reports []TopicReport) map[string]Status {
	all := make(map[string]Status)
	for _, r := range reports {
		all[r.Topic] = r.Status
	}
	return all
}

func TestTopicsCreateAndCheck(t *testing.T) {
	_, _, cfg := broker(t, kfake.SeedTopics(3, "fragility.receipts"))
	cfg.Topics.Flags = "fragility.flags"
	cfg.Topics.Inputs = []string{"calls"}
	check := func(what string, reports []TopicReport, err error, want map[string]Status) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, statuses(reports)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	reports, err := CheckTopics(t.Context(), cfg, false)
	check("check before", reports, err, map[string]Status{
		"fragility.flags": Missing, "fragility.receipts": Differs, "fragility.dead-letter": Missing, "fragility.lexicons": Missing,
	})
	reports, err = CreateTopics(t.Context(), cfg, true)
	check("create", reports, err, map[string]Status{
		"fragility.flags": Created, "fragility.receipts": Differs, "fragility.dead-letter": Created, "fragility.lexicons": Created,
		"calls": Created,
	})
	for _, r := range reports {
		if r.Status == Differs && !strings.Contains(strings.Join(r.Differences, "\n"), "has 3 partitions, configured are 6") {
			t.Errorf("differences are %q", r.Differences)
		}
	}
	reports, err = CheckTopics(t.Context(), cfg, true)
	check("check after", reports, err, map[string]Status{
		"fragility.flags": Exists, "fragility.receipts": Differs, "fragility.dead-letter": Exists, "fragility.lexicons": Exists,
		"calls": Exists,
	})
}

// Every topic ends some day, none later than the contract allows.
// A record stays while its segment is written to, and then until the newest of
// the segment is past retention.ms.
func TestEveryTopicHasARetention(t *testing.T) {
	topics := config.Default().Topics
	topics.Evidence = "fragility.evidence"
	const day = 24 * time.Hour
	for _, s := range specsOf(&topics, true) {
		longest, ok := map[string]time.Duration{topics.Flags: 30 * day, topics.Receipts: 30 * day, topics.Lexicons: 0}[s.name]
		if !ok {
			longest = 14 * day // it holds customers' words
		}
		var stays time.Duration
		for _, key := range []string{"retention.ms", "segment.ms"} {
			if text := s.settings[key]; text != "" {
				ms, err := strconv.Atoi(text)
				if err != nil || ms <= 0 {
					t.Errorf("%s: %s is %q", s.name, key, text)
				}
				stays += time.Duration(ms) * time.Millisecond
			}
		}
		if stays != longest {
			t.Errorf("a record of %s stays %v, want %v", s.name, stays, longest)
		}
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	cfg := config.Default()
	cfg.Kafka.Brokers = []string{addr}
	cfg.Kafka.ConnectTimeout = 300 * time.Millisecond
	if _, err := CheckTopics(t.Context(), cfg, false); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), addr) {
		t.Errorf("error is %v", err)
	}
}

// A topic may be unknown right after its creation, and is waited for; one that
// stays unknown is named.
func TestTrapTopicUnknownAfterCreation(t *testing.T) {
	_, c, cfg := broker(t)
	cfg.Topics.Flags = "fragility.flags"
	other, err := Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	if _, err := other.create(t.Context(), []spec{{name: "fragility.flags", partitions: 2}}, -1); err != nil {
		t.Fatal(err)
	}
	// other has metadata of before: it must look again.
	counts, err := other.Require(t.Context(), []string{"in", "fragility.flags"})
	if err != nil || counts["fragility.flags"] != 2 {
		t.Errorf("%v, %v", counts, err)
	}
	if _, err = c.Require(t.Context(), []string{"in", "gone"}); !errors.Is(err, ErrMissingTopic) || !strings.Contains(err.Error(), ": gone;") {
		t.Errorf("error is %v", err)
	}
}

func TestWatch(t *testing.T) {
	_, c, cfg := broker(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	known := map[string]int{"in": 1, "fragility.receipts": 5}
	now, err := c.Watch(ctx, []string{"in", "fragility.receipts"}, known, 10*time.Millisecond)
	if err != nil || !cmp.Equal(now, map[string]int{"in": 1}) {
		t.Errorf("%v, %v", now, err)
	}
	short, stop := context.WithTimeout(ctx, 300*time.Millisecond)
	defer stop()
	if now, err := c.Watch(short, cfg.Topics.Inputs, map[string]int{"in": 1}, 10*time.Millisecond); err == nil {
		t.Errorf("nothing changed, but got %v", now)
	}
}
