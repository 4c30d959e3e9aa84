package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pkg/config"
)

const partitions = 12

// filled is the topic that is filled once and read by everybody.
const filled = "bench.events"

// cluster is the driver's own way to the broker, another client than those
// that are measured.
type cluster struct {
	*kgo.Client
	admin *kadm.Client
	pool  *pool
}

func connect(addr string, p *pool) (*cluster, error) {
	c, err := kgo.NewClient(
		kgo.SeedBrokers(addr),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(kgo.Lz4Compression()),
		kgo.ProducerBatchMaxBytes(batchBytes),
		kgo.ProducerLinger(5*time.Millisecond),
		kgo.MaxBufferedRecords(5000),
	)
	if err != nil {
		return nil, err
	}
	return &cluster{Client: c, admin: kadm.NewClient(c), pool: p}, nil
}

// batchBytes bounds a producer's batch before compression: about 30 events.
const batchBytes = 128 << 10

// create makes topics.
func (c *cluster) create(ctx context.Context, topics ...string) error {
	// A lexicon is the largest message of all.
	size := map[string]*string{"max.message.bytes": kadm.StringPtr(strconv.Itoa(config.Default().Topics.LexiconMaxBytes))}
	made, err := c.admin.CreateTopics(ctx, partitions, 1, size, topics...)
	if err != nil {
		return err
	}
	return made.Error()
}

// fill writes n events, one partition after the other, and says how long it took.
func (c *cluster) fill(ctx context.Context, n int) error {
	rnd := rand.New(rand.NewPCG(1, 1))
	var once sync.Once
	var failed error
	for i := range n {
		c.Produce(ctx, c.event(filled, i, c.pool.any(rnd)), func(_ *kgo.Record, err error) {
			if err != nil {
				once.Do(func() { failed = err })
			}
		})
	}
	if err := c.Flush(ctx); err != nil {
		return err
	}
	return failed
}

func (c *cluster) event(topic string, i int, t template) *kgo.Record {
	return &kgo.Record{
		Topic: topic, Partition: int32(i % partitions), Key: fmt.Appendf(nil, "case-%d", i%5000), Value: t.numbered(i),
		Headers: []kgo.RecordHeader{{Key: "content-type", Value: []byte("application/cloudevents+json")}},
	}
}

// committed is how many events of a topic a group has committed.
func (c *cluster) committed(ctx context.Context, group, topic string) (n int64) {
	offsets, err := c.admin.FetchOffsets(ctx, group)
	if err != nil {
		return 0 // it does not exist yet
	}
	offsets.Each(func(o kadm.OffsetResponse) {
		if o.Topic == topic && o.At > 0 {
			n += o.At
		}
	})
	return n
}

// ends is how many records a topic holds.
func (c *cluster) ends(ctx context.Context, topic string) (n int64, err error) {
	offsets, err := c.admin.ListEndOffsets(ctx, topic)
	if err != nil {
		return 0, err
	}
	offsets.Each(func(o kadm.ListedOffset) { n += max(o.Offset, 0) })
	return n, offsets.Error()
}

// patience is how long the driver waits for what must happen.
const patience = 2 * time.Minute

// joined waits until a group has its members.
func (c *cluster) joined(ctx context.Context, group string) error {
	return c.until(ctx, "the group is stable", func() bool {
		described, err := c.admin.DescribeGroups(ctx, group)
		return err == nil && described[group].State == "Stable"
	})
}

// drained waits until a group has committed n events of a topic.
func (c *cluster) drained(ctx context.Context, group, topic string, n int) error {
	return c.until(ctx, "all is read", func() bool { return c.committed(ctx, group, topic) >= int64(n) })
}

func (c *cluster) until(ctx context.Context, what string, is func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for !is() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("after %v still not: %s", patience, what)
		}
	}
	return nil
}
