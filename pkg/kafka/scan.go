package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/vigie-project/vigie/pkg/config"
)

// maxTries is how often in a row a command may fail to read or write.
const maxTries = 20

// scanBytes is how much a fetch of a scan asks for, and about how much of it is
// decoded at a time; largestRecord is the largest record that commands read.
const (
	scanBytes     = 1 << 20
	largestRecord = 256 << 20
)

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
	for p.next < end { // also where no record follows
		var f *Fetched
		err := again(ctx, canPass, func() (err error) {
			f, err = p.Fetch(ctx, scanBytes, nil)
			return err
		})
		if err == nil {
			err = f.each(end, each)
		}
		if err != nil {
			return first, err
		}
	}
	return first, nil
}

// each gives the records before end to fn. One that is damaged ends it.
func (f *Fetched) each(end int64, fn func(*Record) error) error {
	for {
		b, err := f.Read(Limit{Bytes: scanBytes})
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i := range b.Records {
			r := &b.Records[i]
			switch {
			case r.Offset >= end:
				return nil
			case r.Damaged:
				return fmt.Errorf("offset %d: %w", r.Offset, errDamaged)
			case r.Control:
				continue
			}
			if err := fn(r); err != nil {
				return err
			}
		}
	}
}

// open returns a reader of a partition for a command.
func (c *Cluster) open(topic string, partition int, offset int64, policy string) *Partition {
	return c.Open(Assignment{Topic: topic, Partition: partition, Offset: offset},
		Reading{Policy: policy, MaxWait: 100 * time.Millisecond, MaxRecord: largestRecord})
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
	none := fmt.Errorf("%s/%d/%d: %w", topic, partition, offset, ErrNoRecord)
	var f *Fetched
	err := again(ctx, canPass, func() (err error) {
		f, err = p.Fetch(ctx, 1, nil)
		return err
	})
	switch {
	case errors.Is(err, ErrOutOfRange):
		return nil, none
	case err != nil:
		return nil, err
	}
	// A fetch brings whole batches; where nothing stands at the offset it
	// brings what follows.
	b, err := f.Read(Limit{Records: 1})
	if err != nil || len(b.Records) == 0 || b.Records[0].Offset != offset || b.Records[0].Control {
		return nil, none
	}
	return &b.Records[0], nil
}
