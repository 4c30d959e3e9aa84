package kafka

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/compress"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// errMalformed is a batch that is stored as it was sent, but holds no records
// that can be read.
var errMalformed = errors.New("a stored batch cannot be decoded")

// records reads one batch record by record: of what it decompresses to, only
// the record in hand is in memory. The first error stays.
type records struct {
	header kmsg.RecordBatch
	in     *bufio.Reader
	close  func() error
	left   int32
	// length is that of the record that comes next, -1 while it is not known.
	length int64
	err    error
}

// open begins to read a whole batch.
func (b batches) open() *records {
	r := &records{length: -1, close: func() error { return nil }}
	if err := r.header.UnsafeReadFrom(b); err != nil {
		r.fail(err)
		return r
	}
	r.left = r.header.NumRecords
	var from io.Reader = bytes.NewReader(r.header.Records)
	if c := compress.Compression(r.header.Attributes & attrCompression); c != compress.None {
		codec := c.Codec()
		if codec == nil {
			r.fail(fmt.Errorf("unknown compression %d", c))
			return r
		}
		plain := codec.NewReader(from)
		from, r.close = plain, plain.Close
	}
	// Records that are larger than the buffer go past it.
	r.in = bufio.NewReaderSize(from, 1<<10)
	return r
}

// fail notes an error, unless it is nil.
func (r *records) fail(err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("%w: %w", errMalformed, err)
	}
}

// peek returns the offset and the stored size of the record that comes next; ok
// is false after the last and after an error.
func (r *records) peek() (offset, length int64, ok bool) {
	if r.left <= 0 || r.err != nil {
		return 0, 0, false
	}
	if r.length < 0 {
		var err error
		if r.length, err = binary.ReadVarint(r.in); err != nil || r.length < 0 {
			r.fail(errors.Join(err, errLength))
			return 0, 0, false
		}
	}
	head, err := r.in.Peek(int(min(r.length, 1+2*binary.MaxVarintLen64)))
	f := stored{left: head, err: err}
	f.head()
	r.fail(f.err)
	return r.header.FirstOffset + f.offset, r.length, r.err == nil
}

// skip passes over the record that comes next.
func (r *records) skip() {
	_, err := io.CopyN(io.Discard, r.in, r.length)
	r.left, r.length = r.left-1, -1
	r.fail(err)
}

// read takes the record that comes next, at most room bytes of it: of a value
// that is larger only its size and sum, of a key or a header nothing. ok is
// false after an error.
func (r *records) read(room int64) (record Record, ok bool) {
	if r.length <= room {
		record, ok = r.take()
	} else {
		record, ok = r.stream(room)
	}
	r.left, r.length = r.left-1, -1
	return record, ok
}

// take reads a whole record into memory at once: its key, value and headers are
// parts of one piece.
func (r *records) take() (record Record, ok bool) {
	f := stored{left: make([]byte, r.length)}
	_, f.err = io.ReadFull(r.in, f.left)
	f.head()
	record = r.begin(f.time, f.offset)
	record.Key = f.bytes()
	record.Value = f.bytes()
	if n := f.varint(); n > 0 && f.err == nil {
		record.Headers = make([]kafkago.Header, 0, min(n, 8))
		for ; n > 0 && f.err == nil; n-- {
			record.Headers = append(record.Headers, kafkago.Header{Key: string(f.bytes()), Value: f.bytes()})
		}
	}
	r.fail(f.err)
	if len(f.left) != 0 {
		r.fail(errLength)
	}
	return record, r.err == nil
}

// stream reads a record field by field.
func (r *records) stream(room int64) (record Record, ok bool) {
	f := fields{in: r.in, left: r.length, room: room}
	f.head()
	record = r.begin(f.time, f.offset)
	record.Key, _ = f.bytes()
	record.Value, record.Huge = f.bytes()
	for n := f.varint(); n > 0 && f.err == nil; n-- {
		var h kafkago.Header
		key, _ := f.bytes()
		h.Key = string(key)
		h.Value, _ = f.bytes()
		record.Headers = append(record.Headers, h)
	}
	r.fail(f.err)
	if f.left != 0 {
		r.fail(errLength)
	}
	return record, r.err == nil
}

// begin is a record with what its batch says of it.
func (r *records) begin(time, offset int64) Record {
	record := Record{
		Offset: r.header.FirstOffset + offset, Timestamp: r.header.FirstTimestamp + time,
		Control: r.header.Attributes&attrControl != 0,
	}
	if r.header.Attributes&attrAppendTime != 0 {
		record.Timestamp = r.header.MaxTimestamp
	}
	return record
}
