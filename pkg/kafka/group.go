package kafka

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
)

// Group is this worker's membership in the consumer group.
//
// It works by generations, not by kafka-go's Reader: measured on Apache Kafka
// 4.3.1, a Reader's commit from before a rebalance is accepted and moves the
// group's offset backwards; a generation's is refused.
type Group struct {
	id    string
	group *kafkago.ConsumerGroup

	mu    sync.Mutex
	owned map[string][]int
}

// Join makes this worker a member that reads topics, all of which must exist:
// one missing topic would leave every member without partitions.
func (c *Cluster) Join(cfg *config.Group, topics []string) (*Group, error) {
	g := &Group{id: cfg.ID}
	group, err := kafkago.NewConsumerGroup(kafkago.ConsumerGroupConfig{
		ID:                cfg.ID,
		Brokers:           c.brokers,
		Dialer:            c.dialer,
		Topics:            topics,
		GroupBalancers:    []kafkago.GroupBalancer{evenBalancer{owned: g.assigned}},
		HeartbeatInterval: cfg.HeartbeatInterval,
		SessionTimeout:    cfg.SessionTimeout,
		RebalanceTimeout:  cfg.RebalanceTimeout,
		// The default of 5 s would leave the partitions unread as long after
		// each hiccup of the coordinator.
		JoinGroupBackoff: 500 * time.Millisecond,
		// A partition without a commit is read from its start: nobody's message
		// is passed over because it came before the first worker.
		StartOffset: kafkago.FirstOffset,
	})
	if err != nil {
		return nil, fmt.Errorf("group %s: %w", cfg.ID, err)
	}
	g.group = group
	return g, nil
}

// Next waits for the next generation. The one before must have ended. Its error
// wraps [ErrDenied] where the group may not be read.
func (g *Group) Next(ctx context.Context) (*Generation, error) {
	gen, err := g.group.Next(ctx)
	if err != nil {
		return nil, named(err, OnGroup(Read, g.id))
	}
	next := &Generation{gen: gen, group: g.id}
	owned := make(map[string][]int)
	for topic, list := range gen.Assignments {
		for _, a := range list {
			next.Assignments = append(next.Assignments, Assignment{Topic: topic, Partition: a.ID, Offset: a.Offset})
			owned[topic] = append(owned[topic], a.ID)
		}
	}
	g.mu.Lock()
	g.owned = owned
	g.mu.Unlock()
	return next, nil
}

// assigned is what the balancer tells the leader of the next sharing out.
func (g *Group) assigned() map[string][]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return maps.Clone(g.owned)
}

// Close ends the generation, waits for its functions and leaves the group.
func (g *Group) Close() { _ = g.group.Close() }

// Assignment is a partition of a generation and the offset to read from; a
// negative one means that nothing was committed yet.
type Assignment struct {
	Topic     string
	Partition int
	Offset    int64
}

// Generation is the time between two rebalances.
type Generation struct {
	gen         *kafkago.Generation
	group       string
	Assignments []Assignment
}

// ID numbers the generation within its group.
func (g *Generation) ID() int { return int(g.gen.ID) }

// Start runs fn under a context that ends with the generation. The return of
// any fn ends the generation for all of them.
func (g *Generation) Start(fn func(ctx context.Context)) { g.gen.Start(fn) }

// Commit says that all records of a partition before offset are accounted for.
// kafka-go's call has no context and can wait for ever on a connection that
// another goroutine holds, so it runs beside a deadline. After an error the
// generation must end: whether the offset moved is not known.
func (g *Generation) Commit(ctx context.Context, topic string, partition int, offset int64) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- g.gen.CommitOffsets(map[string]map[int]int64{topic: {partition: offset}})
	}()
	select {
	case err := <-done:
		if errors.Is(err, kafkago.TopicAuthorizationFailed) {
			return named(err, OnTopic(Read, topic))
		}
		return named(err, OnGroup(Read, g.group))
	case <-ctx.Done():
		return fmt.Errorf("commit unanswered: %w", ctx.Err())
	}
}
