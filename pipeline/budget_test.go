package pipeline

import (
	"context"
	"sync"
	"testing"
)

// Messages counted instead of bytes would let twelve partitions of large
// events take a gigabyte.
func TestTrapBytesInFlightAreUnbounded(t *testing.T) {
	const limit, ask, workers, rounds = 1000, 300, 12, 200
	b := newBudget(limit)
	var mu sync.Mutex
	held, most := 0, 0
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range rounds {
				if err := b.reserve(t.Context(), ask); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				held += ask
				most = max(most, held)
				held -= ask
				mu.Unlock()
				b.settle(-ask)
			}
		})
	}
	wg.Wait()
	if most > limit {
		t.Errorf("%d bytes were held, the limit is %d", most, limit)
	}
	if b.used != 0 {
		t.Errorf("%d bytes were never given back", b.used)
	}
}

func TestBudgetAllowsOneOfAnySize(t *testing.T) {
	b := newBudget(10)
	if err := b.reserve(t.Context(), 1000); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if b.reserve(ended, 1) == nil {
		t.Error("a second one was let in beside it")
	}
	b.settle(500) // it was even larger
	b.settle(-1500)
	if err := b.reserve(ended, 1); err != nil {
		t.Errorf("nothing is held, but: %v", err)
	}
}

func TestBudgetWakesWhoWaits(t *testing.T) {
	b := newBudget(10)
	if err := b.reserve(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	got := make(chan error)
	go func() { got <- b.reserve(t.Context(), 5) }()
	b.settle(-5)
	if err := <-got; err != nil {
		t.Error(err)
	}
}
