package kafka

import (
	"io"

	kafkago "github.com/segmentio/kafka-go"
)

// Record is one record as stored.
type Record struct {
	Offset int64
	// Timestamp in milliseconds since the Unix epoch.
	Timestamp  int64
	Key, Value []byte
	Headers    []kafkago.Header
	// Control marks the end of a transaction: it takes an offset and carries nothing.
	Control bool
	// Huge is set where the value is larger than is ever taken into memory;
	// Value is then nil, and so is a key or header of that size.
	Huge *Huge
	// Damaged is set where what is stored cannot be decoded: only Offset is known.
	Damaged bool
}

// recordBytes is about what a record takes in memory beside its bytes.
const recordBytes = 160

// Fetched is what one fetch brought, and what it accounts for: the offsets From
// to Next-1. It is held as stored, and decoded as it is read.
type Fetched struct {
	From, Next int64
	// HighWatermark is the end of the log as the leader knew it.
	HighWatermark int64
	// Reset says that reading jumped: from where it expected to be (Expected)
	// to From. What lay between is in no Fetched.
	Reset    bool
	Expected int64
	// Removed is how many of the offsets the log no longer held because it
	// begins after them.
	Removed int64
	// Stored is how many bytes of memory it takes until it is read.
	Stored int64
	// First and Last are the times of the first and the last record, in
	// milliseconds since the Unix epoch, as their batches say; 0 without one.
	First, Last int64

	// at is the first offset that was not read yet.
	at      int64
	left    batches
	records *records
	// damaged: the batch in hand cannot be decoded; to is its last offset.
	damaged bool
	to      int64
	// room is how much of a record is taken into memory.
	room int64
}

// Oldest is the time of the first record that is left, or of an earlier one of
// its batch, as First is; ok is false when none is left.
func (f *Fetched) Oldest() (time int64, ok bool) {
	if f.records != nil && f.at <= f.to {
		return f.records.header.FirstTimestamp, f.at < f.Next
	}
	if first, _, whole := f.left.whole(); whole {
		time, _ = first.times()
		return time, true
	}
	return 0, f.at < f.Next
}

// Batch is a run of offsets, From to To, and the records that stand there; an
// offset without a record is absent.
type Batch struct {
	From, To int64
	Records  []Record
	// Bytes is about what Records takes in memory.
	Bytes int64
}

// Limit bounds a batch; zero values do not.
type Limit struct {
	Records int
	// Bytes is about how much memory a batch takes; a single record larger than
	// that is a batch of its own.
	Bytes int64
	// Grant, if set, is asked for the bytes by which it is; its error ends the reading.
	Grant func(n int64) error
}

// Read returns the next batch; io.EOF when f is used up.
func (f *Fetched) Read(limit Limit) (Batch, error) {
	b := Batch{From: f.at}
	if f.at >= f.Next {
		return b, io.EOF
	}
	for limit.Records <= 0 || len(b.Records) < limit.Records {
		more, err := f.add(&b, limit)
		if err != nil {
			return b, err
		}
		if !more {
			break
		}
	}
	b.To = f.at - 1
	return b, nil
}

// Rest returns all records that are left, whatever memory they take.
func (f *Fetched) Rest() (records []Record) {
	for {
		b, err := f.Read(Limit{})
		if err != nil {
			return records
		}
		records = append(records, b.Records...)
	}
}

// add reads the next record into b. more is false when b is full or f used up.
func (f *Fetched) add(b *Batch, limit Limit) (more bool, err error) {
	switch {
	case f.damaged && f.at <= f.to && f.at < f.Next:
		b.Records = append(b.Records, Record{Offset: f.at, Damaged: true})
		f.at++
		return true, nil
	case f.records == nil:
		return f.open(), nil
	}
	offset, length, ok := f.records.peek()
	switch {
	case !ok || offset > f.to:
		f.leave(offset > f.to)
		return true, nil
	case offset < f.at:
		f.records.skip()
		return true, nil
	}
	need := min(length, f.room) + recordBytes
	if over := b.Bytes + need - limit.Bytes; over > 0 && limit.Bytes > 0 {
		if len(b.Records) > 0 {
			return false, nil
		}
		if limit.Grant != nil {
			if err := limit.Grant(over); err != nil {
				return false, err
			}
		}
	}
	if record, ok := f.records.read(f.room); ok {
		b.Records, b.Bytes = append(b.Records, record), b.Bytes+need
		f.at = offset + 1
	}
	return true, nil
}

// open takes the next batch in hand; ok is false where there is none, and what
// is left of the offsets is absent: compaction took it.
func (f *Fetched) open() (ok bool) {
	f.damaged = false
	first, rest, ok := f.left.whole()
	if !ok {
		f.at = f.Next
		return false
	}
	f.left, f.to, f.records = rest, first.last(), first.open()
	return true
}

// leave ends the batch in hand; where it could not be read to its end, what is
// left of it is damaged.
func (f *Fetched) leave(damaged bool) {
	f.damaged = damaged || f.records.err != nil
	_ = f.records.close()
	f.records = nil
}
