package kafka

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kfake"
)

// Embedded starts a broker inside this process, on a free port of the loopback
// interface, with the topics, one partition each, and returns its address and
// what stops it; the end of ctx stops it too. It speaks Kafka's protocol but
// keeps everything in memory: for trials and tests, never for production.
// Topics are not created by asking for them, as on a well-kept cluster.
func Embedded(ctx context.Context, topics ...string) (addr string, stop func(), err error) {
	broker, err := kfake.NewCluster(
		kfake.NumBrokers(1),
		kfake.SeedTopics(1, topics...),
		kfake.BrokerConfigs(map[string]string{"message.max.bytes": "33554432"}),
	)
	if err != nil {
		return "", nil, fmt.Errorf("embedded broker: %w", err)
	}
	closed := context.AfterFunc(ctx, broker.Close)
	stop = func() {
		if closed() {
			broker.Close()
		}
	}
	return broker.ListenAddrs()[0], stop, nil
}
