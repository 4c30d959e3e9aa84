package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// batchRecords and batchBytes bound what is decoded at a time.
const (
	batchRecords = 500
	batchBytes   = 4 << 20
)

// fetched is what a fetch brought.
type fetched struct {
	*kafka.Fetched
	used bool
}

// read returns the next batch; the last one is empty.
func (f *fetched) read() (kafka.Batch, error) {
	b, err := f.Read(kafka.Limit{Records: batchRecords, Bytes: batchBytes})
	if errors.Is(err, io.EOF) {
		f.used = true
		return kafka.Batch{From: f.Next, To: f.Next - 1}, nil
	}
	return b, err
}

// fetches reads a segment, one fetch ahead of what is being judged.
func (r *Replay) fetches(ctx context.Context, s Segment) iter.Seq2[*fetched, error] {
	type result struct {
		f   *kafka.Fetched
		err error
	}
	return func(yield func(*fetched, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		ahead := make(chan result)
		go func() {
			defer close(ahead)
			p := r.Cluster.Open(kafka.Assignment{Topic: s.Topic, Partition: s.Partition, Offset: s.From}, kafka.Reading{
				Policy: config.Earliest, MaxWait: r.Config.Worker.FetchMaxWait, MaxRecord: int64(r.Config.Worker.MaxValueBytes),
			})
			for next := s.From; next <= s.To; {
				f, err := r.fetch(ctx, p, s)
				select {
				case ahead <- result{f, err}:
				case <-ctx.Done():
					return
				}
				if err != nil {
					return
				}
				next = f.Next
			}
		}()
		defer func() { // the reader must have ended before the next segment begins
			stop()
			for range ahead { //nolint:revive // emptied
			}
		}()
		for got := range ahead {
			if !yield(&fetched{Fetched: got.f}, got.err) || got.err != nil {
				return
			}
		}
	}
}

// fetchTries is how often in a row a fetch may fail: some five minutes.
const fetchTries = 70

// endTries is how often in a row a leader may say that the log ends too early; a
// new one can be behind for a moment.
const endTries = 8

// fetch does one fetch of a segment, over what passes.
func (r *Replay) fetch(ctx context.Context, p *kafka.Partition, s Segment) (*kafka.Fetched, error) {
	for tries := 1; ; tries++ {
		f, err := p.Fetch(ctx, r.Config.Worker.FetchMaxBytes, nil)
		switch ended := err == nil && f.Next == f.From && f.HighWatermark <= s.To; {
		case err == nil && f.Reset, ended && tries >= endTries:
			return nil, s.beyond()
		case ended:
			err = s.beyond()
		case err == nil:
			return f, r.slow(ctx, int(f.Stored))
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, kafka.ErrDenied):
			return nil, err
		case tries == fetchTries:
			return nil, fmt.Errorf("%w: %w; the same command goes on from here", kafka.ErrUnreachable, err)
		}
		r.Log.Warn().Err(err).Str("topic", p.Topic()).Int("tries", tries).Msg("reading failed; trying again")
		if err := wait(ctx, min(time.Duration(tries)*200*time.Millisecond, 5*time.Second)); err != nil {
			return nil, err
		}
	}
}

// slow waits until so many bytes more may be read.
func (r *Replay) slow(ctx context.Context, bytes int) error {
	if r.Pace == nil {
		return nil
	}
	for bytes > 0 {
		n := min(bytes, r.Pace.Burst())
		if err := r.Pace.WaitN(ctx, n); err != nil {
			return err
		}
		bytes -= n
	}
	return nil
}

// wait waits for d or until ctx ends, whose error it returns.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
