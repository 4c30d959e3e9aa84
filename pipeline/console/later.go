package console

import (
	"context"
	"time"
)

// later is a value that is made in the background.
type later[T any] struct {
	done  chan struct{}
	value T
}

func newLater[T any]() *later[T] { return &later[T]{done: make(chan struct{})} }

// set gives the value, once.
func (l *later[T]) set(value T) {
	l.value = value
	close(l.done)
}

// get returns the value, and whether it is there.
func (l *later[T]) get() (value T, ok bool) {
	select {
	case <-l.done:
		return l.value, true
	default:
		return value, false
	}
}

// patience is how long a live request waits for a value: the page asks again
// then.
const patience = 20 * time.Second

// wait is get, after some patience.
func (l *later[T]) wait(ctx context.Context) (value T, ok bool) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-l.done:
	case <-timer.C:
	case <-ctx.Done():
	}
	return l.get()
}
