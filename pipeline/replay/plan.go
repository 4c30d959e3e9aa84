package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/vigie-project/vigie/pkg/flag"
)

// planVersion is raised when what stands in a directory changes its meaning.
const planVersion = 1

// planName is the plan's file in a directory.
const planName = "plan.json"

// segmentOffsets is how many offsets a segment has: what is judged again at
// most, by each worker, after a kill.
const segmentOffsets = 5000

// Plan says what is judged. It is made once and kept.
type Plan struct {
	Version int `json:"version"`
	// Asked is what was asked for, so that going on with other options is told.
	Asked Asked `json:"asked"`
	// Made is when the ranges were looked up.
	Made time.Time `json:"made"`
	// Ranges in order of topics as asked for, then of partitions.
	Ranges []Range `json:"ranges"`
	// Segment is how many offsets a segment has; they are cut at its multiples.
	Segment int64 `json:"segment"`
	// Before is the ruleset compared against, nil for a replay with one lexicon.
	Before *flag.Lexicon `json:"before,omitempty"`
	After  flag.Lexicon  `json:"after"`
}

// Asked is what a range was made of.
type Asked struct {
	Topics     []string `json:"topics"`
	Partitions []int    `json:"partitions,omitempty"`
	// From and To as written, "" for the ends of the log.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Share of the events that is judged, by hash of their identity; 1 for all.
	Share float64 `json:"share"`
	// Limit bounds how many offsets are judged over all partitions; 0 does not.
	Limit int64 `json:"limit,omitempty"`
}

// Range is a run of offsets of one partition: From up to, and without, End.
type Range struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
	From      int64  `json:"from"`
	End       int64  `json:"end"`
}

// Offsets is how many offsets a plan has.
func (p *Plan) Offsets() (n int64) {
	for _, r := range p.Ranges {
		n += r.End - r.From
	}
	return n
}

// Segments lists the segments of all ranges in their order.
func (p *Plan) Segments() (all []Segment) {
	for _, r := range p.Ranges {
		all = append(all, r.segments(p.Segment)...)
	}
	return all
}

// segments cuts a range at the multiples of n.
func (r Range) segments(n int64) (all []Segment) {
	for from := r.From; from < r.End; {
		to := min(from-from%n+n, r.End) - 1
		all = append(all, Segment{Topic: r.Topic, Partition: r.Partition, From: from, To: to})
		from = to + 1
	}
	return all
}

// ErrNoPlan says that a directory holds no replay.
var ErrNoPlan = errors.New("holds no replay")

// ReadPlan reads the plan of a directory. Its error wraps [ErrNoPlan] where
// there is none.
func ReadPlan(dir string) (*Plan, error) {
	name := filepath.Join(dir, planName)
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s %w", dir, ErrNoPlan)
	case err != nil:
		return nil, err
	}
	p := &Plan{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if p.Version != planVersion || p.Segment <= 0 {
		return nil, fmt.Errorf("%s: of version %d, this program reads %d", name, p.Version, planVersion)
	}
	return p, nil
}

// Write keeps the plan in a directory, which it makes.
func (p *Plan) Write(dir string) error {
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	return WriteFile(filepath.Join(dir, planName), func(f *os.File) error {
		_, err := f.Write(append(data, '\n'))
		return err
	})
}
