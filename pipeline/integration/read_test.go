package integration

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// all returns every record of a topic up to its end as it is now, in order of
// partition and offset.
func (e *env) all(topic string) []*kgo.Record {
	e.t.Helper()
	ends := e.ends(topic)
	reader, err := kgo.NewClient(
		kgo.SeedBrokers(e.cfg.Kafka.Brokers...), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(100*time.Millisecond),
		kgo.FetchMaxBytes(64<<20), kgo.FetchMaxPartitionBytes(32<<20),
	)
	if err != nil {
		e.t.Fatal(err)
	}
	defer reader.Close()
	ctx, cancel := context.WithTimeout(e.t.Context(), patience)
	defer cancel()
	var records []*kgo.Record
	for len(ends) > 0 {
		fetches := reader.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			e.t.Fatalf("reading %s: %v", topic, err)
		}
		for _, r := range fetches.Records() {
			records = append(records, r)
			if r.Offset+1 >= ends[r.Partition] {
				delete(ends, r.Partition)
			}
		}
	}
	slices.SortFunc(records, func(a, b *kgo.Record) int {
		return cmp.Or(cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset))
	})
	return records
}

// receipt is a receipt as a consumer reads it.
type receipt struct {
	Group      string         `json:"group"`
	Generation int            `json:"generation"`
	Topic      string         `json:"topic"`
	Partition  int32          `json:"partition"`
	From       int64          `json:"from"`
	To         int64          `json:"to"`
	Flagged    int64          `json:"flagged"`
	Clean      int64          `json:"clean"`
	Skipped    map[string]int `json:"skipped"`
	Dead       map[string]int `json:"dead"`
	Repaired   int64          `json:"repaired"`
	Absent     int64          `json:"absent"`
	Lexicon    struct {
		Digest string `json:"digest"`
	} `json:"lexicon"`
}

// outcomes is the sum that must be the number of offsets.
func (r *receipt) outcomes() int64 {
	n := r.Flagged + r.Clean + r.Absent
	for _, m := range []map[string]int{r.Skipped, r.Dead} {
		for _, c := range m {
			n += int64(c)
		}
	}
	return n
}

// place is a partition.
type place struct {
	topic     string
	partition int32
}

// receipts returns the receipts by partition, in order, and checks each.
func (e *env) receipts() map[place][]receipt {
	e.t.Helper()
	list := make(map[place][]receipt)
	for _, r := range e.all(e.cfg.Topics.Receipts) {
		var event struct {
			Type string  `json:"type"`
			Data receipt `json:"data"`
		}
		if err := json.Unmarshal(r.Value, &event); err != nil {
			e.t.Fatalf("a receipt is no JSON: %v", err)
		}
		d := event.Data
		if event.Type != "vigie.receipt.v1" || d.Group != e.cfg.Group.ID {
			e.t.Errorf("receipt of type %q and group %q", event.Type, d.Group)
		}
		if d.outcomes() != d.To-d.From+1 {
			e.t.Errorf("receipt %+v: outcomes do not add up", d)
		}
		at := place{d.Topic, d.Partition}
		list[at] = append(list[at], d)
	}
	return list
}

// contiguous checks that receipts follow on each other without a hole, from
// from on, and returns the offset after the last. Overlaps are repeats.
func contiguous(t *testing.T, at place, list []receipt, from int64) int64 {
	t.Helper()
	next := from
	for _, r := range list {
		if r.From > next {
			t.Errorf("%v: offsets %d to %d have no receipt", at, next, r.From-1)
		}
		next = max(next, r.To+1)
	}
	return next
}

// accounted waits until the receipts of each partition reach its end.
func (e *env) accounted(ends map[place]int64) map[place][]receipt {
	e.t.Helper()
	var list map[place][]receipt
	e.until("every offset has a receipt", func() bool {
		for at, end := range ends {
			if e.committed(at.topic, at.partition) < end {
				return false
			}
		}
		return true
	})
	list = e.receipts()
	for at, end := range ends {
		if got := contiguous(e.t, at, list[at], 0); got != end {
			e.t.Errorf("%v: receipts reach %d, the log ends at %d", at, got, end)
		}
	}
	return list
}

// header returns the last header of that key.
func header(r *kgo.Record, key string) string {
	value := ""
	for _, h := range r.Headers {
		if h.Key == key {
			value = string(h.Value)
		}
	}
	return value
}
