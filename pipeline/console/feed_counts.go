package console

import (
	"maps"
	"slices"
	"time"

	"github.com/vigie-project/vigie/pkg/flag"
)

// The closed sets that are counted by; what is in none of them is counted
// under the last one, "".
var (
	routes     = []string{flag.RouteUrgent, flag.RouteCare}
	categories = []string{"health", "resilience", "life_events", "capacity"}
	kinds      = []string{"vigie.transcript.v1", "vigie.email.v1", "vigie.letter.v1", "vigie.survey.v1", "vigie.complaint.v1", ""}
	classes    = []string{"json", "envelope", "data", "type", "format", "too_large", ""}
)

func routeIndex(id string) int    { return slices.Index(routes, id) }
func categoryIndex(id string) int { return slices.Index(categories, id) }

// orLast returns the place of id in set, of the last one where it has none.
func orLast(set []string, id string) int {
	if i := slices.Index(set, id); i >= 0 {
		return i
	}
	return len(set) - 1
}

// window is how many minutes are counted.
const window = 60

// Minute is what came in one minute.
type Minute struct {
	// Read, Clean and Skipped count events, Dead those that could not be read, by
	// class: what receipts say.
	Read, Clean, Skipped int
	Dead                 [7]int
	// Flags counts flags by route, Categories, Severities (1 to 4) and Kinds the
	// same flags.
	Flags      [2]int
	Categories [4]int
	Severities [4]int
	Kinds      [6]int
	// Retractions, Replayed, and Superseding count those records.
	Retractions, Replayed, Superseding int
}

// plausible reports whether the counts of a receipt are those of its offsets.
func plausible(r *flag.Receipt) bool {
	counts := []int{r.Flagged, r.Clean, r.Absent}
	counts = slices.AppendSeq(counts, maps.Values(r.Skipped))
	counts = slices.AppendSeq(counts, maps.Values(r.Dead))
	return r.To >= r.From && slices.Min(counts) >= 0 && int64(total(counts)) == r.To-r.From+1
}

func (m *Minute) receipt(r *flag.Receipt) {
	m.Read += int(r.To - r.From + 1 - int64(r.Absent))
	m.Clean += r.Clean
	for _, n := range r.Skipped {
		m.Skipped += n
	}
	for class, n := range r.Dead {
		m.Dead[orLast(classes, class)] += n
	}
}

func (m *Minute) entry(e *Entry) {
	if e.Retraction != "" {
		m.Retractions++
		return
	}
	m.Flags[routeIndex(e.Route)]++
	for _, c := range e.Categories {
		m.Categories[categoryIndex(c)]++
	}
	m.Severities[e.Severity-1]++
	m.Kinds[orLast(kinds, e.Kind)]++
	if e.Replay {
		m.Replayed++
	}
	if e.Supersedes != "" {
		m.Superseding++
	}
}

// add adds another minute's figures to m.
func (m *Minute) add(o *Minute) {
	m.Read, m.Clean, m.Skipped = m.Read+o.Read, m.Clean+o.Clean, m.Skipped+o.Skipped
	sum(m.Dead[:], o.Dead[:])
	sum(m.Flags[:], o.Flags[:])
	sum(m.Categories[:], o.Categories[:])
	sum(m.Severities[:], o.Severities[:])
	sum(m.Kinds[:], o.Kinds[:])
	m.Retractions, m.Replayed = m.Retractions+o.Retractions, m.Replayed+o.Replayed
	m.Superseding += o.Superseding
}

func sum(to, of []int) {
	for i, n := range of {
		to[i] += n
	}
}

// TotalFlags and TotalDead are the sums over routes and classes.
func (m Minute) TotalFlags() int { return total(m.Flags[:]) }

// TotalDead counts the events that could not be read.
func (m Minute) TotalDead() int { return total(m.Dead[:]) }

func total(of []int) (n int) {
	for _, x := range of {
		n += x
	}
	return n
}

// counters counts by minute, over the last hour.
type counters struct {
	minutes [window]Minute
	// last is the minute, in minutes since the Unix epoch, that the newest figures
	// are of.
	last int64
}

// at returns the figures of the minute of a time, nil where it is too long ago.
// A time that is still to come, by another machine's clock, is now.
func (c *counters) at(t, now time.Time) *Minute {
	c.advance(now)
	minute := min(t.Unix()/60, c.last)
	if minute <= c.last-window {
		return nil
	}
	return &c.minutes[minute%window]
}

// advance forgets the minutes that are more than an hour old.
func (c *counters) advance(now time.Time) {
	minute := now.Unix() / 60
	if minute-c.last >= window {
		c.minutes, c.last = [window]Minute{}, minute
	}
	for c.last < minute {
		c.last++
		c.minutes[c.last%window] = Minute{}
	}
}

// series returns the last hour, the oldest minute first; the last one is not
// over yet.
func (c *counters) series(now time.Time) []Minute {
	c.advance(now)
	list := make([]Minute, 0, window)
	for m := c.last - window + 1; m <= c.last; m++ {
		list = append(list, c.minutes[m%window])
	}
	return list
}
