package pipeline

import (
	"context"
	"math/rand/v2"
	"time"
)

// The first and the longest wait between two tries.
const (
	shortestWait = 50 * time.Millisecond
	longestWait  = 5 * time.Second
)

// backoff waits between tries, twice as long each time up to a limit, with a
// random part, so that workers do not come back to a broker all at once.
type backoff struct{ tries int }

// wait waits before the next try, or until ctx ends, whose error it returns.
func (b *backoff) wait(ctx context.Context) error {
	d := min(shortestWait<<min(b.tries, 20), longestWait)
	b.tries++
	timer := time.NewTimer(d/2 + rand.N(d/2))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
