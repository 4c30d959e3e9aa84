package pipeline

import (
	"context"
	"errors"
	"fmt"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// GoneError says that no record stands at a place any more, and what the log
// of the partition holds instead: the offsets First to End-1.
type GoneError struct {
	Topic      string
	Partition  int
	Offset     int64
	First, End int64
}

// Error names the place and the log's bounds.
func (e *GoneError) Error() string {
	return fmt.Sprintf("%s/%d/%d holds no record any more; the log has the offsets %d to %d",
		e.Topic, e.Partition, e.Offset, e.First, e.End-1)
}

// ErrUnpublished says that a topic holds no ruleset of a digest.
var ErrUnpublished = errors.New("no ruleset of this digest was published")

// RecordAt returns the record at a place as the worker reads it. Its error is a
// *[GoneError] where none stands there, or wraps [kafka.ErrMissingTopic].
func RecordAt(ctx context.Context, cluster *kafka.Cluster, topic string, partition int, offset int64) (event.Record, error) {
	counts, err := readable(ctx, cluster, topic)
	if err != nil {
		return event.Record{}, err
	}
	gone := &GoneError{Topic: topic, Partition: partition, Offset: offset}
	if partition >= counts {
		return event.Record{}, gone
	}
	record, err := cluster.ReadAt(ctx, topic, partition, offset)
	switch {
	case errors.Is(err, kafka.ErrNoRecord):
		if gone.First, gone.End, err = cluster.Bounds(ctx, topic, partition); err != nil {
			return event.Record{}, err
		}
		return event.Record{}, gone
	case err != nil:
		return event.Record{}, err
	}
	return EventRecord(record, topic, partition), nil
}

// Published returns the canonical ruleset that stands on a topic under a
// digest. Its error wraps [ErrUnpublished] where none does.
func Published(ctx context.Context, cluster *kafka.Cluster, topic, digest string) ([]byte, error) {
	counts, err := readable(ctx, cluster, topic)
	if err != nil {
		return nil, err
	}
	var ruleset []byte
	for p := range counts {
		if _, err := cluster.Scan(ctx, topic, p, -1, func(r *kafka.Record) error {
			if string(r.Key) == digest {
				ruleset = r.Value
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	if ruleset == nil {
		return nil, fmt.Errorf("%w on %s", ErrUnpublished, topic)
	}
	return ruleset, nil
}

// readable returns how many partitions a topic has that may be read.
func readable(ctx context.Context, cluster *kafka.Cluster, topic string) (int, error) {
	if err := cluster.CheckRights(ctx, []kafka.Right{kafka.OnTopic(kafka.Read, topic)}); err != nil {
		return 0, err
	}
	counts, err := cluster.Require(ctx, []string{topic})
	return counts[topic], err
}
