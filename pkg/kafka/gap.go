package kafka

import (
	"context"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// skip handles a fetch without a record to read. At the end of the log there
// is nothing to do. Otherwise either no whole batch fitted, and more is asked
// for next time, or compaction took the last records of a batch, or all of
// them: asking for the same offset would bring the same batch for ever.
func (p *Partition) skip(ctx context.Context, lastBase, end int64) error {
	switch {
	case p.at >= end:
		return nil
	case lastBase == noBatch:
		p.grow = min(2*p.grow, 1024)
		return p.wrap(errNoProgress)
	}
	next, err := p.after(ctx, lastBase, end)
	if err != nil {
		return err
	}
	p.at = next
	return nil
}

// after returns the first offset that does not belong to the batch of base
// offset base, or end. A batch says in its header where it ends, but kafka-go
// drops that field, so the end is searched for: a fetch at an offset returns
// the batch that holds it, or the next one.
func (p *Partition) after(ctx context.Context, base, end int64) (int64, error) {
	inside := max(p.at, base)
	outside := inside + 1
	for step := int64(1); outside < end; step *= 2 {
		next, err := p.baseAt(ctx, outside)
		if err != nil {
			return 0, err
		}
		if next > base {
			break
		}
		inside, outside = outside, min(outside+2*step, end)
	}
	for outside-inside > 1 {
		middle := inside + (outside-inside)/2
		next, err := p.baseAt(ctx, middle)
		if err != nil {
			return 0, err
		}
		if next > base {
			outside = middle
		} else {
			inside = middle
		}
	}
	return outside, nil
}

// baseAt returns the base offset of the first batch that a fetch at offset
// brings; it asks for one byte, and gets one whole batch.
func (p *Partition) baseAt(ctx context.Context, offset int64) (int64, error) {
	resp, err := p.fetch(ctx, offset, 1, 10*time.Millisecond)
	if err != nil {
		return 0, err
	}
	defer discard(resp.Records)
	if stream, ok := resp.Records.(*protocol.RecordStream); ok {
		if b, ok := stream.Records[0].(interface{ Offset() int64 }); ok {
			return b.Offset(), nil
		}
	}
	return 0, p.wrap(errNoProgress)
}

// discard gives the pages of unread records back to the client's pool.
func discard(records kafkago.RecordReader) {
	_, _ = collect(records, 0, &Fetched{})
}
