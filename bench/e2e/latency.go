package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// delays are the times from an event's sending to its flag's arrival.
type delays struct {
	p50, p99 time.Duration
	flags    int
	// rate is the events a second that were sent.
	rate float64
}

// warm is how many seconds of sending are not counted.
const warm = 2

// delay sends rate events a second for some seconds to a topic of its
// own that a contender reads, and waits for their flags.
func (b *bench) delay(ctx context.Context, c *contender, rate float64, seconds int) (d delays, err error) {
	s := b.setting(fmt.Sprintf("bench.live-%d", b.groups))
	if err := b.kafka.create(ctx, s.topic); err != nil {
		return d, err
	}
	running, err := c.start(s)
	defer stop(running)
	if err != nil {
		return d, err
	}
	if err := b.kafka.joined(ctx, s.group); err != nil {
		return d, fmt.Errorf("%s: %w", c.name, err)
	}
	reader, err := b.readFlags(ctx)
	if err != nil {
		return d, err
	}
	defer reader.Close()

	n := int(rate * float64(warm+seconds))
	sent := make([]atomic.Int64, n)
	arrived := make(chan []time.Duration, 1)
	reading, stopReading := context.WithCancel(ctx)
	defer stopReading()
	go func() { arrived <- b.arrivals(reading, reader, sent, int(rate*warm)) }()
	began := time.Now()
	if err := b.send(ctx, s.topic, sent, rate); err != nil {
		return d, err
	}
	d.rate = float64(n) / time.Since(began).Seconds()
	if err := b.kafka.drained(ctx, s.group, s.topic, n); err != nil {
		return d, fmt.Errorf("%s at %.0f events/s: %w", c.name, rate, err)
	}
	time.AfterFunc(time.Second, stopReading) // the last flags were written; they are still to be read
	all := <-arrived
	if len(all) == 0 {
		return d, fmt.Errorf("%s wrote no flag", c.name)
	}
	slices.Sort(all)
	d.flags, d.p50, d.p99 = len(all), all[len(all)/2], all[len(all)*99/100]
	return d, nil
}

// send sends the events evenly, in slices of five milliseconds.
func (b *bench) send(ctx context.Context, topic string, sent []atomic.Int64, rate float64) error {
	rnd := rand.New(rand.NewPCG(2, 2))
	var failed atomic.Pointer[error]
	began := time.Now()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for i := 0; i < len(sent); {
		<-ticker.C
		due := min(int(time.Since(began).Seconds()*rate), len(sent))
		for ; i < due; i++ {
			r := b.kafka.event(topic, i, b.kafka.pool.any(rnd))
			sent[i].Store(time.Now().UnixNano())
			b.kafka.Produce(ctx, r, func(_ *kgo.Record, err error) {
				if err != nil {
					failed.Store(&err)
				}
			})
		}
	}
	if err := b.kafka.Flush(ctx); err != nil {
		return err
	}
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// readFlags reads the flags' topic from its end on.
func (b *bench) readFlags(ctx context.Context) (*kgo.Client, error) {
	ends, err := b.kafka.admin.ListEndOffsets(ctx, flags)
	if err != nil {
		return nil, err
	}
	from := make(map[int32]kgo.Offset)
	for partition, o := range ends[flags] {
		from[partition] = kgo.NewOffset().At(o.Offset)
	}
	return kgo.NewClient(kgo.SeedBrokers(b.broker.addr), kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{flags: from}))
}

// arrivals returns the delays of the flags of the events from number first on.
func (b *bench) arrivals(ctx context.Context, reader *kgo.Client, sent []atomic.Int64, first int) (all []time.Duration) {
	for ctx.Err() == nil {
		fetches := reader.PollFetches(ctx)
		now := time.Now().UnixNano()
		fetches.EachRecord(func(r *kgo.Record) {
			if i := numberIn(r.Value); i >= first && i < len(sent) {
				all = append(all, time.Duration(now-sent[i].Load()))
			}
		})
	}
	return all
}

// numberIn is the number of the event that a flag is about, -1 without one.
func numberIn(value []byte) int {
	_, rest, ok := bytes.Cut(value, []byte(`"bench-`))
	if !ok || len(rest) < 8 {
		return -1
	}
	n, err := strconv.Atoi(string(rest[:8]))
	if err != nil {
		return -1
	}
	return n
}
