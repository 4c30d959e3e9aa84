package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"github.com/vigie-project/vigie/pkg/config"
)

// ErrOutOfRange says that the offset to read from is not in the log and that
// the configured policy is to stop.
var ErrOutOfRange = errors.New("the committed offset is no longer in the log")

// Record is one record as stored. Control marks the end of a transaction: it
// takes an offset and carries nothing.
type Record struct {
	Offset int64
	// Timestamp in milliseconds since the Unix epoch.
	Timestamp  int64
	Key, Value []byte
	Headers    []kafkago.Header
	Control    bool
}

// Fetched is what one fetch brought, and what it accounts for: the offsets
// From to Next-1, of which those without a record are absent. Without records
// both are the offset that the next fetch will ask for.
type Fetched struct {
	From, Next int64
	Records    []Record
	// Bytes of keys and values, decompressed.
	Bytes int64
	// HighWatermark is the end of the log as the leader knew it.
	HighWatermark int64
	// Reset says that reading jumped: from where it expected to be (Expected)
	// to From. What lay between is in no Fetched.
	Reset    bool
	Expected int64
}

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
	// from is the next offset to account for; at the next to ask for.
	from, at int64
	// reset notes that from jumped, away from expected.
	reset    bool
	expected int64
	// grow multiplies what a fetch asks for while a batch does not fit.
	grow int
}

// Open returns a reader of a partition from offset on, a negative one meaning
// the start of the log. policy is one of config.Group.OnOutOfRange.
func (c *Cluster) Open(a Assignment, policy string, maxWait time.Duration) *Partition {
	return &Partition{
		cluster: c, topic: a.Topic, id: a.Partition, policy: policy, maxWait: maxWait,
		from: a.Offset, at: a.Offset, grow: 1,
	}
}

// Topic returns the topic read.
func (p *Partition) Topic() string { return p.topic }

// errNoProgress is a fetch that brought nothing though the log goes on.
var errNoProgress = errors.New("the broker returned no whole batch though the log goes on")

// Fetch asks for up to maxBytes as stored and returns what came, which may be
// nothing. The broker returns at least one whole batch, however large. An
// error can be tried again, except one that wraps [ErrOutOfRange].
func (p *Partition) Fetch(ctx context.Context, maxBytes int) (Fetched, error) {
	if p.at < 0 {
		first, _, err := p.bounds(ctx)
		if err != nil {
			return Fetched{}, err
		}
		p.from, p.at = first, first
	}
	resp, err := p.fetch(ctx, p.at, maxBytes*p.grow, p.maxWait)
	if errors.Is(err, kafkago.OffsetOutOfRange) {
		return Fetched{}, p.outOfRange(ctx)
	}
	if err != nil {
		return Fetched{}, err
	}
	f := Fetched{From: p.from, HighWatermark: resp.HighWatermark, Reset: p.reset, Expected: p.expected}
	lastBase, err := collect(resp.Records, p.at, &f)
	if err != nil && len(f.Records) == 0 {
		return Fetched{}, p.wrap(err)
	}
	if len(f.Records) == 0 {
		err := p.skip(ctx, lastBase, resp.HighWatermark)
		return Fetched{From: p.at, Next: p.at, HighWatermark: resp.HighWatermark}, err
	}
	f.Next = f.Records[len(f.Records)-1].Offset + 1
	p.from, p.at, p.reset, p.grow = f.Next, f.Next, false, 1
	return f, nil
}

// fetch does one request; the error of the partition becomes the call's.
func (p *Partition) fetch(ctx context.Context, offset int64, maxBytes int, wait time.Duration) (*kafkago.FetchResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, wait+callTimeout)
	defer cancel()
	resp, err := p.cluster.client.Fetch(ctx, &kafkago.FetchRequest{
		Topic: p.topic, Partition: p.id, Offset: offset,
		MinBytes: 1, MaxBytes: int64(maxBytes), MaxWait: wait,
	})
	if err == nil {
		err = resp.Error
	}
	if err != nil {
		return nil, p.wrap(err)
	}
	return resp, nil
}

func (p *Partition) wrap(err error) error {
	return fmt.Errorf("reading %s/%d: %w", p.topic, p.id, named(err, OnTopic(Read, p.topic)))
}

// noBatch is the base offset of a response without a batch.
const noBatch = -1

// collect copies the records from offset on into f; a response may begin with
// older ones of the same batch. It returns the base offset of the last batch.
// kafka-go's own stream leaves control batches out, so batches are walked here.
func collect(records kafkago.RecordReader, offset int64, f *Fetched) (lastBase int64, err error) {
	stream, ok := records.(*protocol.RecordStream)
	if !ok {
		return noBatch, nil
	}
	lastBase = noBatch
	for _, batch := range stream.Records {
		if b, ok := batch.(interface{ Offset() int64 }); ok {
			lastBase = b.Offset()
		}
		_, control := batch.(*protocol.ControlBatch)
		for {
			r, err := batch.ReadRecord()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return lastBase, err
			}
			record, err := copyRecord(r, control)
			if err != nil {
				return lastBase, err
			}
			if record.Offset >= offset {
				f.Records = append(f.Records, record)
				f.Bytes += int64(len(record.Key) + len(record.Value))
			}
		}
	}
	return lastBase, nil
}

// copyRecord takes key and value out of the client's pages, which go back to
// its pool, and keeps the difference between none and empty.
func copyRecord(r *kafkago.Record, control bool) (Record, error) {
	record := Record{Offset: r.Offset, Timestamp: r.Time.UnixMilli(), Headers: r.Headers, Control: control}
	for _, part := range []struct {
		from kafkago.Bytes
		to   *[]byte
	}{{r.Key, &record.Key}, {r.Value, &record.Value}} {
		if part.from == nil {
			continue
		}
		b, err := kafkago.ReadAll(part.from)
		part.from.Close()
		if err != nil {
			return Record{}, err
		}
		*part.to = b
	}
	return record, nil
}

// outOfRange applies the policy; nil means that the next fetch goes on.
func (p *Partition) outOfRange(ctx context.Context) error {
	first, last, err := p.bounds(ctx)
	if err != nil {
		return err
	}
	to := first
	switch p.policy {
	case config.Fail:
		return p.wrap(fmt.Errorf("%w: expected %d, the log holds %d to %d", ErrOutOfRange, p.at, first, last-1))
	case config.Latest:
		to = last
	}
	if p.policy == config.Earliest && to > p.from {
		// Retention was quicker than the group: those offsets are absent.
		p.at = to
		return nil
	}
	if !p.reset {
		p.reset, p.expected = true, p.from
	}
	p.from, p.at = to, to
	return nil
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
