package console

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// How much of the past is read at a start, in all partitions together: at least
// so many flags, however old, and of flags and receipts what the last hour
// brought, at most so many.
const (
	leastFlags   = 200
	mostFlags    = 5_000
	mostReceipts = 20_000
)

// tempo says how often the feed asks.
type tempo struct {
	// idle is the pause after nothing came, retry the first one after an error,
	// doubled up to most; look is how often partitions, lag and dead letters are
	// looked at.
	idle, retry, most, look time.Duration
}

// Feed follows the routing topic and the receipts, and looks how far the
// workers' group has come: one reader for all open pages. It is no member of a
// group and moves no offset. What it keeps is bounded: the last 500 flags
// without a word of an event, and an hour of figures.
type Feed struct {
	cluster *kafka.Cluster
	cfg     *config.Config
	log     zerolog.Logger
	now     func() time.Time
	tempo   tempo
	// epoch tells the marks of this feed from those of another start.
	epoch string
	// looks are the flags that are looked behind now.
	looks chan struct{}

	mu       sync.Mutex
	ring     ring
	counters counters
	figures  Figures
	// changed is closed, and another one made, when anything changes.
	changed chan struct{}
	ended   bool
}

// NewFeed returns a feed of the topics that cfg names. Run makes it read.
func NewFeed(cluster *kafka.Cluster, cfg *config.Config, log zerolog.Logger) *Feed {
	f := &Feed{
		cluster: cluster, cfg: cfg, log: log, now: time.Now,
		tempo:   tempo{idle: 300 * time.Millisecond, retry: time.Second, most: 15 * time.Second, look: 5 * time.Second},
		epoch:   strconv.FormatInt(time.Now().UnixNano(), 36),
		changed: make(chan struct{}),
		looks:   make(chan struct{}, mostLooks),
	}
	t := &cfg.Topics
	waiting := func(what string) State { return State{Condition: Waiting, What: what} }
	f.figures = Figures{
		FlagsState: waiting(t.Flags), ReceiptsState: waiting(t.Receipts),
		LagState: waiting(cfg.Group.ID), LettersState: waiting(t.DeadLetter),
	}
	return f
}

// Run reads until ctx ends. It gives up on nothing: what cannot be read is
// tried again, and Figures says what is in the way.
func (f *Feed) Run(ctx context.Context) {
	t := &f.cfg.Topics
	var working sync.WaitGroup
	working.Go(func() {
		f.follow(ctx, f.tail(t.Flags, leastFlags, mostFlags, f.flag), &f.figures.FlagsState, &f.figures.FlagsSince)
	})
	working.Go(func() {
		f.follow(ctx, f.tail(t.Receipts, 0, mostReceipts, f.receipt), &f.figures.ReceiptsState, &f.figures.ReceiptsSince)
	})
	working.Go(func() { f.look(ctx) })
	working.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	f.broadcast()
}

func (f *Feed) tail(topic string, least, most int64, parse func(int, *kafka.Record) func()) *tail {
	return &tail{
		parse:   parse,
		cluster: f.cluster, topic: topic, least: least, most: most, since: window * time.Minute,
		watch: f.tempo.look, room: int64(f.cfg.Topics.MaxMessageBytes), now: f.now,
	}
}

// follow takes what comes on a topic, and keeps its state and the time from which
// on it is complete.
func (f *Feed) follow(ctx context.Context, t *tail, state *State, since *time.Time) {
	wait := f.tempo.retry
	for ctx.Err() == nil {
		arrivals, more, err := t.read(ctx)
		if ctx.Err() != nil {
			return
		}
		now := stateOf(t.topic, err)
		f.mu.Lock()
		for _, a := range arrivals {
			a.do()
		}
		before := *state
		*state, *since = now, t.complete
		if len(arrivals) > 0 || !before.same(now) {
			f.broadcast()
		}
		f.mu.Unlock()
		f.report(before, now, err)
		switch {
		case err != nil:
			pause(ctx, wait)
			wait = min(2*wait, f.tempo.most)
		case !more:
			pause(ctx, f.tempo.idle)
			fallthrough
		default:
			wait = f.tempo.retry
		}
	}
}

// report logs a state that has changed.
func (f *Feed) report(before, now State, err error) {
	switch {
	case before.same(now):
	case err != nil:
		f.log.Warn().Err(err).Str("what", now.What).Msg("the console cannot read; trying again")
	default:
		f.log.Info().Str("what", now.What).Msg("the console reads")
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// flag parses a record of the routing topic.
func (f *Feed) flag(partition int, r *kafka.Record) (do func()) {
	if len(r.Value) == 0 && r.Huge == nil && !r.Damaged {
		return func() {} // a tombstone
	}
	e, err := readEntry(partition, r)
	if err != nil {
		return f.strange
	}
	return func() {
		if !f.ring.add(e) {
			f.figures.Repeated++
		} else if m := f.counters.at(e.Written, f.now()); m != nil {
			m.entry(e)
		}
	}
}

// receipt parses a record of the topic of receipts.
func (f *Feed) receipt(_ int, r *kafka.Record) (do func()) {
	receipt, err := flag.ParseReceipt(r.Value)
	if err != nil || !plausible(receipt) {
		return f.strange
	}
	at := time.UnixMilli(r.Timestamp)
	return func() {
		if m := f.counters.at(at, f.now()); m != nil {
			m.receipt(receipt)
		}
	}
}

// strange counts what is not what its topic is for.
func (f *Feed) strange() { f.figures.Strange++ }

// broadcast tells all who wait. The caller holds the lock.
func (f *Feed) broadcast() {
	f.figures.Version++
	close(f.changed)
	f.changed = make(chan struct{})
}

// wait returns what is closed at the next change; ended says that there will be
// none.
func (f *Feed) wait() (changed <-chan struct{}, ended bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed, f.ended
}

// latest returns at most n entries, the newest first, and the mark of what they
// hold.
func (f *Feed) latest(n int, filter Filter) (entries []*Entry, mark string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ring.latest(n, filter), f.mark()
}

// since returns what changed after a mark, in order of arrival, and the mark of
// now; ok is false where the feed no longer holds all of them.
func (f *Feed) since(mark string, filter Filter) (changed []change, now string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	epoch, number, _ := strings.Cut(mark, "-")
	version, err := strconv.ParseUint(number, 10, 64)
	if epoch != f.epoch || err != nil {
		return nil, f.mark(), false
	}
	all, ok := f.ring.since(version)
	for _, e := range all {
		if filter.takes(e.Entry) {
			changed = append(changed, e)
		}
	}
	return changed, f.mark(), ok
}

func (f *Feed) mark() string { return fmt.Sprintf("%s-%d", f.epoch, f.ring.version) }

// find returns the kept entry of a flag's id, nil without one.
func (f *Feed) find(id string) *Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := f.ring.last(id, func(e *Entry) bool { return e.Retraction == "" }); i >= 0 {
		return f.ring.entries[i]
	}
	return nil
}
