package kafka

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"
	"go.uber.org/goleak"

	"github.com/vigie-project/vigie/pkg/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// broker starts one with topics of one partition and returns it with a way to it.
func broker(t *testing.T, opts ...kfake.Opt) (*kfake.Cluster, *Cluster, *config.Config) {
	t.Helper()
	fake, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1), kfake.SeedTopics(1, "in", "out")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	cfg := config.Default()
	cfg.Kafka.Brokers = fake.ListenAddrs()
	cfg.Topics.Inputs = []string{"in"}
	cfg.Topics.Flags = "out"
	c, err := Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := c.Reach(t.Context()); err != nil {
		t.Fatal(err)
	}
	return fake, c, cfg
}

// fill writes n messages "0", "1"… to the topic "in".
func fill(t *testing.T, c *Cluster, n int) {
	t.Helper()
	w := c.NewWriter("in", 1<<20)
	var messages []kafkago.Message
	for i := range n {
		value := fmt.Append(nil, i)
		messages = append(messages, kafkago.Message{Key: value, Value: value, WriterData: i})
	}
	if _, _, err := w.Write(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
}

// reading is how tests read.
func reading(policy string) Reading {
	return Reading{Policy: policy, MaxWait: 50 * time.Millisecond, MaxRecord: 1 << 20}
}

// read is a fetch with its records.
type read struct {
	*Fetched
	records []Record
}

// readTo fetches until next is reached and returns all that came.
func readTo(t *testing.T, p *Partition, next int64) (all []read) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for tries := 1; ; tries++ {
		f, err := p.Fetch(ctx, 1<<20, nil)
		switch {
		case ctx.Err() != nil:
			t.Fatalf("offset %d is not reached after %d fetches, last error: %v", next, tries, err)
		case errors.Is(err, ErrOutOfRange):
			t.Fatal(err)
		case err != nil || f.From == f.Next && !f.Reset:
			continue
		}
		all = append(all, read{f, f.Rest()})
		if f.Next >= next {
			return all
		}
	}
}

func offsets(all []read) (list []int64) {
	for _, f := range all {
		for _, r := range f.records {
			list = append(list, r.Offset)
		}
	}
	return list
}
