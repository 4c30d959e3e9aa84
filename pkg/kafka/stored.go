package kafka

import "encoding/binary"

// stored reads the fields of a record that is in memory. The first error stays.
type stored struct {
	left []byte
	err  error
	// time and offset count from those of the batch.
	time, offset int64
}

// head reads what stands before the key: attributes, which are unused, time and offset.
func (s *stored) head() {
	if s.err == nil {
		if len(s.left) == 0 {
			s.err = errLength
			return
		}
		s.left = s.left[1:]
	}
	s.time = s.varint()
	s.offset = s.varint()
}

func (s *stored) varint() int64 {
	if s.err != nil {
		return 0
	}
	v, n := binary.Varint(s.left)
	if n <= 0 {
		s.err = errLength
		return 0
	}
	s.left = s.left[n:]
	return v
}

// bytes is a key, a value or a part of a header, nil for none.
func (s *stored) bytes() []byte {
	n := s.varint()
	switch {
	case s.err != nil || n < 0:
		return nil
	case n > int64(len(s.left)):
		s.err = errLength
		return nil
	}
	b := s.left[:n:n]
	s.left = s.left[n:]
	return b
}
