package kafka

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
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
	config kafkago.ConsumerGroupConfig
	group  *kafkago.ConsumerGroup
	client *kafkago.Client

	mu    sync.Mutex
	owned map[string][]int
}

// Join makes this worker a member that reads topics, all of which must exist:
// one missing topic would leave every member without partitions.
func (c *Cluster) Join(cfg *config.Group, topics []string) (*Group, error) {
	g := &Group{client: c.client}
	g.config = kafkago.ConsumerGroupConfig{
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
	}
	if err := g.open(); err != nil {
		return nil, err
	}
	return g, nil
}

// open begins to join by the brokers of config.
func (g *Group) open() (err error) {
	if g.group, err = kafkago.NewConsumerGroup(g.config); err != nil {
		return fmt.Errorf("group %s: %w", g.config.ID, err)
	}
	return nil
}

// Next waits for the next generation. The one before must have ended. Its error
// wraps [ErrDenied] where the group may not be read. After an error it can be
// called again, after a pause of the caller's; it then begins at another broker:
// kafka-go asks the first one that takes its connection, and nobody else, for as
// long as that one takes connections and does not answer.
func (g *Group) Next(ctx context.Context) (*Generation, error) {
	gen, err := g.group.Next(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, kafkago.RebalanceInProgress):
		return nil, err // still a member
	case err != nil:
		g.Close()
		g.config.Brokers = append(slices.Clone(g.config.Brokers[1:]), g.config.Brokers[0])
		return nil, errors.Join(named(err, OnGroup(Read, g.config.ID)), g.open())
	}
	next := &Generation{gen: gen, group: g.config.ID, client: g.client, commits: commits{send: gen.CommitOffsets}}
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

// Close ends the generation, waits for its functions and leaves the group. It
// does not wait longer than for one request: a member that is about to join
// cannot be stopped before the broker answers, which can take as long as the
// group waits for its slowest member. It then leaves when it has joined.
func (g *Group) Close() {
	closed := make(chan struct{})
	group := g.group
	go func() {
		_ = group.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(callTimeout):
	}
}

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
	client      *kafkago.Client
	// commits go by the generation's own connection.
	commits commits
	// moved: commits look for the coordinator, which is not where it was.
	moved atomic.Bool
}

// ID numbers the generation within its group.
func (g *Generation) ID() int { return int(g.gen.ID) }

// Start runs fn under a context that ends with the generation. The return of
// any fn ends the generation for all of them.
func (g *Generation) Start(fn func(ctx context.Context)) { g.gen.Start(fn) }

// ErrAgain says that a commit failed, but that this generation may still succeed
// with another try.
var ErrAgain = errors.New("commit failed")

// over are the answers to a commit after which a generation can commit nothing
// more of the partition.
var over = []kafkago.Error{
	kafkago.IllegalGeneration, kafkago.UnknownMemberId, kafkago.RebalanceInProgress, kafkago.FencedInstanceID,
	kafkago.UnknownTopicOrPartition,
}

// Commit says that all records of a partition before offset are accounted for.
// An error that does not wrap [ErrAgain] says that they will have another owner;
// one that does wraps [ErrDenied] too where a right is missing. Whether the
// offset moved is then not known.
func (g *Generation) Commit(ctx context.Context, topic string, partition int, offset int64) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	commit := g.commits.commit
	if g.moved.Load() {
		commit = g.commitAnew
	}
	err := commit(ctx, topic, partition, offset)
	var code kafkago.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &code) && slices.Contains(over, code):
		return err
	case errors.Is(err, kafkago.TopicAuthorizationFailed):
		err = named(err, OnTopic(Read, topic))
	default:
		err = named(err, OnGroup(Read, g.group))
	}
	// The connection may be gone, or the broker no longer coordinate the group.
	g.moved.Store(true)
	return fmt.Errorf("%w: %w", ErrAgain, err)
}

// commitAnew looks for the group's coordinator first: the generation lives on
// when that moves, and what was written need not be written again.
func (g *Generation) commitAnew(ctx context.Context, topic string, partition int, offset int64) error {
	resp, err := g.client.OffsetCommit(ctx, &kafkago.OffsetCommitRequest{
		GroupID: g.gen.GroupID, GenerationID: int(g.gen.ID), MemberID: g.gen.MemberID,
		Topics: map[string][]kafkago.OffsetCommit{topic: {{Partition: partition, Offset: offset}}},
	})
	if err != nil {
		return err
	}
	for _, p := range resp.Topics[topic] {
		if p.Partition == partition {
			return p.Error
		}
	}
	return kafkago.UnknownTopicOrPartition
}
