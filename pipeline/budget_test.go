package pipeline

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

// Messages counted instead of bytes would let twelve partitions of large
// events take a gigabyte.
func TestTrapBytesInFlightAreUnbounded(t *testing.T) {
	for _, partitions := range []int{0, 1, 12, 1000} {
		const limit = 64 << 20
		b := newBudget(limit, partitions, new(atomic.Int64))
		if most := 4*b.part()*int64(max(partitions, 1)) + b.stored.max + b.decoded.max; most > limit {
			t.Errorf("%d partitions may hold %d bytes, the limit is %d", partitions, most, limit)
		}
	}
}

// What is lent stays below the limit while everybody borrows what they need.
func TestPoolIsBounded(t *testing.T) {
	const limit, ask, borrowers, rounds = 1000, 300, 12, 200
	p := newPool(limit)
	var mu sync.Mutex
	held, most := 0, 0
	var wg sync.WaitGroup
	for range borrowers {
		wg.Go(func() {
			for range rounds {
				l := &loan{pool: p}
				if err := l.grant(t.Context())(ask); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				held += ask
				most = max(most, held)
				mu.Unlock()
				mu.Lock()
				held -= ask
				mu.Unlock()
				l.end()
			}
		})
	}
	wg.Wait()
	if most > limit {
		t.Errorf("%d bytes were lent, the limit is %d", most, limit)
	}
	if p.lent != 0 {
		t.Errorf("%d bytes were never given back", p.lent)
	}
}

func TestPoolLendsOneOfAnySize(t *testing.T) {
	p := newPool(10)
	if err := p.borrow(t.Context(), 1000); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if p.borrow(ended, 1) == nil {
		t.Error("a second one was let in beside it")
	}
	p.giveBack(1000)
	if err := p.borrow(ended, 1); err != nil {
		t.Errorf("nothing is lent, but: %v", err)
	}
}

func TestPoolWakesWhoWaits(t *testing.T) {
	p := newPool(10)
	if err := p.borrow(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	got := make(chan error)
	go func() { got <- p.borrow(t.Context(), 5) }()
	p.giveBack(5)
	if err := <-got; err != nil {
		t.Error(err)
	}
}
