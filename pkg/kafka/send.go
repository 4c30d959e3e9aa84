package kafka

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// ErrUnknownOutcome says that a record may or may not have been written: its
// acknowledgement did not come.
var ErrUnknownOutcome = errors.New("whether it was written is not known")

// notWritten are the refusals that a leader gives before it appends anything,
// and that pass.
var notWritten = []error{
	kafkago.NotLeaderForPartition, kafkago.LeaderNotAvailable, kafkago.UnknownTopicOrPartition,
	kafkago.NotEnoughReplicas, protocol.ErrNoTopic, protocol.ErrNoPartition, protocol.ErrNoLeader,
}

// refused are those that do not pass by themselves.
var refused = []error{
	kafkago.TopicAuthorizationFailed, kafkago.ClusterAuthorizationFailed, kafkago.InvalidRecord,
	kafkago.InvalidTopic, kafkago.InvalidTimestamp, kafkago.PolicyViolation,
}

// Send writes one record to one partition and waits until all in-sync
// replicas have it. It repeats only what was surely not written, so that a
// record stands there once at most; an error that wraps [ErrUnknownOutcome]
// leaves open whether it does. One that wraps [ErrTooLarge] says that the topic
// takes no record of that size.
func (c *Cluster) Send(ctx context.Context, topic string, partition int, key, value []byte, headers []kafkago.Header) error {
	return again(ctx, unsent, func() error { return c.sendOnce(ctx, topic, partition, key, value, headers) })
}

func (c *Cluster) sendOnce(ctx context.Context, topic string, partition int, key, value []byte, headers []kafkago.Header) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := c.client.Produce(ctx, &kafkago.ProduceRequest{
		Topic: topic, Partition: partition, RequiredAcks: kafkago.RequireAll, Compression: kafkago.Lz4,
		Records: kafkago.NewRecordReader(kafkago.Record{
			Key: kafkago.NewBytes(key), Value: kafkago.NewBytes(value), Headers: headers,
		}),
	})
	if err == nil {
		err = resp.Error
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, kafkago.MessageSizeTooLarge), errors.Is(err, kafkago.RecordListTooLarge):
		err = ErrTooLarge
	case !unsent(err) && !isAny(err, refused):
		err = errors.Join(ErrUnknownOutcome, err)
	}
	return fmt.Errorf("writing to %s/%d: %w", topic, partition, named(err, OnTopic(Write, topic)))
}

// unsent reports whether an error says that nothing was written, and can pass.
func unsent(err error) bool {
	var op *net.OpError
	return isAny(err, notWritten) || errors.As(err, &op) && op.Op == "dial"
}

func isAny(err error, targets []error) bool {
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
}
