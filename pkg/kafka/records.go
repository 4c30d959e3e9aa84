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
	r.in = bufio.NewReaderSize(from, 8<<10)
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
	f := fields{in: bufio.NewReader(bytes.NewReader(head)), left: int64(len(head)), err: err}
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
	f := fields{in: r.in, left: r.length, room: room}
	f.head()
	record = Record{
		Offset: r.header.FirstOffset + f.offset, Timestamp: r.header.FirstTimestamp + f.time,
		Control: r.header.Attributes&attrControl != 0,
	}
	if r.header.Attributes&attrAppendTime != 0 {
		record.Timestamp = r.header.MaxTimestamp
	}
	record.Key, _ = f.bytes()
	record.Value, record.Huge = f.bytes()
	for n := f.varint(); n > 0 && f.err == nil; n-- {
		var h kafkago.Header
		key, _ := f.bytes()
		h.Key = string(key)
		h.Value, _ = f.bytes()
		record.Headers = append(record.Headers, h)
	}
	r.left, r.length = r.left-1, -1
	r.fail(f.err)
	if f.left != 0 {
		r.fail(errLength)
	}
	return record, r.err == nil
}
