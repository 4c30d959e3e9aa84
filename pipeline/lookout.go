package pipeline

import (
	"context"
	"slices"
	"time"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// look looks now and then at what the work itself does not show: partitions
// that nobody has, and how far the log has gone where this worker is held up.
// It ends with ctx.
func (w *Worker) look(ctx context.Context, cluster *kafka.Cluster) {
	ticker := time.NewTicker(w.cfg.Worker.WatchInterval)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		unowned, orphans, err := w.orphans(ctx, cluster)
		if err == nil {
			err = w.lookAhead(ctx, cluster)
		}
		if err != nil && !failing && ctx.Err() == nil {
			w.log.Warn().Err(err).Msg("looking at the group failed; trying again")
		}
		failing = err != nil
		w.unread.found(unowned, orphans)
	}
}

// orphans returns how many partitions nobody has, -1 beside an error, and what
// is unread in them. While the partitions are being shared out, each former
// owner still tells what is unread in its own.
func (w *Worker) orphans(ctx context.Context, cluster *kafka.Cluster) (int, map[spot]orphan, error) {
	topics, err := cluster.Partitions(ctx, w.cfg.Topics.Inputs)
	if err != nil {
		return -1, nil, err
	}
	owned, stable, err := cluster.Owned(ctx, w.cfg.Group.ID)
	if err != nil {
		return -1, nil, err
	}
	unowned, found := 0, make(map[spot]orphan)
	for topic, partitions := range topics {
		for p := range partitions {
			if slices.Contains(owned[topic], p) {
				continue
			}
			unowned++
			if !stable {
				continue
			}
			o, err := w.orphan(ctx, cluster, spot{topic, p})
			if err != nil {
				return -1, nil, err
			}
			if o.records > 0 {
				found[spot{topic, p}] = o
			}
		}
	}
	return unowned, found, nil
}

// orphan looks at one partition that nobody has. Its oldest unread record
// stays the same while nobody reads, so it is fetched once.
func (w *Worker) orphan(ctx context.Context, cluster *kafka.Cluster, at spot) (orphan, error) {
	first, last, err := cluster.Bounds(ctx, at.topic, at.partition)
	if err != nil {
		return orphan{}, err
	}
	next, err := cluster.Committed(ctx, w.cfg.Group.ID, at.topic, at.partition)
	if err != nil {
		return orphan{}, err
	}
	o := orphan{next: max(next, first)}
	if o.records = last - o.next; o.records <= 0 {
		return orphan{}, nil
	}
	if before, ok := w.unread.orphan(at); ok && before.next == o.next {
		o.oldest = before.oldest
		return o, nil
	}
	oldest, err := cluster.Stamp(ctx, at.topic, at.partition, o.next)
	if now := w.unread.now(); oldest.UnixMilli() <= 0 || oldest.After(now) {
		oldest = now
	}
	o.oldest = oldest
	return o, err
}

// lookAhead asks where the log ends of own partitions of which nothing has
// been heard for a while: nothing is fetched while a batch cannot be written.
func (w *Worker) lookAhead(ctx context.Context, cluster *kafka.Cluster) error {
	for at, p := range w.unread.each() {
		if !p.quiet(w.unread.now().Add(-w.cfg.Worker.WatchInterval)) {
			continue
		}
		_, end, err := cluster.Bounds(ctx, at.topic, at.partition)
		if err != nil {
			return err
		}
		p.ends(end, w.unread.now())
	}
	return nil
}
