package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// source reads a partition, one fetch ahead of what is being judged.
type source struct {
	partition  *kafka.Partition
	progress   *progress
	budget     *budget
	fetchBytes int
	metrics    *metrics
	log        zerolog.Logger
}

// read sends what it fetches until ctx ends or reading can never go on, whose
// error it returns. The receiver gives f.Bytes back to the budget. Everything
// else that goes wrong is tried again.
func (s *source) read(ctx context.Context, out chan<- kafka.Fetched) error {
	defer close(out)
	var pause backoff
	for {
		if s.budget.reserve(ctx, int64(s.fetchBytes)) != nil {
			return nil
		}
		f, err := s.partition.Fetch(ctx, s.fetchBytes)
		s.budget.settle(f.Bytes - int64(s.fetchBytes))
		switch {
		case ctx.Err() != nil:
			s.budget.settle(-f.Bytes)
			return nil
		case errors.Is(err, kafka.ErrOutOfRange):
			return err
		case err != nil:
			s.metrics.retries.WithLabelValues(s.partition.Topic()).Inc()
			s.log.Warn().Err(err).Int("tries", pause.tries+1).Msg("reading failed; trying again")
			if pause.wait(ctx) != nil {
				return nil
			}
			continue
		}
		pause = backoff{}
		s.progress.fetched(&f, time.Now())
		if f.Reset {
			s.metrics.resets.WithLabelValues(s.partition.Topic()).Inc()
			s.log.Error().Int64("expected", f.Expected).Int64("offset", f.From).
				Msg("the committed offset is not in the log; reading on from another")
		}
		if len(f.Records) == 0 {
			continue
		}
		select {
		case out <- f:
		case <-ctx.Done():
			s.budget.settle(-f.Bytes)
			return nil
		}
	}
}

// eventRecord is a record as the pipeline takes it.
func eventRecord(r *kafka.Record, topic string, partition int) event.Record {
	headers := make([]event.Header, len(r.Headers))
	for i, h := range r.Headers {
		headers[i] = event.Header{Key: h.Key, Value: h.Value}
	}
	return event.Record{
		Key: r.Key, Value: r.Value, Headers: headers,
		Origin: &event.Origin{Topic: topic, Partition: partition, Offset: r.Offset, Timestamp: r.Timestamp},
	}
}
