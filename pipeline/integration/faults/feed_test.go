package faults

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// feed writes events to inputs in turn, evenly over a time.
func (r *run) feed(from, to int, over time.Duration, inputs []string) error {
	const chunk = 50
	tick := time.NewTicker(max(over*chunk/time.Duration(max(to-from, 1)), time.Microsecond))
	defer tick.Stop()
	for ; from < to; from += chunk {
		if over > 0 {
			<-tick.C
		}
		var records []*kgo.Record
		for i := from; i < min(from+chunk, to); i++ {
			topic := inputs[i%len(inputs)]
			records = append(records, &kgo.Record{
				Topic: topic, Partition: int32(i / len(inputs) % r.partitionsOf(topic)),
				Key: fmt.Appendf(nil, "D-%04d", i%997), Value: r.events[i].value,
				Headers: []kgo.RecordHeader{{Key: "content-type", Value: []byte("application/cloudevents+json")}},
			})
		}
		if err := r.client.ProduceSync(context.Background(), records...).FirstErr(); err != nil {
			return fmt.Errorf("feeding events: %w", err)
		}
		for i, rec := range records {
			at := place{rec.Topic, rec.Partition}
			if int(rec.Offset) != len(r.log[at]) {
				return fmt.Errorf("%v: event at offset %d, expected %d", at, rec.Offset, len(r.log[at]))
			}
			r.log[at] = append(r.log[at], from+i)
		}
	}
	return nil
}

func (r *run) partitionsOf(topic string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.partitions[topic]
}

// offsets returns what the group has committed; ok is false while nobody answers.
func (r *run) offsets() (offsets kadm.OffsetResponses, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	offsets, err := r.admin.FetchOffsets(ctx, r.group())
	return offsets, err == nil && offsets.Error() == nil
}

// committed reports whether the logs, which nobody writes to any more, are
// committed to their ends.
func (r *run) committed() bool {
	var topics []string
	for at := range r.log {
		topics = append(topics, at.topic)
	}
	return r.committedOf(topics...)
}

// committedOf is committed for some topics.
func (r *run) committedOf(topics ...string) bool {
	offsets, ok := r.offsets()
	for at, events := range r.log {
		for _, topic := range topics {
			o, found := offsets.Lookup(at.topic, at.partition)
			if at.topic == topic && !r.dropped[topic] && (!ok || !found || o.At != int64(len(events))) {
				return false
			}
		}
	}
	return true
}

// underWay waits until the workers have committed a part.
func (r *run) underWay() {
	r.t.Helper()
	r.until("a part is committed", func() bool { return r.watch.sum() >= int64(len(r.events)/20) })
}

// progress waits until more is committed than was, or all is.
func (r *run) progress() {
	r.t.Helper()
	from := r.watch.sum()
	r.until("more is committed", func() bool { return r.watch.sum() > from+2*batchRecords || r.over() })
}

// over reports whether all events were fed and are committed.
func (r *run) over() bool {
	select {
	case <-r.fed:
		return r.committed()
	default:
		return false
	}
}
