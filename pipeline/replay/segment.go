package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// Segment is a run of offsets that is judged, and written, as a whole: From to
// To, both inclusive.
type Segment struct {
	Topic     string
	Partition int
	From, To  int64
}

// file is where a segment stands in a directory.
func (s Segment) file(dir string) string {
	return filepath.Join(dir, s.Topic, strconv.Itoa(s.Partition), fmt.Sprintf("%020d-%020d.jsonl", s.From, s.To))
}

// done reports whether a segment stands in a directory.
func (s Segment) done(dir string) bool {
	info, err := os.Stat(s.file(dir))
	return err == nil && info.Mode().IsRegular()
}

// WriteFile makes a file that only its owner reads, whole or not at all: fill
// writes another one beside it, which takes its name once it is on the disk.
// Missing directories are made.
func WriteFile(name string, fill func(*os.File) error) (err error) {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(name)+".*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := fill(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return d.Sync() // the name too must outlive a power cut
}

// write writes a segment: what fill gives to each, and then the receipt, which
// must add up.
func (s Segment) write(dir string, r *Receipt, fill func(each func(*Outcome) error) error) error {
	return WriteFile(s.file(dir), func(f *os.File) error {
		w := bufio.NewWriterSize(f, 64<<10)
		var scratch []byte
		err := fill(func(o *Outcome) error {
			scratch = o.appendLine(scratch[:0])
			_, err := w.Write(scratch)
			return err
		})
		if err != nil {
			return err
		}
		if err := r.check(); err != nil {
			return err
		}
		last, err := json.Marshal(map[string]*Receipt{"receipt": r})
		if err != nil {
			return err
		}
		if _, err := w.Write(append(last, '\n')); err != nil {
			return err
		}
		return w.Flush()
	})
}

// errCut is a segment without its receipt.
var errCut = errors.New("it does not end with a receipt; delete it and start again")

// Read gives the outcomes of a segment in order to each, which may be nil, and
// returns its receipt.
func (s Segment) Read(dir string, each func(*Outcome) error) (*Receipt, error) {
	name := s.file(dir)
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	in := json.NewDecoder(bufio.NewReaderSize(f, 64<<10))
	for {
		var l line
		err := in.Decode(&l)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, fmt.Errorf("%s: %w", name, errCut)
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		case l.Receipt != nil:
			if err := l.Receipt.check(); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			return l.Receipt, nil
		case each == nil:
			continue
		}
		o, err := l.outcome()
		if err == nil {
			err = each(o)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
}

// receiptTail is more than a receipt takes.
const receiptTail = 16 << 10

// receipt reads only the end of a segment.
func (s Segment) receipt(dir string) (*Receipt, error) {
	name := s.file(dir)
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	tail := make([]byte, min(info.Size(), receiptTail))
	if _, err := f.ReadAt(tail, info.Size()-int64(len(tail))); err != nil {
		return nil, err
	}
	tail = bytes.TrimSuffix(tail, []byte("\n"))
	var l line
	if err := json.Unmarshal(tail[bytes.LastIndexByte(tail, '\n')+1:], &l); err != nil || l.Receipt == nil {
		return nil, fmt.Errorf("%s: %w", name, errCut)
	}
	return l.Receipt, nil
}

// Read gives all outcomes of a replay to each, in order of topics, partitions
// and offsets, and returns the receipts of its ranges. Its error is a
// [*MissingError] where segments are missing.
func Read(dir string, p *Plan, each func(*Outcome) error) ([]Receipt, error) {
	if missing := p.missing(dir); missing != nil {
		return nil, &MissingError{missing}
	}
	var all []Receipt
	for _, r := range p.Ranges {
		sum := Receipt{Topic: r.Topic, Partition: r.Partition, From: r.From, To: r.End - 1}
		for _, s := range r.segments(p.Segment) {
			one, err := s.Read(dir, each)
			if err != nil {
				return nil, err
			}
			sum.Add(one)
		}
		if err := sum.check(); err != nil {
			return nil, err
		}
		all = append(all, sum)
	}
	return all, nil
}

// missing lists the segments of a plan that do not stand in a directory.
func (p *Plan) missing(dir string) (list []Segment) {
	for _, s := range p.Segments() {
		if !s.done(dir) {
			list = append(list, s)
		}
	}
	return list
}

// MissingError lists the segments that were not judged yet.
type MissingError struct{ Segments []Segment }

// Error names the first of them.
func (e *MissingError) Error() string {
	s := e.Segments[0]
	return fmt.Sprintf("%d segments are not there yet, the first of them %s/%d, offsets %d to %d",
		len(e.Segments), s.Topic, s.Partition, s.From, s.To)
}
