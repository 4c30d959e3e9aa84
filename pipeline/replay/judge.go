package replay

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"runtime/debug"
	"sync"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// judge judges records by one lexicon or two. It is for one goroutine.
type judge struct {
	before, after *pipeline.Classifier // before is nil with one lexicon
	share         float64
	maxValue      int
	// large is held by whoever judges an event above pipeline.LargeValue.
	large *sync.Mutex
	log   zerolog.Logger
}

// record judges one record, counts it in r, and returns its outcome, nil where
// no side flags it.
func (j *judge) record(stored *kafka.Record, s Segment, r *Receipt) *Outcome {
	switch {
	case stored.Control:
		r.Markers++
		return nil
	case stored.Huge == nil && !stored.Damaged && len(stored.Value) == 0:
		r.Tombstones++
		return nil
	}
	if len(stored.Value) > pipeline.LargeValue {
		j.large.Lock()
		defer j.large.Unlock()
		defer j.renew()
	}
	o, err := j.read(stored, s, r)
	var permanent *event.PermanentError
	if errors.As(err, &permanent) {
		r.Dead[string(permanent.Class)]++
	}
	return o
}

// renew gives the memory of the classifiers back.
func (j *judge) renew() {
	j.after = j.after.Clone()
	if j.before != nil {
		j.before = j.before.Clone()
	}
}

// read decodes a record and judges it. Its error is an *event.PermanentError.
// As in the worker, a record that makes the program fail is a dead one.
func (j *judge) read(stored *kafka.Record, s Segment, r *Receipt) (o *Outcome, err error) {
	if permanent := pipeline.Unreadable(stored, j.maxValue); permanent != nil {
		return nil, permanent
	}
	defer func() {
		if failure := recover(); failure != nil {
			j.log.Error().Str("topic", s.Topic).Int("partition", s.Partition).Int64("offset", stored.Offset).
				Type("failure", failure).Bytes("stack", debug.Stack()).Msg("the program failed on a record; please report this")
			j.renew()
			o, err = nil, &event.PermanentError{Class: event.ClassData, Message: "the program failed on this record"}
		}
	}()
	record := pipeline.EventRecord(stored, s.Topic, s.Partition)
	doc, err := j.after.Decode(record)
	if err != nil {
		return nil, err
	}
	if !Sampled(doc.Source, doc.ID, j.share) {
		r.Left++
		return nil, nil
	}
	// Both before either is counted: the second may fail.
	after := j.after.Judge(doc)
	o = &Outcome{Origin: *record.Origin, Traceparent: after.Traceparent, After: after.Flag}
	if j.before != nil {
		before := j.before.Judge(doc)
		o.Before = before.Flag
		r.Before.count(before.Outcome)
	}
	r.After.count(after.Outcome)
	r.Repaired += after.Repaired
	if at := stored.Timestamp; at > 0 {
		if r.First == 0 || at < r.First {
			r.First = at
		}
		r.Last = max(r.Last, at)
	}
	if o.Before == nil && o.After == nil {
		return nil, nil
	}
	return o, nil
}

func (c *Counts) count(o pipeline.Outcome) {
	switch o {
	case pipeline.Flagged:
		c.Flagged++
	case pipeline.Skipped:
		c.Language++
	default:
		c.Clean++
	}
}

// Sampled reports whether an event is among the share that is judged. It is
// where the first eight bytes of the SHA-256 of its source, a NUL and its id, as
// a number, are below share times 2^64: the same events whenever and wherever,
// and those of a smaller share are among those of a larger one.
func Sampled(source, id string, share float64) bool {
	if share >= 1 {
		return true
	}
	sum := sha256.Sum256([]byte(source + "\x00" + id))
	return float64(binary.BigEndian.Uint64(sum[:8])) < math.Ldexp(share, 64)
}
