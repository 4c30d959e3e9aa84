package pipeline

import (
	"context"
	"errors"
	"slices"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// writing is a sink in the hands of a partition's owner.
type writing struct {
	*sink
	// owned, unless nil, says by its error that the partition has another owner
	// now, who writes the same. It is asked before a write is repeated: what
	// failed may have been written.
	owned func(context.Context) error
}

// insist is write for messages that must not be left out: those that the topic
// does not take although they cannot be smaller are tried again too, until its
// settings are corrected.
func (s writing) insist(ctx context.Context, w *kafka.Writer, messages []kafkago.Message, shrink shrinker) (err error) {
	var pause backoff
	defer func() { s.health.ended(w.Topic(), pause.tries > 0, err == nil) }()
	for {
		refused, err := s.write(ctx, w, messages, shrink)
		if err != nil || len(refused) == 0 {
			return err
		}
		messages = refused
		if err := s.again(ctx, w, &pause, len(messages), kafka.ErrTooLarge); err != nil {
			return err
		}
	}
}

// shrinker makes a message smaller that its topic does not take, or says that
// it cannot.
type shrinker func(kafkago.Message) (smaller kafkago.Message, ok bool)

// write writes messages, repeating what failed until all are written, ctx ends
// or they are another's to write, which its error says. It leaves out, and returns, those that are too
// large for the topic and cannot be made smaller.
func (s writing) write(ctx context.Context, w *kafka.Writer, messages []kafkago.Message, shrink shrinker) (refused []kafkago.Message, err error) {
	if len(messages) == 0 {
		return nil, nil
	}
	var pause backoff
	defer func() { s.health.ended(w.Topic(), pause.tries > 0, err == nil) }()
	for len(messages) > 0 {
		failed, tooLarge, err := w.Write(ctx, messages)
		if err == nil {
			break
		}
		messages = failed
		if errors.Is(err, kafka.ErrTooLarge) {
			smaller, ok := shrink(messages[tooLarge])
			if ok {
				messages[tooLarge] = smaller
			} else {
				refused = append(refused, messages[tooLarge])
				messages = slices.Delete(messages, tooLarge, tooLarge+1)
			}
			continue
		}
		if err := s.again(ctx, w, &pause, len(messages), err); err != nil {
			return nil, err
		}
	}
	return refused, nil
}

// again tells that a write failed and waits before the next try; its error is
// that of ctx, or says that there is no reason for one.
func (s writing) again(ctx context.Context, w *kafka.Writer, pause *backoff, messages int, why error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if pause.tries == 0 {
		s.health.stuck(w.Topic())
	}
	s.metrics.retries.WithLabelValues(w.Topic()).Inc()
	s.log.Warn().Err(why).Str("to", w.Topic()).Int("messages", messages).Int("tries", pause.tries+1).Msg("writing failed; trying again")
	if err := pause.wait(ctx); err != nil || s.owned == nil {
		return err
	}
	return s.owned(ctx)
}
