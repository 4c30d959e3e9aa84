package kafka

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/vigie-project/vigie/pkg/config"
)

func at(offset int64) Assignment { return Assignment{Topic: "in", Offset: offset} }

// cut removes the records before offset from the topic.
func cut(t *testing.T, fake *kfake.Cluster, topic string, offset int64) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	req := kmsg.NewPtrDeleteRecordsRequest()
	req.TimeoutMillis = 1000
	req.Topics = []kmsg.DeleteRecordsRequestTopic{{
		Topic:      topic,
		Partitions: []kmsg.DeleteRecordsRequestTopicPartition{{Partition: 0, Offset: offset}},
	}}
	resp, err := req.RequestWith(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	if code := resp.Topics[0].Partitions[0].ErrorCode; code != 0 {
		t.Fatal(kafkago.Error(code))
	}
}

func TestPartitionReadsInOrder(t *testing.T) {
	_, c, _ := broker(t)
	fill(t, c, 5)
	all := readTo(t, c.Open(at(kafkago.FirstOffset), reading(config.Earliest)), 5)
	if diff := cmp.Diff([]int64{0, 1, 2, 3, 4}, offsets(all)); diff != "" {
		t.Error(diff)
	}
	if f := all[0]; f.From != 0 || f.Reset || f.HighWatermark != 5 || f.Stored == 0 {
		t.Errorf("%+v", f)
	}
	// In the middle of a stored batch: the broker sends it from its start.
	all = readTo(t, c.Open(at(3), reading(config.Earliest)), 5)
	if diff := cmp.Diff([]int64{3, 4}, offsets(all)); diff != "" {
		t.Error(diff)
	}
}

// The log's start moved past the committed offset, or the log ends before it.
func TestTrapOffsetOutOfRangeIsSilent(t *testing.T) {
	for _, tt := range []struct {
		name, policy string
		offset       int64
		// From of the first fetch, how many offsets it calls removed, and the
		// offset of the first record.
		from, removed, first int64
		reset, fails         bool
	}{
		{name: "before the start, earliest: the lost ones are absent", policy: config.Earliest, offset: 1, from: 1, removed: 3, first: 4},
		{name: "past the end, earliest", policy: config.Earliest, offset: 50, from: 4, first: 4, reset: true},
		{name: "before the start, latest", policy: config.Latest, offset: 1, from: 6, first: 6, reset: true},
		{name: "past the end, latest", policy: config.Latest, offset: 50, from: 6, first: 6, reset: true},
		{name: "before the start, fail", policy: config.Fail, offset: 1, fails: true},
		{name: "past the end, fail", policy: config.Fail, offset: 50, fails: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake, c, _ := broker(t)
			fill(t, c, 6)
			cut(t, fake, "in", 4)
			p := c.Open(at(tt.offset), reading(tt.policy))
			f, err := p.Fetch(t.Context(), 1<<20, nil)
			if errors.Is(err, ErrOutOfRange) != tt.fails {
				t.Fatalf("error is %v", err)
			}
			if tt.fails {
				return
			}
			if err != nil || f.From != tt.from || f.Next != tt.first || f.Reset != tt.reset || f.Removed != tt.removed {
				t.Fatalf("%+v, %v; want from %d to %d, reset %v, removed %d", f, err, tt.from, tt.first, tt.reset, tt.removed)
			}
			if tt.reset && f.Expected != tt.offset {
				t.Errorf("expected offset is %d, want %d", f.Expected, tt.offset)
			}
			// What is gone is accounted for at once, not when something new comes.
			if b, err := f.Read(Limit{}); tt.removed > 0 && (err != nil || len(b.Records) > 0 || b.From != tt.from || b.To != tt.first-1) {
				t.Errorf("%+v, %v", b, err)
			}
			fill(t, c, 1) // so that "latest" has something to read
			if all := readTo(t, p, 7); all[0].records[0].Offset != tt.first {
				t.Errorf("the first record is %d, want %d", all[0].records[0].Offset, tt.first)
			}
		})
	}
}

