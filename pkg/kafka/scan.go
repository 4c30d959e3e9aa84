package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vigie-project/vigie/pkg/config"
)

// maxTries is how often in a row a command may fail to read or write.
const maxTries = 20

// scanBytes is how much a fetch of a scan asks for.
const scanBytes = 1 << 20

// ErrNoRecord says that an offset holds no record (any more).
var ErrNoRecord = errors.New("no record stands at this offset")

// Scan gives every record of a partition to each, in order, from offset from
// on (a negative one: the start of the log) to the end of the log as it is
// when the scan begins. first is where it really began: later than from where
// the log no longer holds what was there. It ends at the first error of each.
func (c *Cluster) Scan(ctx context.Context, topic string, partition int, from int64, each func(*Record) error) (first int64, err error) {
	var end int64
	err = again(ctx, canPass, func() (err error) {
		first, end, err = c.open(topic, partition, from, config.Earliest).bounds(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	first = max(first, from)
	p := c.open(topic, partition, first, config.Earliest)
	for p.at < end { // also where no record follows
		var f Fetched
		err := again(ctx, canPass, func() (err error) {
			f, err = p.Fetch(ctx, scanBytes)
			return err
		})
		if err != nil {
			return first, err
		}
		for i := range f.Records {
			if r := &f.Records[i]; r.Offset < end && !r.Control {
				if err := each(r); err != nil {
					return first, err
				}
			}
		}
	}
	return first, nil
}

// open returns a reader of a partition for a command.
func (c *Cluster) open(topic string, partition int, offset int64, policy string) *Partition {
	return c.Open(Assignment{Topic: topic, Partition: partition, Offset: offset}, policy, 100*time.Millisecond)
}

// again tries what try does until it succeeds, ctx ends, or its error is none
// that passes.
func again(ctx context.Context, passes func(error) bool, try func() error) error {
	for tries := 1; ; tries++ {
		err := try()
		if err == nil || tries == maxTries || !passes(err) || pause(ctx, 200*time.Millisecond) != nil {
			return err
		}
	}
}

// canPass reports whether reading again has sense.
func canPass(err error) bool {
	return !errors.Is(err, ErrDenied) && !errors.Is(err, ErrOutOfRange)
}

// ReadAt returns the record at one offset. Its error wraps [ErrNoRecord] where
// the log does not hold it.
func (c *Cluster) ReadAt(ctx context.Context, topic string, partition int, offset int64) (*Record, error) {
	p := c.open(topic, partition, offset, config.Fail)
	var f Fetched
	err := again(ctx, canPass, func() (err error) {
		f, err = p.Fetch(ctx, 1)
		return err
	})
	if err != nil && !errors.Is(err, ErrOutOfRange) {
		return nil, err
	}
	// A fetch brings whole batches; where nothing stands at the offset it
	// brings what follows.
	if len(f.Records) == 0 || f.Records[0].Offset != offset || f.Records[0].Control {
		return nil, fmt.Errorf("%s/%d/%d: %w", topic, partition, offset, ErrNoRecord)
	}
	return &f.Records[0], nil
}
