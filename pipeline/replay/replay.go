package replay

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// Replay judges what a plan says and keeps it in a directory.
type Replay struct {
	Cluster *kafka.Cluster
	Config  *config.Config
	Dir     string
	Plan    *Plan
	// Before is nil for a replay with one lexicon.
	Before, After *pipeline.Classifier
	// Pace bounds the bytes that are read in a second, as stored; nil does not.
	Pace *rate.Limiter
	Log  zerolog.Logger
	// Seen counts what was done; whoever watches reads it.
	Seen Seen

	large sync.Mutex
}

// Seen counts what a replay has done, that of earlier starts with it.
type Seen struct {
	// Offsets that are accounted for, Earlier those that were when it was
	// started, Flags of the lexicon that is tried.
	Offsets, Earlier, Flags atomic.Int64
}

// Pace returns a limiter of so many megabytes (of a million bytes) in a second.
func Pace(megabytes float64) *rate.Limiter {
	perSecond := megabytes * 1e6
	return rate.NewLimiter(rate.Limit(perSecond), int(max(perSecond, 64<<10)))
}

// Run judges the segments that are missing, several at a time, and returns
// when all stand in the directory, or with the first error.
func (r *Replay) Run(ctx context.Context) error {
	left, err := r.left()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan Segment)
	var working sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(left)) {
		working.Go(func() {
			j := r.judge()
			for s := range queue {
				if err := r.segment(ctx, s, j); err != nil {
					stop(err)
				}
			}
		})
	}
feed:
	for _, s := range left {
		select {
		case queue <- s:
		case <-ctx.Done():
			break feed
		}
	}
	close(queue)
	working.Wait()
	return context.Cause(ctx)
}

// left counts what is done already, and lists what is not: the first segment of
// every partition, then the second, so that all leaders have work.
func (r *Replay) left() ([]Segment, error) {
	turn := make(map[Segment]int)
	var left []Segment
	for _, rg := range r.Plan.Ranges {
		for i, s := range rg.segments(r.Plan.Segment) {
			if !s.done(r.Dir) {
				turn[s] = i
				left = append(left, s)
				continue
			}
			receipt, err := s.receipt(r.Dir)
			if err != nil {
				return nil, err
			}
			r.Seen.Offsets.Add(s.To - s.From + 1)
			r.Seen.Earlier.Add(s.To - s.From + 1)
			r.Seen.Flags.Add(int64(receipt.After.Flagged))
		}
	}
	slices.SortStableFunc(left, func(a, b Segment) int { return turn[a] - turn[b] })
	return left, nil
}

// judge returns one for a goroutine.
func (r *Replay) judge() *judge {
	j := &judge{
		after: r.After.Clone(), share: r.Plan.Asked.Share, maxValue: r.Config.Worker.MaxValueBytes,
		large: &r.large, log: r.Log,
	}
	if r.Before != nil {
		j.before = r.Before.Clone()
	}
	return j
}

// segment judges one.
func (r *Replay) segment(ctx context.Context, s Segment, j *judge) error {
	receipt := &Receipt{Topic: s.Topic, Partition: s.Partition, From: s.From, To: s.To, Dead: map[string]int{}}
	if r.Before != nil {
		receipt.Before = &Counts{}
	}
	return s.write(r.Dir, receipt, func(each func(*Outcome) error) error {
		next := s.From // the first offset that is not accounted for
		for got, err := range r.fetches(ctx, s) {
			if err != nil {
				return err
			}
			for !got.used {
				batch, err := got.read()
				if err != nil {
					return err
				}
				flagged := receipt.After.Flagged
				for i := range batch.Records {
					if batch.Records[i].Offset > s.To {
						break
					}
					if o := j.record(&batch.Records[i], s, receipt); o != nil {
						if err := each(o); err != nil {
							return err
						}
					}
				}
				r.Seen.Flags.Add(int64(receipt.After.Flagged - flagged))
				if after := min(batch.To, s.To) + 1; after > next {
					r.Seen.Offsets.Add(after - next)
					next = after
				}
			}
		}
		receipt.Absent = int(s.To-s.From+1) - receipt.Offsets()
		return ctx.Err()
	})
}

// errOtherLog is a log that does not reach as far as when the plan was made.
var errOtherLog = errors.New("the log no longer reaches that far: was the topic made anew? Begin another replay, in another directory")

func (s Segment) beyond() error {
	return fmt.Errorf("%s/%d, offsets %d to %d: %w", s.Topic, s.Partition, s.From, s.To, errOtherLog)
}
