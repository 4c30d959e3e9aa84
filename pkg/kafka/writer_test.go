package kafka

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// The zero Writer asks for no acknowledgement and waits a second.
func TestTrapWriterDefaults(t *testing.T) {
	fake, c, _ := broker(t)
	var acks, codec atomic.Int32
	acks.Store(99)
	fake.ControlKey(int16(kmsg.Produce), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		req := kreq.(*kmsg.ProduceRequest)
		acks.Store(int32(req.Acks))
		// The codec is in the lowest bits of the batch's attributes.
		codec.Store(int32(req.Topics[0].Partitions[0].Records[22] & 7))
		return nil, nil, false
	})
	fill(t, c, 1)
	if acks.Load() != -1 {
		t.Errorf("acks is %d, want -1 (all)", acks.Load())
	}
	if codec.Load() != 3 {
		t.Errorf("codec is %d, want 3 (lz4)", codec.Load())
	}
}

// Keys land where Java producers put them. The hashes are those of the test
// vectors of Apache Kafka's own client (UtilsTest.testMurmur2).
func TestKeysGoWhereJavaPutsThem(t *testing.T) {
	const partitions = 7
	for key, hash := range map[string]int32{
		"21":                         -973932308,
		"foobar":                     -790332482,
		"a-little-bit-long-string":   -985981536,
		"a-little-bit-longer-string": -1486304829,
		"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
		"abc": 479470107,
	} {
		want := int(hash&0x7fffffff) % partitions
		if got := PartitionOf([]byte(key), partitions); got != want {
			t.Errorf("key %s goes to partition %d, want %d", key, got, want)
		}
	}
}

func message(key, value string, id int) kafkago.Message {
	return kafkago.Message{Key: []byte(key), Value: []byte(value), WriterData: id}
}

func ids(messages []kafkago.Message) (list []int) {
	for _, m := range messages {
		list = append(list, m.WriterData.(int))
	}
	return list
}

// refuse makes the broker answer the next produce requests with an error.
func refuse(fake *kfake.Cluster, times int64, why *kerr.Error) *atomic.Int64 {
	var requests atomic.Int64
	fake.ControlKey(int16(kmsg.Produce), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		if requests.Add(1) > times {
			return nil, nil, false
		}
		req := kreq.(*kmsg.ProduceRequest)
		resp := req.ResponseKind().(*kmsg.ProduceResponse)
		for _, t := range req.Topics {
			rt := kmsg.NewProduceResponseTopic()
			rt.Topic = t.Topic
			for _, p := range t.Partitions {
				rp := kmsg.NewProduceResponseTopicPartition()
				rp.Partition, rp.ErrorCode = p.Partition, why.Code
				rt.Partitions = append(rt.Partitions, rp)
			}
			resp.Topics = append(resp.Topics, rt)
		}
		return resp, nil, true
	})
	return &requests
}

// What failed is returned to be repeated, and nothing else; the writer itself
// does not hide a broker's trouble behind attempts of its own.
func TestTrapWriteFailures(t *testing.T) {
	fake, c, _ := broker(t)
	requests := refuse(fake, 1, kerr.NotLeaderForPartition)
	w := c.NewWriter("out", 1<<20)
	messages := []kafkago.Message{message("a", "1", 1), message("b", "2", 2)}
	failed, tooLarge, err := w.Write(t.Context(), messages)
	if err == nil || tooLarge != -1 || !cmp.Equal(ids(failed), []int{1, 2}) {
		t.Errorf("failed %v, %d, %v", ids(failed), tooLarge, err)
	}
	if requests.Load() != 1 {
		t.Errorf("%d requests before the caller knew", requests.Load())
	}
	if failed, _, err = w.Write(t.Context(), failed); err != nil || failed != nil {
		t.Errorf("second try: %v, %v", ids(failed), err)
	}
}

