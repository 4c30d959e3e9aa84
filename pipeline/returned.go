package pipeline

import (
	"context"
	"errors"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// returned is what the input topics show of letters that were sent back.
type returned struct {
	cluster *kafka.Cluster
	// counts are the partitions of the input topics.
	counts map[string]int
	// origins holds the places at which records died that were sent back since.
	origins map[string]bool
	// next is how far each partition was read, holes where it began too late.
	next, holes map[spot]int64
}

func newReturned(cluster *kafka.Cluster) *returned {
	return &returned{
		cluster: cluster, origins: make(map[string]bool),
		next: make(map[spot]int64), holes: make(map[spot]int64),
	}
}

// target is the partition that a letter goes back to: its own, so that what a
// case file's events are judged by stays in one partition; where its topic was
// made anew with fewer, one of those that are left.
func (r *returned) target(l *Letter) spot {
	at := spot{l.Origin.Topic, l.Origin.Partition}
	if n := r.counts[at.topic]; n > 0 {
		at.partition %= n
	}
	return at
}

// look reads the partitions that letters go back to, on from where it ended
// last time. Letters stand in order of origin.
func (r *returned) look(ctx context.Context, topics []string, letters []*Letter) (err error) {
	if len(topics) == 0 {
		return nil
	}
	if r.counts, err = r.cluster.Partitions(ctx, topics); err != nil {
		return err
	}
	done := make(map[spot]bool)
	for _, l := range letters {
		at := r.target(l)
		if done[at] || r.counts[at.topic] == 0 {
			continue
		}
		done[at] = true
		if err := r.read(ctx, at, l); err != nil {
			return err
		}
	}
	return nil
}

// read reads one partition, whose first letter is l.
func (r *returned) read(ctx context.Context, at spot, l *Letter) error {
	from, again := r.next[at]
	if !again {
		var err error
		if from, err = r.start(ctx, at, l); err != nil {
			return err
		}
	}
	first, err := r.cluster.Scan(ctx, at.topic, at.partition, from, func(record *kafka.Record) error {
		if origin, _ := marks(record.Headers); origin != "" {
			r.origins[origin] = true
		}
		r.next[at] = record.Offset + 1
		return nil
	})
	if !again {
		r.holes[at] = first
	}
	return err
}

// start is the offset behind the record that died as letter l, which what was
// sent back stands behind, or the start of the log (negative) where that
// record is no longer there or the topic is another one by now.
func (r *returned) start(ctx context.Context, at spot, l *Letter) (int64, error) {
	o := &l.Origin
	if at.partition != o.Partition {
		return -1, nil
	}
	record, err := r.cluster.ReadAt(ctx, o.Topic, o.Partition, o.Offset)
	switch {
	case errors.Is(err, kafka.ErrNoRecord):
		return -1, nil
	case err != nil:
		return 0, err
	case record.Timestamp != o.Timestamp:
		return -1, nil
	}
	return o.Offset + 1, nil
}

// shows reports whether the partition still holds all that came after letter l.
func (r *returned) shows(l *Letter) bool {
	at := r.target(l)
	return at.partition != l.Origin.Partition || r.holes[at] <= l.Origin.Offset+1
}
