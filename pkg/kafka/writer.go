package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

// ErrTooLarge says that a message, sent alone, is larger than may be written.
var ErrTooLarge = errors.New("the message is too large for the topic")

// Writer writes to one topic.
//
// kafka-go's zero Writer asks for no acknowledgement and waits a second for a
// batch to fill; this one asks for all in-sync replicas and waits 5 ms. A
// broker refuses a whole batch as too large, so which message is to blame is
// known only of messages sent alone.
type Writer struct {
	topic           string
	together, alone *kafkago.Writer
}

// batchMessages bounds how many messages go in one request.
const batchMessages = 500

// NewWriter returns a writer to topic whose messages take up to maxBytes. It
// is safe for many goroutines.
func (c *Cluster) NewWriter(topic string, maxBytes int) *Writer {
	writer := func(batch int) *kafkago.Writer {
		return &kafkago.Writer{
			Addr: c.client.Addr, Transport: c.transport, Topic: topic,
			RequiredAcks: kafkago.RequireAll,
			// Where a Java producer would put the key.
			Balancer:     kafkago.Murmur2Balancer{},
			Compression:  kafkago.Lz4,
			BatchSize:    batch,
			BatchBytes:   int64(maxBytes),
			BatchTimeout: 5 * time.Millisecond,
			// The caller repeats what failed for as long as it may; the default of
			// ten attempts would only hide from it that a broker is gone.
			MaxAttempts:  1,
			ReadTimeout:  callTimeout,
			WriteTimeout: callTimeout,
		}
	}
	return &Writer{topic: topic, together: writer(batchMessages), alone: writer(1)}
}

// Topic returns the topic written to.
func (w *Writer) Topic() string { return w.topic }

// Close sends what is under way and ends the writer.
func (w *Writer) Close() {
	_ = w.together.Close()
	_ = w.alone.Close()
}

// Write sends messages once and returns those that are not known to be
// written, in order, with an error that says why the first was not; nil and
// nil is success. A message that was written may be among the failed ones: its
// acknowledgement can get lost. After a failed message, later ones of the same
// key count as failed too, so that repeating keeps their order. Where the error
// wraps [ErrTooLarge], tooLarge is the place in failed of the message to blame,
// else it is -1.
//
// Each message needs a WriterData of its own, comparable.
func (w *Writer) Write(ctx context.Context, messages []kafkago.Message) (failed []kafkago.Message, tooLarge int, err error) {
	failed, errs := remaining(messages, result(w.together.WriteMessages(ctx, messages...), messages))
	if index(errs, kafkago.MessageSizeTooLarge) >= 0 {
		failed, errs = remaining(failed, result(w.alone.WriteMessages(ctx, failed...), failed))
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

// result spreads the error of WriteMessages over the messages, nil for none.
func result(err error, messages []kafkago.Message) []error {
	if err == nil {
		return nil
	}
	var each kafkago.WriteErrors
	if errors.As(err, &each) {
		return each
	}
	errs := make([]error, len(messages))
	var large kafkago.MessageTooLargeError
	isLarge := errors.As(err, &large)
	for i := range errs {
		switch {
		case !isLarge:
			errs[i] = err
		case messages[i].WriterData == large.Message.WriterData:
			errs[i] = kafkago.MessageSizeTooLarge
		default:
			// The client refuses all for one, before sending any.
			errs[i] = errNotSent
		}
	}
	return errs
}

var errNotSent = errors.New("not sent beside a message that is too large")

// index returns the first place of an error that is target, -1 without one.
func index(errs []error, target error) int {
	for i, e := range errs {
		if errors.Is(e, target) {
			return i
		}
	}
	return -1
}