// Aborted records are read like any other (read uncommitted, as documented);
// the markers of transactions are known by their batch, not by a shape that a
// customer's record could have too.
func TestTrapControlMarkersAreDelivered(t *testing.T) {
	fake, c, _ := broker(t)
	transaction(t, fake.ListenAddrs()[0], "in", kgo.TryCommit, "a", "b")
	transaction(t, fake.ListenAddrs()[0], "in", kgo.TryAbort, "c")
	w := c.NewWriter("in", 1<<20)
	// A key of 4 bytes and a value of 6 without headers: the shape of a marker.
	lookalike := kafkago.Message{Key: []byte{0, 0, 0, 1}, Value: []byte{0, 0, 0, 0, 0, 9}, WriterData: 1}
	if _, _, err := w.Write(t.Context(), []kafkago.Message{lookalike}); err != nil {
		t.Fatal(err)
	}
	all := readTo(t, c.Open(at(0), reading(config.Earliest)), 6)
	var got []string
	for _, f := range all {
		for _, r := range f.records {
			if r.Control {
				got = append(got, "marker")
			} else {
				got = append(got, string(r.Value))
			}
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "marker", "c", "marker", string(lookalike.Value)}, got); diff != "" {
		t.Error(diff)
	}
}

func transaction(t *testing.T, addr, topic string, end kgo.TransactionEndTry, values ...string) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.TransactionalID("upstream"), kgo.DefaultProduceTopic(topic))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		if err := client.ProduceSync(t.Context(), kgo.StringRecord(v)).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.EndTransaction(t.Context(), end); err != nil {
		t.Fatal(err)
	}
}

// Compaction leaves batches whose last offsets hold nothing. Asking again from
// there brings the same batch for ever, unless the reader steps over it.
func TestGapsOfCompactionAreSteppedOver(t *testing.T) {
	for _, tt := range []struct {
		name string
		// batches by base offset and length, with the offsets that still hold records
		batches []batch
		from    int64
		end     int64
		want    []int64
	}{
		{"tail of the only batch", []batch{{base: 0, length: 10, records: []int64{0, 3}}}, 0, 10, []int64{0, 3}},
		{"tail, then more", []batch{{base: 0, length: 10, records: []int64{3}}, {base: 10, length: 2, records: []int64{10, 11}}}, 0, 12, []int64{3, 10, 11}},
		{"empty batch", []batch{{base: 0, length: 2, records: []int64{0, 1}}, {base: 2, length: 1000, records: nil}, {base: 1002, length: 1, records: []int64{1002}}}, 0, 1003, []int64{0, 1, 1002}},
		{"empty batches in a row", []batch{{base: 0, length: 7, records: nil}, {base: 7, length: 1, records: nil}, {base: 8, length: 30, records: nil}, {base: 38, length: 2, records: []int64{39}}}, 0, 40, []int64{39}},
		{"hole between batches", []batch{{base: 0, length: 1, records: []int64{0}}, {base: 500, length: 1, records: []int64{500}}}, 0, 501, []int64{0, 500}},
		{"hole before an empty batch", []batch{{base: 0, length: 1, records: []int64{0}}, {base: 5, length: 3, records: nil}, {base: 8, length: 1, records: []int64{8}}}, 0, 9, []int64{0, 8}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake, c, _ := broker(t)
			requests := serve(fake, tt.batches, tt.end)
			p := c.Open(at(tt.from), reading(config.Earliest))
			all := readTo(t, p, tt.end)
			if diff := cmp.Diff(tt.want, offsets(all)); diff != "" {
				t.Error(diff)
			}
			next := tt.from
			for _, f := range all {
				if f.From != next || f.at != f.Next {
					t.Errorf("fetched from %d, accounted for until %d; read to %d of %d", f.From, next, f.at, f.Next)
				}
				next = f.Next
			}
			if next != tt.end {
				t.Errorf("accounted for until %d, want %d", next, tt.end)
			}
			if n := requests(); n > 8 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
