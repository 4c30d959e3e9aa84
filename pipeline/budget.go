package pipeline

import (
	"context"
	"sync"
)

// budget bounds the bytes of records held at a time. What a fetch will bring
// is known only afterwards, so a fetch reserves what it asks for and then
// settles the difference, which may overdraw; new fetches wait until it is
// paid back. One fetch is allowed however large it is.
type budget struct {
	mu   sync.Mutex
	max  int64
	used int64
	// freed is closed, and replaced, when bytes come back.
	freed chan struct{}
}

func newBudget(limit int64) *budget {
	return &budget{max: limit, freed: make(chan struct{})}
}

// reserve waits until n more bytes fit, or ctx ends, whose error it returns.
func (b *budget) reserve(ctx context.Context, n int64) error {
	for {
		b.mu.Lock()
		if b.used == 0 || b.used+n <= b.max {
			b.used += n
			b.mu.Unlock()
			return nil
		}
		freed := b.freed
		b.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-freed:
		}
	}
}

// settle adds n bytes, or gives -n back, without waiting.
func (b *budget) settle(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used += n
	if n < 0 {
		close(b.freed)
		b.freed = make(chan struct{})
	}
}

// held returns how many bytes are held now.
func (b *budget) held() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used
}
