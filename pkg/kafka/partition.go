package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
)

// ErrOutOfRange says that the offset to read from is not in the log and that
// the configured policy is to stop.
var ErrOutOfRange = errors.New("the committed offset is no longer in the log")

// Partition reads one partition in order. It reads by single fetches instead
// of through kafka-go's Reader: bytes held are then known to the caller, and
// so are the end of the log, control markers and every jump of the offset. It
// is for one goroutine at a time.
type Partition struct {
	cluster *Cluster
	topic   string
	id      int
	policy  string
	maxWait time.Duration
	room    int64
	// next is the offset to ask for.
	next int64
	// grow multiplies what a fetch asks for while a batch does not fit.
	grow int
	// damaged counts how often the batch at next came with a wrong checksum.
	damaged int
}

// Reading says how a partition is read.
type Reading struct {
	// Policy is one of config.Group.OnOutOfRange.
	Policy string
	// MaxWait is how long the broker may hold a fetch when there is nothing new.
	MaxWait time.Duration
	// MaxRecord is how many bytes of one record are taken into memory at most;
	// of a larger value only size and sum.
	MaxRecord int64
}

// Open returns a reader of a partition from the offset of its assignment on, a
// negative one meaning the start of the log.
func (c *Cluster) Open(a Assignment, r Reading) *Partition {
	return &Partition{
		cluster: c, topic: a.Topic, id: a.Partition, policy: r.Policy, maxWait: r.MaxWait,
		room: r.MaxRecord, next: a.Offset, grow: 1,
	}
}

// Topic returns the topic read.
func (p *Partition) Topic() string { return p.topic }

// errNoProgress is a fetch that brought nothing though the log goes on.
var errNoProgress = errors.New("the broker returned no whole batch though the log goes on")

// damagedTries is how often a batch with a wrong checksum is asked for before
// its records count as damaged: the fault may be on the way, or of one replica.
const damagedTries = 5

// Fetch asks for up to maxBytes as stored and returns what came, which may be
// nothing. The broker sends at least one whole batch, however large: before it
// takes more memory than maxBytes, Fetch asks grant, unless nil, for the rest.
// An error can be tried again, except one that wraps [ErrOutOfRange].
func (p *Partition) Fetch(ctx context.Context, maxBytes int, grant func(n int64) error) (*Fetched, error) {
	if p.next < 0 {
		first, _, err := p.bounds(ctx)
		if err != nil {
			return nil, err
		}
		p.next = first
	}
	a, err := p.fetch(ctx, maxBytes, grant)
	switch {
	case errors.Is(err, kafkago.OffsetOutOfRange):
		return p.outOfRange(ctx, err)
	case err != nil:
		return nil, err
	}
	f := &Fetched{From: p.next, at: p.next, HighWatermark: a.end, Stored: int64(len(a.batches)), room: p.room}
	f.left, f.Next, err = a.batches.sound(p.next)
	switch {
	case errors.Is(err, errDamaged):
		if p.damaged++; p.damaged < damagedTries {
			return nil, p.wrap(err)
		}
		first, _, _ := a.batches.whole()
		f.damaged, f.to = true, first.last()
		f.Next = f.to + 1
	case err != nil:
		return nil, p.wrap(err)
	case len(f.left) == 0 && p.next < a.end:
		p.grow = min(2*p.grow, 1024)
		return nil, p.wrap(errNoProgress)
	}
	f.First, f.Last = f.left.span()
	p.next, p.grow, p.damaged = f.Next, 1, 0
	return f, nil
}

func (p *Partition) wrap(err error) error {
	return fmt.Errorf("reading %s/%d: %w", p.topic, p.id, named(err, OnTopic(Read, p.topic)))
}

// outOfRange applies the policy to the offset that is not in the log.
func (p *Partition) outOfRange(ctx context.Context, why error) (*Fetched, error) {
	first, last, err := p.bounds(ctx)
	if err != nil {
		return nil, err
	}
	f := &Fetched{From: p.next, at: p.next, HighWatermark: last}
	switch {
	case first <= p.next && p.next <= last:
		// Whoever answered was behind, as a new leader can be: jumping now would
		// read the whole log again.
		return nil, why
	case p.policy == config.Fail:
		return nil, p.wrap(fmt.Errorf("%w: expected %d, the log holds %d to %d", ErrOutOfRange, p.next, first, last-1))
	case p.policy == config.Latest:
		p.next = last
	default:
		p.next = first
	}
	f.Next = p.next
	if p.policy == config.Latest || f.Next < f.From {
		f.Reset, f.Expected, f.From, f.at = true, f.From, f.Next, f.Next
		return f, nil
	}
	// Otherwise retention was quicker than the group.
	f.Removed = f.Next - f.From
	return f, nil
}

// bounds asks the leader for the first offset of the log and the one after the last.
func (p *Partition) bounds(ctx context.Context) (first, last int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := p.cluster.client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{
		Topics: map[string][]kafkago.OffsetRequest{p.topic: {kafkago.FirstOffsetOf(p.id), kafkago.LastOffsetOf(p.id)}},
	})
	if err != nil {
		return 0, 0, p.wrap(err)
	}
	for _, o := range resp.Topics[p.topic] {
		if o.Partition == p.id {
			if o.Error != nil {
				return 0, 0, p.wrap(o.Error)
			}
			return o.FirstOffset, o.LastOffset, nil
		}
	}
	return 0, 0, p.wrap(kafkago.UnknownTopicOrPartition)
}
