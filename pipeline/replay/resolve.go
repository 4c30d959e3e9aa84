package replay

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// NewPlan looks up the offsets of what is asked for. before is nil for a replay
// with one lexicon.
func NewPlan(ctx context.Context, c *kafka.Cluster, asked Asked, before *flag.Lexicon, after flag.Lexicon, now time.Time) (*Plan, error) {
	from, err := ParseBound(asked.From, now)
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	to, err := ParseBound(asked.To, now)
	if err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	p := &Plan{Version: planVersion, Asked: asked, Made: now.UTC(), Segment: segmentOffsets, Before: before, After: after}
	counts, err := c.Require(ctx, asked.Topics)
	if err != nil {
		return nil, err
	}
	for _, topic := range asked.Topics {
		for partition := range counts[topic] {
			if asked.Partitions != nil && !slices.Contains(asked.Partitions, partition) {
				continue
			}
			r := Range{Topic: topic, Partition: partition}
			first, end, err := c.Bounds(ctx, topic, partition)
			if err != nil {
				return nil, err
			}
			if r.From, err = from.in(ctx, c, topic, partition, first, end, first); err != nil {
				return nil, err
			}
			if r.End, err = to.in(ctx, c, topic, partition, first, end, end); err != nil {
				return nil, err
			}
			r.End = max(r.From, r.End)
			p.Ranges = append(p.Ranges, r)
		}
	}
	if len(p.Ranges) == 0 {
		return nil, fmt.Errorf("none of the topics has a partition of %v", asked.Partitions)
	}
	p.limit(asked.Limit)
	return p, nil
}

// limit shares n offsets out over the ranges, to each by its length, and lets
// each begin where it did.
func (p *Plan) limit(n int64) {
	total := p.Offsets()
	if n <= 0 || n >= total {
		return
	}
	left := n
	lengths := make([]int64, len(p.Ranges))
	for i, r := range p.Ranges {
		lengths[i] = r.End - r.From
		share := int64(float64(n) / float64(total) * float64(lengths[i]))
		p.Ranges[i].End = r.From + share
		left -= share
	}
	for i := 0; left > 0; i = (i + 1) % len(p.Ranges) {
		if r := &p.Ranges[i]; r.End-r.From < lengths[i] {
			r.End++
			left--
		}
	}
}
