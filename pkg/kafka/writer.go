package kafka

import (
	"context"
	"errors"
	"fmt"

	kafkago "github.com/segmentio/kafka-go"
)

// ErrTooLarge says that a message, sent alone, is larger than may be written.
var ErrTooLarge = errors.New("the message is too large for the topic")

// Writer writes to one topic. It is safe for many goroutines, and nothing of it
// has to be closed.
//
// It sends by single requests instead of kafka-go's Writer, which waits for
// batches to fill and makes a request for each partition: here one goes to each
// leader, at once, with acks from all in-sync replicas.
type Writer struct {
	cluster  *Cluster
	topic    string
	maxBytes int64
}

// batchMessages bounds how many messages of a partition go in one request.
const batchMessages = 500

// NewWriter returns a writer to topic whose messages take up to maxBytes.
func (c *Cluster) NewWriter(topic string, maxBytes int) *Writer {
	return &Writer{cluster: c, topic: topic, maxBytes: int64(maxBytes)}
}

// Topic returns the topic written to.
func (w *Writer) Topic() string { return w.topic }

// Write sends messages once and returns those that are not known to be
// written, in order, with an error that says why the first was not; nil and
// nil is success. A message that was written may be among the failed ones: its
// acknowledgement can get lost. After a failed message, later ones of the same
// key count as failed too, so that repeating keeps their order. Where the error
// wraps [ErrTooLarge], tooLarge is the place in failed of the message to blame,
// else it is -1.
//
// A broker refuses a whole batch as too large, so which message is to blame is
// known only of messages sent alone.
func (w *Writer) Write(ctx context.Context, messages []kafkago.Message) (failed []kafkago.Message, tooLarge int, err error) {
	failed, errs := remaining(messages, w.send(ctx, messages, batchMessages))
	if index(errs, kafkago.MessageSizeTooLarge) >= 0 {
		failed, errs = remaining(failed, w.send(ctx, failed, 1))
	}
	tooLarge = index(errs, kafkago.MessageSizeTooLarge)
	switch {
	case len(failed) == 0:
		return nil, -1, nil
	case tooLarge >= 0:
		return failed, tooLarge, fmt.Errorf("writing to %s: %w", w.topic, ErrTooLarge)
	default:
		return failed, -1, fmt.Errorf("writing to %s: %w", w.topic, named(errs[0], OnTopic(Write, w.topic)))
	}
}

// remaining returns the messages that failed, and those of the same key after
// them, each with its error, nil for those that only follow one.
func remaining(messages []kafkago.Message, errs []error) (failed []kafkago.Message, why []error) {
	keys := make(map[string]bool)
	for i, err := range errs {
		key := string(messages[i].Key)
		if err != nil || keys[key] {
			keys[key] = true
			failed, why = append(failed, messages[i]), append(why, err)
		}
	}
	return failed, why
}

// index returns the first place of an error that is target, -1 without one.
func index(errs []error, target error) int {
	for i, e := range errs {
		if errors.Is(e, target) {
			return i
		}
	}
	return -1
}
