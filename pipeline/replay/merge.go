package replay

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
)

// Merge joins the segments that several machines have judged in a directory,
// and returns its plan. All must have the same plan; a segment that several have
// must be the same, byte for byte.
func Merge(dir string, from []string) (*Plan, error) {
	p, err := ReadPlan(dir)
	if errors.Is(err, ErrNoPlan) {
		if p, err = ReadPlan(from[0]); err == nil {
			err = p.Write(dir)
		}
	}
	if err != nil {
		return nil, err
	}
	for _, source := range from {
		other, err := ReadPlan(source)
		if err != nil {
			return nil, err
		}
		if !reflect.DeepEqual(p, other) {
			return nil, fmt.Errorf("%s holds another plan than %s: make one by --plan and give each machine a copy", source, dir)
		}
		for _, s := range p.Segments() {
			if err := s.take(dir, source); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

// take copies a segment from source, where it stands, into dir, where it does not.
func (s Segment) take(dir, source string) error {
	if !s.done(source) {
		return nil
	}
	if _, err := s.Read(source, nil); err != nil {
		return err
	}
	data, err := os.ReadFile(s.file(source))
	if err != nil {
		return err
	}
	if s.done(dir) {
		have, err := os.ReadFile(s.file(dir))
		if err == nil && !bytes.Equal(have, data) {
			err = fmt.Errorf("%s and %s differ: the log or the program was another one; delete the wrong one", s.file(source), s.file(dir))
		}
		return err
	}
	return WriteFile(s.file(dir), func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
}
