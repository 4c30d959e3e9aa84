package kafka

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

// ErrMissingTopic says that a topic does not exist.
var ErrMissingTopic = errors.New("topic does not exist")

// newTopicPatience is how long a topic may stay unknown to a broker after its
// creation elsewhere.
const newTopicPatience = 3 * time.Second

// Partitions returns how many partitions each of topics has; topics that do
// not exist are left out. It reads metadata through Client.Metadata:
// Conn.ReadPartitions would create what is missing on a cluster that allows it.
func (c *Cluster) Partitions(ctx context.Context, topics []string) (map[string]int, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := c.client.Metadata(ctx, &kafkago.MetadataRequest{Topics: topics})
	if err != nil {
		return nil, fmt.Errorf("looking at topics: %w", err)
	}
	counts := make(map[string]int, len(topics))
	for _, t := range resp.Topics {
		switch {
		case errors.Is(t.Error, kafkago.UnknownTopicOrPartition):
		case t.Error != nil:
			return nil, fmt.Errorf("looking at topic %s: %w", t.Name, named(t.Error, OnTopic(Describe, t.Name)))
		default:
			counts[t.Name] = len(t.Partitions)
		}
	}
	return counts, nil
}

// Require returns the partitions of topics, all of which must exist; right
// after its creation a topic may be unknown for a moment. Its error names what
// is missing and wraps [ErrMissingTopic].
func (c *Cluster) Require(ctx context.Context, topics []string) (map[string]int, error) {
	patience, cancel := context.WithTimeout(ctx, newTopicPatience)
	defer cancel()
	for {
		counts, err := c.Partitions(ctx, topics)
		var missing []string
		for _, t := range topics {
			if _, ok := counts[t]; !ok {
				missing = append(missing, t)
			}
		}
		if err == nil && len(missing) == 0 {
			return counts, nil
		}
		if !errors.Is(err, ErrDenied) && pause(patience, 200*time.Millisecond) == nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		slices.Sort(missing)
		return nil, fmt.Errorf("%w: %s; create it (vigie topics create) or correct topics in the configuration",
			ErrMissingTopic, strings.Join(missing, ", "))
	}
}

// Watch returns when the partitions of topics are no longer those of known:
// new partitions, a topic deleted or back again. A change counts when two
// looks in a row agree on it, because brokers learn of it one after the other.
// It returns the new counts, or the error of ctx.
func (c *Cluster) Watch(ctx context.Context, topics []string, known map[string]int, interval time.Duration) (map[string]int, error) {
	var before map[string]int
	for {
		if err := pause(ctx, interval); err != nil {
			return nil, err
		}
		now, err := c.Partitions(ctx, topics)
		if err != nil || maps.Equal(now, known) {
			before = nil
			continue
		}
		if maps.Equal(now, before) {
			return now, nil
		}
		before = now
	}
}
