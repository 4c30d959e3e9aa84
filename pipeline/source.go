package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// source reads a partition, one fetch ahead of what is being judged.
type source struct {
	partition *kafka.Partition
	progress  *progress
	budget    *budget
	// fetchBytes is how much a fetch asks for.
	fetchBytes int
	metrics    *metrics
	log        zerolog.Logger
}

// fetch is what a fetch brought, with the memory that it holds until its end.
type fetch struct {
	*kafka.Fetched
	loan *loan
}

// end gives the memory back.
func (f fetch) end(b *budget) {
	b.hold(-f.Stored)
	f.loan.end()
}

// read sends what it fetches until ctx ends or reading can never go on, whose
// error it returns. Everything else that goes wrong is tried again.
func (s *source) read(ctx context.Context, out chan<- fetch) error {
	defer close(out)
	var pause backoff
	for {
		borrowed := &loan{pool: s.budget.stored}
		f, err := s.partition.Fetch(ctx, s.fetchBytes, borrowed.grant(ctx))
		switch {
		case ctx.Err() != nil:
			return nil // the budget ends with the generation
		case errors.Is(err, kafka.ErrOutOfRange):
			return err
		case err != nil:
			borrowed.end()
			s.metrics.retries.WithLabelValues(s.partition.Topic()).Inc()
			s.log.Warn().Err(err).Int("tries", pause.tries+1).Msg("reading failed; trying again")
			if pause.wait(ctx) != nil {
				return nil
			}
			continue
		}
		pause = backoff{}
		s.progress.fetched(f, time.Now())
		s.tell(f)
		got := fetch{f, borrowed}
		s.budget.hold(f.Stored)
		if f.From == f.Next {
			got.end(s.budget)
			continue
		}
		select {
		case out <- got:
		case <-ctx.Done():
			got.end(s.budget)
			return nil
		}
	}
}

// tell logs what an operator must know of a fetch.
func (s *source) tell(f *kafka.Fetched) {
	if f.Reset {
		s.metrics.resets.WithLabelValues(s.partition.Topic()).Inc()
		s.log.Error().Int64("expected", f.Expected).Int64("offset", f.From).
			Msg("the committed offset is not in the log; reading on from another")
	}
	if f.Removed > 0 {
		s.metrics.removed.WithLabelValues(s.partition.Topic()).Add(float64(f.Removed))
		s.log.Error().Int64("from", f.From).Int64("to", f.Next-1).Int64("records", f.Removed).
			Msg("records were removed from the log before they were read; they count as absent")
	}
}
