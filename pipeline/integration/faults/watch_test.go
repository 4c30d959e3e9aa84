package faults

import (
	"context"
	"sync"
	"time"
)

// watch looks at what the group commits, five times a second, and notes the
// longest time in which nothing was.
type watch struct {
	mu         sync.Mutex
	committed  int64
	moved      time.Time
	standstill time.Duration
	stop       context.CancelFunc
	done       chan struct{}
}

func (r *run) newWatch() *watch {
	ctx, stop := context.WithCancel(context.Background())
	w := &watch{moved: time.Now(), stop: stop, done: make(chan struct{})}
	r.t.Cleanup(w.end)
	go func() {
		defer close(w.done)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			if offsets, ok := r.offsets(); ok {
				var sum int64
				for _, topic := range offsets {
					for _, o := range topic {
						sum += max(o.At, 0)
					}
				}
				w.see(sum)
			}
		}
	}()
	return w
}

func (w *watch) see(sum int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if sum != w.committed {
		w.committed = sum
		w.standstill = max(w.standstill, time.Since(w.moved))
		w.moved = time.Now()
	}
}

// sum is how many offsets are committed, over all partitions.
func (w *watch) sum() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.committed
}

// end stops looking.
func (w *watch) end() {
	w.stop()
	<-w.done
}
