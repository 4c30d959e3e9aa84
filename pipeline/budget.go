package pipeline

import (
	"context"
	"sync"
	"sync/atomic"
)

// budget bounds the memory of what is read and not yet written. Most of it is
// shared out among the partitions of a generation beforehand, so that a slow
// one never makes another wait. The rest is lent to whoever meets a stored
// batch or a record larger than its share.
type budget struct {
	share int64
	// stored lends for batches as they lie in the log, decoded for records.
	// They are two because whoever holds the first may wait for the second; who
	// holds the second waits for nobody.
	stored, decoded *pool
	// held counts what is held, over all generations of a worker.
	held *atomic.Int64
}

// newBudget shares limit bytes among so many partitions: three quarters, and an
// eighth to each pool.
func newBudget(limit int64, partitions int, held *atomic.Int64) *budget {
	return &budget{
		held:   held,
		share:  limit / 4 * 3 / int64(max(partitions, 1)),
		stored: newPool(limit / 8), decoded: newPool(limit / 8),
	}
}

// part is a quarter of a share, which holds four things: a fetch as stored that
// is in hand, the next one behind it, a batch decoded, and what comes of it.
func (b *budget) part() int64 { return max(b.share/4, 1) }

// hold notes that n bytes more are held, or with -n no longer.
func (b *budget) hold(n int64) { b.held.Add(n) }

// pool lends bytes. One loan is allowed however large it is.
type pool struct {
	mu   sync.Mutex
	max  int64
	lent int64
	// freed is closed, and replaced, when bytes come back.
	freed chan struct{}
}

func newPool(limit int64) *pool { return &pool{max: limit, freed: make(chan struct{})} }

// borrow waits until n more bytes can be lent, or ctx ends, whose error it returns.
func (p *pool) borrow(ctx context.Context, n int64) error {
	for {
		p.mu.Lock()
		if p.lent == 0 || p.lent+n <= p.max {
			p.lent += n
			p.mu.Unlock()
			return nil
		}
		freed := p.freed
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-freed:
		}
	}
}

// giveBack returns n bytes.
func (p *pool) giveBack(n int64) {
	if n == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lent -= n
	close(p.freed)
	p.freed = make(chan struct{})
}

// loan is what one batch has borrowed.
type loan struct {
	pool *pool
	n    int64
}

// grant borrows n bytes under ctx.
func (l *loan) grant(ctx context.Context) func(n int64) error {
	return func(n int64) error {
		if err := l.pool.borrow(ctx, n); err != nil {
			return err
		}
		l.n += n
		return nil
	}
}

// end gives all of it back.
func (l *loan) end() {
	l.pool.giveBack(l.n)
	l.n = 0
}
