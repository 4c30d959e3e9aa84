package console

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// tail reads the end of a topic and what comes after, all partitions in turn,
// without a group: it commits nothing.
type tail struct {
	cluster *kafka.Cluster
	topic   string
	// least and most bound how many records of the past are read in all, at least
	// and at most, and since is how old those between may be.
	least, most int64
	since       time.Duration
	// watch is how often the partitions are counted again.
	watch time.Duration
	// room is the largest record that is read.
	room int64
	// parse makes of a record what is done when its turn comes.
	parse func(partition int, r *kafka.Record) (do func())
	now   func() time.Time

	parts []*kafka.Partition
	// next is the partition to begin a round with: the one after the last that
	// failed, so that one that nobody leads does not keep the others from being read.
	next   int
	looked time.Time
	// complete is the time from which on everything was read, zero where that is
	// not known yet.
	complete time.Time
	// cut holds, by partition, that not all since since was read.
	cut map[int]bool
}

// arrival is what came with one record.
type arrival struct {
	partition int
	// at is the record's time, in milliseconds.
	at int64
	do func()
}

// openTimeout bounds how long a topic is asked for before the page says that
// nobody answers.
const openTimeout = 5 * time.Second

// read returns what came since the last call, in order of time, at most
// readBytes of a partition as stored; more says that there is more already.
// Beside an error it returns what came before that.
func (t *tail) read(ctx context.Context) (arrivals []arrival, more bool, err error) {
	if err := t.open(ctx); err != nil {
		return nil, false, err
	}
	for i := range t.parts {
		p := (t.next + i) % len(t.parts)
		fetched, failed := t.parts[p].Fetch(ctx, readBytes, nil)
		if failed != nil {
			t.next, t.looked, err = p+1, time.Time{}, failed
			break
		}
		more = more || fetched.Next < fetched.HighWatermark
		arrivals = t.take(arrivals, p, fetched)
	}
	slices.SortStableFunc(arrivals, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
	for _, a := range arrivals {
		if t.cut[a.partition] {
			delete(t.cut, a.partition)
			if at := time.UnixMilli(a.at); at.After(t.complete) {
				t.complete = at
			}
		}
	}
	return arrivals, more, err
}

// take parses what a fetch brought, a part at a time: of what it decompresses to
// little is in memory.
func (t *tail) take(arrivals []arrival, partition int, fetched *kafka.Fetched) []arrival {
	for {
		b, err := fetched.Read(kafka.Limit{Bytes: partBytes})
		if err != nil { // used up
			return arrivals
		}
		for i := range b.Records {
			if r := &b.Records[i]; !r.Control {
				arrivals = append(arrivals, arrival{partition, r.Timestamp, t.parse(partition, r)})
			}
		}
	}
}

// readBytes is how much a fetch asks for, as stored, partBytes how much of it is
// decompressed at a time.
const (
	readBytes = 256 << 10
	partBytes = 1 << 20
)

// open looks now and then which partitions there are, and opens those that are
// new: at first near their ends, later from their starts.
func (t *tail) open(ctx context.Context) error {
	if t.now().Sub(t.looked) < t.watch {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if t.parts == nil {
		if err := t.cluster.CheckRights(ctx, []kafka.Right{kafka.OnTopic(kafka.Read, t.topic)}); err != nil {
			return err
		}
	}
	counts, err := t.cluster.Partitions(ctx, []string{t.topic})
	if err != nil {
		return err
	}
	n := counts[t.topic]
	if n == 0 {
		t.parts = nil
		return fmt.Errorf("%w: %s", kafka.ErrMissingTopic, t.topic)
	}
	if t.parts == nil {
		t.complete, t.cut = t.now().Add(-t.since), make(map[int]bool)
		var parts []*kafka.Partition
		for p := range n {
			offset, err := t.begin(ctx, p, int64(n))
			if err != nil {
				return err
			}
			parts = append(parts, t.from(p, offset))
		}
		t.parts = parts
	}
	for p := len(t.parts); p < n; p++ {
		t.parts = append(t.parts, t.from(p, -1))
	}
	t.parts = t.parts[:n]
	t.looked = t.now()
	return nil
}

// begin is the offset to begin with in one of n partitions.
func (t *tail) begin(ctx context.Context, partition int, n int64) (int64, error) {
	first, end, err := t.cluster.Bounds(ctx, t.topic, partition)
	if err != nil {
		return 0, err
	}
	since, found, err := t.cluster.OffsetAt(ctx, t.topic, partition, t.now().Add(-t.since))
	if err != nil {
		return 0, err
	}
	if !found {
		since = end
	}
	least, most := end-(t.least+n-1)/n, end-t.most/n
	t.cut[partition] = since < most
	return max(first, min(max(since, most), least)), nil
}

func (t *tail) from(partition int, offset int64) *kafka.Partition {
	return t.cluster.Open(kafka.Assignment{Topic: t.topic, Partition: partition, Offset: offset},
		kafka.Reading{Policy: config.Earliest, MaxWait: 10 * time.Millisecond, MaxRecord: t.room})
}
