package kafka

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
)

// errLength is a length that is not that of what it counts.
var errLength = errors.New("a length is wrong")

// fields reads the fields of one stored record. The first error stays.
type fields struct {
	in *bufio.Reader
	// left is how many bytes of the record are not read yet.
	left int64
	// room is how many bytes are still taken into memory.
	room int64
	err  error
	// time and offset count from those of the batch.
	time, offset int64
}

// head reads what stands before the key: attributes, which are unused, time and offset.
func (f *fields) head() {
	if f.err == nil {
		_, f.err = f.ReadByte()
	}
	f.time = f.varint()
	f.offset = f.varint()
}

// ReadByte reads one byte of the record.
func (f *fields) ReadByte() (byte, error) {
	if f.left <= 0 {
		return 0, errLength
	}
	f.left--
	return f.in.ReadByte()
}

func (f *fields) varint() int64 {
	if f.err != nil {
		return 0
	}
	var v int64
	v, f.err = binary.ReadVarint(f)
	return v
}

// bytes reads a key, a value or a part of a header, nil for none. One for which
// there is no room is passed over, and huge says what it was.
func (f *fields) bytes() (b []byte, huge *Huge) {
	n := f.varint()
	switch {
	case f.err != nil || n < 0:
		return nil, nil
	case n > f.left:
		f.err = errLength
		return nil, nil
	}
	f.left -= n
	if n <= f.room {
		f.room -= n
		b = make([]byte, n)
		_, f.err = io.ReadFull(f.in, b)
		return b, nil
	}
	sum := sha256.New()
	_, f.err = io.CopyN(sum, f.in, n)
	huge = &Huge{Size: n}
	sum.Sum(huge.SHA256[:0])
	return nil, huge
}

// Huge says what a value is that was passed over.
type Huge struct {
	// Size in bytes.
	Size   int64
	SHA256 [sha256.Size]byte
}
