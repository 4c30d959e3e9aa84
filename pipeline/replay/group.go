package replay

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// RunGroup judges the plan together with other machines: each is a member of
// the group, judges the partitions that it is given into its own directory, and
// commits behind each segment that stands there. It returns when all of the plan
// is judged, by whomever: a member that has nothing left to do stays, to take
// over from one that dies.
func (r *Replay) RunGroup(ctx context.Context, name string) error {
	var topics []string
	for _, rg := range r.Plan.Ranges {
		if !slices.Contains(topics, rg.Topic) {
			topics = append(topics, rg.Topic)
		}
	}
	cfg := r.Config.Group
	cfg.ID = name
	group, err := r.Cluster.Join(&cfg, topics)
	if err != nil {
		return err
	}
	defer group.Close()
	for tries := 0; ; {
		gen, err := group.Next(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			if tries++; tries == fetchTries || errors.Is(err, kafka.ErrDenied) {
				return err
			}
			r.Log.Warn().Err(err).Int("tries", tries).Msg("the group could not be joined; trying again")
			if err := wait(ctx, time.Second); err != nil {
				return err
			}
			continue
		}
		tries = 0
		done, err := r.generation(ctx, name, gen)
		if done || err != nil {
			return err
		}
	}
}

// generation works until all is judged, or the generation or ctx ends.
func (r *Replay) generation(ctx context.Context, name string, gen *kafka.Generation) (done bool, err error) {
	ended := make(chan error, 1)
	gen.Start(func(generation context.Context) {
		working, stop := context.WithCancel(ctx)
		defer stop()
		defer context.AfterFunc(generation, stop)()
		err := r.share(working, gen)
		for err == nil {
			if done, err = r.committed(working, name); done {
				break
			}
			if err == nil {
				err = wait(working, time.Second)
			}
		}
		if generation.Err() != nil && ctx.Err() == nil {
			err = nil // somebody came or went; whoever has the partitions now goes on
		}
		ended <- err
	})
	return done, <-ended
}

// share judges what is left of the partitions of a generation.
func (r *Replay) share(ctx context.Context, gen *kafka.Generation) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan kafka.Assignment)
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			j := r.judge()
			for a := range queue {
				if err := r.assigned(ctx, gen, a, j); err != nil {
					stop(err)
				}
			}
		})
	}
feed:
	for _, a := range gen.Assignments {
		select {
		case queue <- a:
		case <-ctx.Done():
			break feed
		}
	}
	close(queue)
	working.Wait()
	return context.Cause(ctx)
}

// assigned judges what is left of one partition, in order, and commits behind
// each segment.
func (r *Replay) assigned(ctx context.Context, gen *kafka.Generation, a kafka.Assignment, j *judge) error {
	for _, rg := range r.Plan.Ranges {
		if rg.Topic != a.Topic || rg.Partition != a.Partition {
			continue
		}
		for _, s := range rg.segments(r.Plan.Segment) {
			if s.To < a.Offset {
				continue // judged, here or elsewhere
			}
			if s.done(r.Dir) {
				r.Seen.Offsets.Add(s.To - s.From + 1)
			} else if err := r.segment(ctx, s, j); err != nil {
				return err
			}
			if err := r.commit(ctx, gen, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// commit says that a segment stands in the directory.
func (r *Replay) commit(ctx context.Context, gen *kafka.Generation, s Segment) error {
	for tries := 1; ; tries++ {
		err := gen.Commit(ctx, s.Topic, s.Partition, s.To+1)
		if err == nil || tries == fetchTries || !errors.Is(err, kafka.ErrAgain) || errors.Is(err, kafka.ErrDenied) {
			return err
		}
		r.Log.Warn().Err(err).Str("topic", s.Topic).Int("partition", s.Partition).Int("tries", tries).Msg("committing failed; trying again")
		if err := wait(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

// committed reports whether the group has committed all of the plan.
func (r *Replay) committed(ctx context.Context, name string) (bool, error) {
	for _, rg := range r.Plan.Ranges {
		if rg.From == rg.End {
			continue
		}
		offset, err := r.Cluster.Committed(ctx, name, rg.Topic, rg.Partition)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			r.Log.Warn().Err(err).Msg("how far the others are is not known; asking again")
			return false, nil
		}
		if offset < rg.End {
			return false, nil
		}
	}
	return true, nil
}

// Here returns how many of a plan's segments stand in a directory, and how many
// there are.
func (p *Plan) Here(dir string) (n, of int) {
	of = len(p.Segments())
	return of - len(p.missing(dir)), of
}
