package pipeline

import (
	"sync"
	"time"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// progress is what is unread of one partition, as those who watch want to know
// it: how many offsets, and how old the oldest may be.
//
// Its age is known from the records themselves where they have been fetched;
// where they have not, it is bounded by since: no record older than that is
// unread, as far as this worker knows. So the age is close to nothing on an
// idle partition, and it grows wherever nothing is heard of the log: a
// partition that cannot be read looks as bad as one that is read too slowly.
type progress struct {
	mu sync.Mutex
	// next is the first offset that is not accounted for, end the one after the
	// last of the log; -1 before they are known.
	next, end int64
	// heard is when the leader last said where the log ends.
	heard time.Time
	since time.Time
	// held are the fetches whose records are not all accounted for: the one in
	// hand, and the one ahead of it.
	held []held
}

// held is a fetch in hand.
type held struct {
	// oldest is the time of its first record that is not accounted for.
	oldest time.Time
	// after is progress.since for when all of it is.
	after time.Time
}

// newProgress starts at an offset, a negative one meaning that none is known.
func newProgress(offset int64, since time.Time) *progress {
	return &progress{next: max(offset, -1), end: -1, since: since}
}

// fetched notes what a fetch brought, in the order of fetches.
func (p *progress) fetched(f *kafka.Fetched, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end, p.heard = f.HighWatermark, now
	atEnd := f.Next >= f.HighWatermark
	switch {
	case f.Next > f.From:
		if len(p.held) == 0 {
			p.next = f.From
		}
		h := held{oldest: stamp(f.First, now), after: now}
		if !atEnd {
			h.after = stamp(f.Last, now)
		}
		p.held = append(p.held, h)
	case atEnd:
		p.since = now
		if len(p.held) == 0 {
			p.next = f.HighWatermark
		}
	}
}

// accounted notes that all offsets before next are, whether more of the fetch in
// hand is left, and the time of its oldest record.
func (p *progress) accounted(next int64, more bool, oldest int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = next
	if len(p.held) == 0 {
		return
	}
	if more {
		p.held[0].oldest = stamp(oldest, now)
		return
	}
	if after := p.held[0].after; after.After(p.since) {
		p.since = after
	}
	p.held = append(p.held[:0], p.held[1:]...)
}

// ends notes where the log ends, as somebody else than a fetch was told.
func (p *progress) ends(end int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end, p.heard = max(p.end, end), now
}

// quiet reports whether the log's end was last heard of before t.
func (p *progress) quiet(t time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.Before(t)
}

// unread returns how many offsets are not accounted for, and the age of the
// oldest record among them, or the most that it can be.
func (p *progress) unread(now time.Time) (records int64, age time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	oldest := p.since
	if len(p.held) > 0 {
		oldest = p.held[0].oldest
	}
	return max(p.end-max(p.next, 0), 0), max(now.Sub(oldest), 0)
}

// stamp is a record's time, given in milliseconds since the Unix epoch; one
// without, or from a clock that is ahead, is as old as now.
func stamp(timestamp int64, now time.Time) time.Time {
	at := time.UnixMilli(timestamp)
	if timestamp <= 0 || at.After(now) {
		return now
	}
	return at
}
