package console

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// Figures are what the feed knows beside single flags.
type Figures struct {
	// Version is another one after every change.
	Version uint64
	// Minutes are the last hour, the oldest first; the last one is not over yet.
	// Hour is their sum.
	Minutes []Minute
	Hour    Minute
	// At is the time that they are of.
	At time.Time
	// FlagsSince and ReceiptsSince are the times from which on the figures of
	// flags and of events are complete.
	FlagsSince, ReceiptsSince time.Time
	// Strange counts values that are not what their topic is for, Repeated flags
	// that were written again, since the start.
	Strange, Repeated int
	// Lag is by input topic, in the configuration's order; Letters is how many
	// dead letters are kept.
	Lag     []Lag
	Letters int64
	// How it stands with what is read.
	FlagsState, ReceiptsState, LagState, LettersState State
}

// Lag is how much of an input topic the group has not accounted for.
type Lag struct {
	Topic string
	// Missing says that the topic does not exist.
	Missing bool
	// Records is the number of offsets, and Behind that of partitions that hold
	// some, of all its Partitions.
	Records            int64
	Behind, Partitions int
}

// Figures returns the figures of now.
func (f *Feed) Figures() Figures {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.figures
	g.At = f.now()
	g.Minutes = f.counters.series(g.At)
	for i := range g.Minutes {
		g.Hour.add(&g.Minutes[i])
	}
	return g
}

// look looks now and then at the group's lag and the dead letters, until ctx ends.
func (f *Feed) look(ctx context.Context) {
	for ctx.Err() == nil {
		lag, lagErr := f.lag(ctx)
		letters, lettersErr := f.letters(ctx)
		if ctx.Err() != nil {
			return
		}
		g := &f.figures
		lagNow, lettersNow := stateOf(f.cfg.Group.ID, lagErr), stateOf(f.cfg.Topics.DeadLetter, lettersErr)
		var lagBefore, lettersBefore State
		f.mu.Lock()
		lagBefore, lettersBefore = g.LagState, g.LettersState
		news := !lagBefore.same(lagNow) || !lettersBefore.same(lettersNow) || g.Letters != letters || !slices.Equal(g.Lag, lag)
		g.Lag, g.LagState, g.Letters, g.LettersState = lag, lagNow, letters, lettersNow
		if news {
			f.broadcast()
		}
		f.mu.Unlock()
		f.report(lagBefore, lagNow, lagErr)
		f.report(lettersBefore, lettersNow, lettersErr)
		pause(ctx, f.tempo.look)
	}
}

// lag asks how far the group has come in each input topic. It takes the right
// to describe them, none to read.
func (f *Feed) lag(ctx context.Context) ([]Lag, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*openTimeout)
	defer cancel()
	group, inputs := f.cfg.Group.ID, f.cfg.Topics.Inputs
	rights := []kafka.Right{kafka.OnGroup(kafka.Describe, group)}
	for _, topic := range inputs {
		rights = append(rights, kafka.OnTopic(kafka.Describe, topic))
	}
	if err := f.cluster.CheckRights(ctx, rights); err != nil {
		return nil, err
	}
	counts, err := f.cluster.Partitions(ctx, inputs)
	if err != nil {
		return nil, err
	}
	var list []Lag
	for _, topic := range inputs {
		l := Lag{Topic: topic, Partitions: counts[topic], Missing: counts[topic] == 0}
		for p := range l.Partitions {
			n, err := f.unread(ctx, topic, p)
			if err != nil {
				return nil, err
			}
			if n > 0 {
				l.Records, l.Behind = l.Records+n, l.Behind+1
			}
		}
		list = append(list, l)
	}
	return list, nil
}

// unread is how many offsets of a partition the group has before it.
func (f *Feed) unread(ctx context.Context, topic string, partition int) (int64, error) {
	first, end, err := f.cluster.Bounds(ctx, topic, partition)
	if err != nil {
		return 0, err
	}
	committed, err := f.cluster.Committed(ctx, f.cfg.Group.ID, topic, partition)
	if err != nil {
		return 0, err
	}
	return max(0, end-max(committed, first)), nil
}

// letters counts the dead letters that are kept. It takes the right to describe
// their topic, none to read it: it holds what people wrote.
func (f *Feed) letters(ctx context.Context) (kept int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	topic := f.cfg.Topics.DeadLetter
	if err := f.cluster.CheckRights(ctx, []kafka.Right{kafka.OnTopic(kafka.Describe, topic)}); err != nil {
		return 0, err
	}
	counts, err := f.cluster.Partitions(ctx, []string{topic})
	if err != nil {
		return 0, err
	}
	if counts[topic] == 0 {
		return 0, fmt.Errorf("%w: %s", kafka.ErrMissingTopic, topic)
	}
	for p := range counts[topic] {
		first, end, err := f.cluster.Bounds(ctx, topic, p)
		if err != nil {
			return 0, err
		}
		kept += end - first
	}
	return kept, nil
}
