package kafka

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// batches are batches of records as they lie in the log, one after the other;
// the last may be cut off.
type batches []byte

// Layout of a batch (format 2).
const (
	batchLengthAt = 8
	batchPrefix   = 12 // base offset and length
	batchMagicAt  = 16
	batchCRCAt    = 17
	batchSumFrom  = 21
	batchHeader   = 61
)

// Bits of a batch's attributes.
const (
	attrCompression = 7
	attrAppendTime  = 8
	attrControl     = 32
)

// errDamaged is a batch whose bytes are not those that were written.
var errDamaged = errors.New("a stored batch is damaged: its checksum is wrong")

// errOldFormat is a batch of before Kafka 0.11; brokers of today write none.
var errOldFormat = errors.New("a stored batch is of a format that is no longer read (before Kafka 0.11)")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// whole returns the first batch as stored, and what follows it; ok is false
// where none is left or the last is cut off.
func (b batches) whole() (first, rest batches, ok bool) {
	if len(b) < batchHeader {
		return nil, nil, false
	}
	n := batchPrefix + int64(int32(binary.BigEndian.Uint32(b[batchLengthAt:])))
	if n < batchHeader || n > int64(len(b)) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// verify checks a whole batch against its checksum.
func (b batches) verify() error {
	if b[batchMagicAt] != 2 {
		return errOldFormat
	}
	if crc32.Checksum(b[batchSumFrom:], castagnoli) != binary.BigEndian.Uint32(b[batchCRCAt:]) {
		return errDamaged
	}
	return nil
}

// last returns the last offset of a whole batch, which compaction leaves where
// it was even if the record is gone.
func (b batches) last() int64 {
	base := int64(binary.BigEndian.Uint64(b))
	return base + int64(int32(binary.BigEndian.Uint32(b[23:])))
}

// times returns the times of the first record and of the youngest of a whole batch.
func (b batches) times() (first, last int64) {
	first, last = int64(binary.BigEndian.Uint64(b[27:])), int64(binary.BigEndian.Uint64(b[35:]))
	if b[22]&attrAppendTime != 0 {
		first = last
	}
	return first, last
}

// span returns the times of the first record and of the last batch's youngest.
func (b batches) span() (first, last int64) {
	for i := 0; ; i++ {
		batch, rest, ok := b.whole()
		if !ok {
			return first, last
		}
		var from int64
		if from, last = batch.times(); i == 0 {
			first = from
		}
		b = rest
	}
}

// sound returns the whole and undamaged batches at the front, and the offset
// after them, at least next. Without one it returns the error of the first.
func (b batches) sound(next int64) (front batches, after int64, err error) {
	for at := b; ; {
		first, rest, ok := at.whole()
		if ok {
			err = first.verify()
		}
		if !ok || err != nil {
			if front = b[:len(b)-len(at)]; len(front) > 0 {
				err = nil // the fetch that begins with the bad one tells
			}
			return front, next, err
		}
		at, next = rest, max(next, first.last()+1)
	}
}