func TestTooLarge(t *testing.T) {
	huge := strings.Repeat("x", 5000)
	for _, tt := range []struct {
		name     string
		maxBytes int
		refusals int64
		messages []kafkago.Message
		failed   []int
		tooLarge int
	}{
		{
			name: "the client refuses all for one", maxBytes: 1000, tooLarge: 1,
			messages: []kafkago.Message{message("a", "1", 1), message("b", huge, 2), message("c", "3", 3)},
			// Sent alone, the client still refuses all.
			failed: []int{1, 2, 3},
		},
		{
			name: "the broker refuses a batch, but none of it alone", maxBytes: 1 << 20, refusals: 1, tooLarge: -1,
			messages: []kafkago.Message{message("a", "1", 1), message("b", "2", 2)},
		},
		{
			name: "the broker refuses the batch, then the first alone", maxBytes: 1 << 20, refusals: 2, tooLarge: 0,
			messages: []kafkago.Message{message("a", huge, 1), message("b", "2", 2), message("a", "3", 3)},
			failed:   []int{1, 3}, // 3 has the key of 1: it may not overtake it
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake, c, _ := broker(t)
			refuse(fake, tt.refusals, kerr.MessageTooLarge)
			w := c.NewWriter("out", tt.maxBytes)
			failed, tooLarge, err := w.Write(t.Context(), tt.messages)
			if !cmp.Equal(ids(failed), tt.failed) || tooLarge != tt.tooLarge || errors.Is(err, ErrTooLarge) != (tt.tooLarge >= 0) {
				t.Errorf("failed %v, %d, %v; want %v, %d", ids(failed), tooLarge, err, tt.failed, tt.tooLarge)
			}
		})
	}
}

// What goes to one leader goes in one request, however many partitions it has,
// each with its messages in their order.
func TestOneRequestForAllPartitions(t *testing.T) {
	fake, _, cfg := broker(t, kfake.SeedTopics(12, "wide"))
	cfg.Topics.Flags = "wide"
	c, err := Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	var messages []kafkago.Message
	for i := range 600 {
		messages = append(messages, message(fmt.Sprint("key-", i%60), fmt.Sprint(i), i))
	}
	requests := refuse(fake, 0, nil)
	if failed, _, err := c.NewWriter("wide", 1<<20).Write(t.Context(), messages); err != nil {
		t.Fatal(ids(failed), err)
	}
	if n := requests.Load(); n != 1 {
		t.Errorf("%d requests", n)
	}
	last, partitions, all := make(map[string]int), 0, 0
	for p := range 12 {
		before := all
		_, err := c.Scan(t.Context(), "wide", p, 0, func(r *Record) error {
			n, _ := strconv.Atoi(string(r.Value))
			if before, ok := last[string(r.Key)]; ok && n < before {
				t.Errorf("%s: %d after %d", r.Key, n, before)
			}
			last[string(r.Key)] = n
			all++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if all > before {
			partitions++
		}
	}
	if all != 600 || partitions < 6 {
		t.Errorf("%d messages on %d partitions", all, partitions)
	}
}

// A partition that fails keeps its later messages back, and no other's.
func TestAFailureKeepsItsPartitionBack(t *testing.T) {
	fake, _, cfg := broker(t, kfake.SeedTopics(2, "two"))
	cfg.Topics.Flags = "two"
	c, err := Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	var messages []kafkago.Message
	for i := range 40 {
		messages = append(messages, message(fmt.Sprint("key-", i), strings.Repeat("x", 300), i))
	}
	w := c.NewWriter("two", 1000) // two or three messages a request
	of := func(m kafkago.Message) int { return balancer.Balance(m, 0, 1) }
	fake.ControlKey(int16(kmsg.Produce), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		req := kreq.(*kmsg.ProduceRequest)
		for i, p := range req.Topics[0].Partitions {
			if p.Partition == 1 {
				req.Topics[0].Partitions[i].Records[20] ^= 1 // its checksum
			}
		}
		return nil, nil, false
	})
	failed, _, err := w.Write(t.Context(), messages)
	if err == nil {
		t.Fatal("a damaged batch was taken")
	}
	var want []int
	for _, m := range messages {
		if of(m) == 1 {
			want = append(want, m.WriterData.(int))
		}
	}
	if diff := cmp.Diff(want, ids(failed)); diff != "" {
		t.Error(diff)
	}
	if left := len(messages) - len(want); left == 0 || len(want) == 0 {
		t.Errorf("%d messages on one partition, %d on the other", left, len(want))
	}
	end := int64(0)
	if _, err := c.Scan(t.Context(), "two", 1, 0, func(*Record) error { end++; return nil }); err != nil || end != 0 {
		t.Errorf("%d messages of the partition that failed were written, %v", end, err)
	}
}
