package replay

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

// Outcome is an event that at least one side flags.
type Outcome struct {
	Origin event.Origin
	// Traceparent is the event's trace context, "" without one.
	Traceparent string
	// Before is the flag of the lexicon that is compared against, After that of
	// the one that is tried; nil for none. With one lexicon Before is always nil.
	Before, After *flag.Flag
}

// At is the time of the record.
func (o *Outcome) At() time.Time { return time.UnixMilli(o.Origin.Timestamp).UTC() }

// Place is the record's: topic/partition/offset.
func (o *Outcome) Place() string {
	return fmt.Sprintf("%s/%d/%d", o.Origin.Topic, o.Origin.Partition, o.Origin.Offset)
}

// flag is either side's, to name the event.
func (o *Outcome) flag() *flag.Flag {
	if o.After != nil {
		return o.After
	}
	return o.Before
}

// Receipt says what became of every offset of a segment, or of several.
// Absent, Left, Markers, Tombstones and all of Dead, and with them the sum of
// either side's counts, add up to To-From+1.
type Receipt struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
	// From and To are offsets, both inclusive.
	From int64 `json:"from"`
	To   int64 `json:"to"`
	// Absent offsets hold no record any more.
	Absent int `json:"absent"`
	// Left were passed over by the sample.
	Left       int `json:"left"`
	Markers    int `json:"markers"`
	Tombstones int `json:"tombstones"`
	// Dead counts the records that cannot be read, by class.
	Dead map[string]int `json:"dead"`
	// Repaired counts sequences of bytes that were repaired in what was judged.
	Repaired int `json:"repaired"`
	// First and Last are the earliest and the latest time of a record that was
	// judged, in milliseconds since the Unix epoch; 0 without one.
	First int64 `json:"first"`
	Last  int64 `json:"last"`
	// Before is nil with one lexicon.
	Before *Counts `json:"before,omitempty"`
	After  Counts  `json:"after"`
}

// Counts is what one side made of the events that were judged.
type Counts struct {
	Flagged int `json:"flagged"`
	Clean   int `json:"clean"`
	// Language counts the events in another language than the lexicon's.
	Language int `json:"language"`
}

// Judged is how many events were judged.
func (c *Counts) Judged() int { return c.Flagged + c.Clean + c.Language }

// Offsets is how many offsets a receipt accounts for.
func (r *Receipt) Offsets() int {
	n := r.Absent + r.Left + r.Markers + r.Tombstones + r.After.Judged()
	for _, dead := range r.Dead {
		n += dead
	}
	return n
}

// check says by its error that a receipt does not add up.
func (r *Receipt) check() error {
	if want := r.To - r.From + 1; int64(r.Offsets()) != want || r.Before != nil && r.Before.Judged() != r.After.Judged() {
		return fmt.Errorf("%s/%d, offsets %d to %d: %d are accounted for", r.Topic, r.Partition, r.From, r.To, r.Offsets())
	}
	return nil
}

// Add adds another receipt's counts; the place stays what it is.
func (r *Receipt) Add(o *Receipt) {
	r.Absent, r.Left, r.Markers, r.Tombstones = r.Absent+o.Absent, r.Left+o.Left, r.Markers+o.Markers, r.Tombstones+o.Tombstones
	r.Repaired += o.Repaired
	if r.Dead == nil {
		r.Dead = make(map[string]int)
	}
	for class, n := range o.Dead {
		r.Dead[class] += n
	}
	if r.First == 0 || o.First != 0 && o.First < r.First {
		r.First = o.First
	}
	r.Last = max(r.Last, o.Last)
	r.After.add(&o.After)
	if o.Before != nil {
		if r.Before == nil {
			r.Before = &Counts{}
		}
		r.Before.add(o.Before)
	}
}

func (c *Counts) add(o *Counts) {
	c.Flagged, c.Clean, c.Language = c.Flagged+o.Flagged, c.Clean+o.Clean, c.Language+o.Language
}

// appendLine appends an outcome as a line of a segment.
func (o *Outcome) appendLine(dst []byte) []byte {
	dst = append(dst, `{"topic":"`...)
	dst = append(dst, o.Origin.Topic...) // Kafka's names need no escape
	dst = append(dst, `","partition":`...)
	dst = strconv.AppendInt(dst, int64(o.Origin.Partition), 10)
	dst = append(dst, `,"offset":`...)
	dst = strconv.AppendInt(dst, o.Origin.Offset, 10)
	dst = append(dst, `,"timestamp":`...)
	dst = strconv.AppendInt(dst, o.Origin.Timestamp, 10)
	if o.Traceparent != "" {
		trace, _ := json.Marshal(o.Traceparent) // a string always can be
		dst = append(append(dst, `,"traceparent":`...), trace...)
	}
	if o.Before != nil {
		dst = o.Before.AppendJSON(append(dst, `,"before":`...))
	}
	if o.After != nil {
		dst = o.After.AppendJSON(append(dst, `,"after":`...))
	}
	return append(dst, "}\n"...)
}

// line is a line of a segment, of an outcome or of its receipt.
type line struct {
	Topic         string
	Partition     int
	Offset        int64
	Timestamp     int64
	Traceparent   string
	Before, After json.RawMessage
	Receipt       *Receipt
}

// outcome reads one back.
func (l *line) outcome() (*Outcome, error) {
	o := &Outcome{
		Origin:      event.Origin{Topic: l.Topic, Partition: l.Partition, Offset: l.Offset, Timestamp: l.Timestamp},
		Traceparent: l.Traceparent,
	}
	for _, side := range []struct {
		value json.RawMessage
		to    **flag.Flag
	}{{l.Before, &o.Before}, {l.After, &o.After}} {
		if side.value == nil {
			continue
		}
		f, err := flag.Parse(side.value)
		if err != nil {
			return nil, fmt.Errorf("%s/%d/%d: %w", l.Topic, l.Partition, l.Offset, err)
		}
		*side.to = f
	}
	return o, nil
}
