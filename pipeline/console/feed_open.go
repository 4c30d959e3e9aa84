package console

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// Opened is one record of the routing topic, read again to be looked at: a flag
// or a retraction, the other being nil.
type Opened struct {
	Entry      *Entry
	Flag       *flag.Flag
	Retraction *flag.Retraction
	// Fate is what became of a flag since.
	Fate Fate
	// Evidence are the words behind a flag.
	Evidence Evidence
}

// Fate is what later records of the same key say of a flag.
type Fate struct {
	// Retracted is the reason of a retraction, Replaced says that the same event
	// was judged anew; Offset is the place of either, on the flag's partition.
	Retracted string
	Replaced  bool
	Offset    int64
	// Complete says that all later records were looked at.
	Complete bool
}

// Evidence is what the evidence topic holds of a flag.
type Evidence struct {
	// Off says that no such topic is configured.
	Off bool
	// State is that of the topic; with Reading and no Quotes, there are none
	// under the flag's id where they were looked for.
	State  State
	Quotes []flag.Quote
}

// Bounds of a look behind one flag.
const (
	openPatience = 3 * time.Second
	maxLater     = 20_000
	// mostLooks is how many flags are looked behind at a time.
	mostLooks = 4
	// evidenceEarlier is how long before its flag evidence may have been written,
	// by another machine's clock.
	evidenceEarlier = 15 * time.Minute
)

// errEnough ends a scan.
var errEnough = errors.New("enough was read")

// open reads the record at a place. Its error is errStrange, a
// *pipeline.GoneError, or one of the cluster's.
func (f *Feed) open(ctx context.Context, partition int, offset int64) (*Opened, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*openTimeout)
	defer cancel()
	select {
	case f.looks <- struct{}{}:
		defer func() { <-f.looks }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	record, err := pipeline.RecordAt(ctx, f.cluster, f.cfg.Topics.Flags, partition, offset)
	if err != nil {
		return nil, err
	}
	entry, err := readEntry(partition, &kafka.Record{Offset: offset, Timestamp: record.Origin.Timestamp, Value: record.Value})
	if err != nil {
		return nil, err
	}
	o := &Opened{Entry: entry}
	if entry.Retraction != "" {
		o.Retraction, err = flag.ParseRetraction(record.Value)
		return o, err
	}
	if o.Flag, err = flag.Parse(record.Value); err != nil {
		return nil, err
	}
	o.Fate = f.fate(ctx, o.Flag, &record)
	o.Evidence = f.evidence(ctx, o.Flag, &record)
	return o, nil
}

// fate looks at what was written behind a flag under its key. What cannot be
// read leaves the fate incomplete.
func (f *Feed) fate(ctx context.Context, of *flag.Flag, record *event.Record) (fate Fate) {
	n := 0
	err := f.scan(ctx, f.cfg.Topics.Flags, record.Origin.Partition, record.Origin.Offset+1, &n, func(r *kafka.Record) error {
		if !bytes.Equal(r.Key, record.Key) {
			return nil
		}
		if later, err := flag.Parse(r.Value); err == nil && later.Event.Source == of.Event.Source && later.Event.ID == of.Event.ID {
			fate = Fate{Replaced: later.ID != of.ID, Offset: r.Offset}
		}
		if later, err := flag.ParseRetraction(r.Value); err == nil && later.Retracts == of.ID {
			fate = Fate{Retracted: clip(later.Reason), Offset: r.Offset}
		}
		return nil
	})
	fate.Complete = err == nil
	return fate
}

// scan gives records of a partition to each, from an offset on, until maxLater
// were read in all, which n counts. Its error is errEnough where there are more.
func (f *Feed) scan(ctx context.Context, topic string, partition int, from int64, n *int, each func(*kafka.Record) error) error {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	_, err := f.cluster.Scan(ctx, topic, partition, from, func(r *kafka.Record) error {
		if *n++; *n > maxLater {
			return errEnough
		}
		return each(r)
	})
	return err
}

// errFound ends a scan that has found what it looked for.
var errFound = errors.New("found")

// evidence looks for the words behind a flag: first where its key is written,
// then on the other partitions, as the topic may have grown since.
func (f *Feed) evidence(ctx context.Context, of *flag.Flag, record *event.Record) Evidence {
	topic := f.cfg.Topics.Evidence
	if topic == "" {
		return Evidence{Off: true}
	}
	var quotes []flag.Quote
	err := f.findEvidence(ctx, record, func(r *kafka.Record) error {
		if !bytes.Equal(r.Key, record.Key) {
			return nil
		}
		if e, err := flag.ParseEvidence(r.Value); err == nil && e.Flag.ID == of.ID {
			quotes = e.Quotes
			return errFound
		}
		return nil
	})
	if errors.Is(err, errFound) || errors.Is(err, errEnough) {
		err = nil
	}
	return Evidence{State: stateOf(topic, err), Quotes: quotes}
}

func (f *Feed) findEvidence(ctx context.Context, record *event.Record, each func(*kafka.Record) error) error {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	topic := f.cfg.Topics.Evidence
	if err := f.cluster.CheckRights(ctx, []kafka.Right{kafka.OnTopic(kafka.Read, topic)}); err != nil {
		return err
	}
	counts, err := f.cluster.Partitions(ctx, []string{topic})
	if err != nil {
		return err
	}
	if counts[topic] == 0 {
		return kafka.ErrMissingTopic
	}
	after := time.UnixMilli(record.Origin.Timestamp).Add(-evidenceEarlier)
	first := kafka.PartitionOf(record.Key, counts[topic])
	read := 0
	for i := range counts[topic] {
		p := (first + i) % counts[topic]
		from, found, err := f.cluster.OffsetAt(ctx, topic, p, after)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if err := f.scan(ctx, topic, p, from, &read, each); err != nil {
			return err
		}
	}
	return nil
}
