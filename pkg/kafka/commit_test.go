package kafka

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"
)

// line is a connection whose answers the test gives.
type line struct {
	mu    sync.Mutex
	sent  []map[string]map[int]int64
	asked chan struct{}
	// answer is waited for by every request.
	answer chan error
}

func newLine() *line { return &line{asked: make(chan struct{}), answer: make(chan error)} }

func (l *line) send(offsets map[string]map[int]int64) error {
	l.mu.Lock()
	l.sent = append(l.sent, offsets)
	l.mu.Unlock()
	l.asked <- struct{}{}
	return <-l.answer
}

// gathered waits until so many wishes are waiting.
func gathered(t *testing.T, c *commits, n int) {
	t.Helper()
	for t.Context().Err() == nil {
		c.mu.Lock()
		have := len(c.waiting)
		c.mu.Unlock()
		if have == n {
			return
		}
	}
	t.Fatalf("%d commits never waited", n)
}

// start begins a commit whose error comes on the channel.
func (c *commits) start(ctx context.Context, partition int, offset int64) <-chan error {
	done := make(chan error, 1)
	go func() { done <- c.commit(ctx, "in", partition, offset) }()
	return done
}

// While one commit is under way the others gather, and go together.
func TestCommitsGoTogether(t *testing.T) {
	l := newLine()
	c := &commits{send: l.send}
	first := c.start(t.Context(), 0, 10)
	<-l.asked
	var rest []<-chan error
	for p := 1; p <= 3; p++ {
		rest = append(rest, c.start(t.Context(), p, int64(10*p)))
	}
	gathered(t, c, 3)
	l.answer <- nil
	<-l.asked
	l.answer <- nil
	for _, done := range append(rest, first) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	want := []map[string]map[int]int64{{"in": {0: 10}}, {"in": {1: 10, 2: 20, 3: 30}}}
	if diff := cmp.Diff(want, l.sent); diff != "" {
		t.Error(diff)
	}
}

// One partition that is refused takes no other along, and one that nobody waits
// for any more is not committed late, over what came after it.
func TestCommitsAreToldApart(t *testing.T) {
	l := newLine()
	c := &commits{send: l.send}
	first := c.start(t.Context(), 0, 10)
	<-l.asked
	ctx, leave := context.WithCancel(t.Context())
	left := c.start(ctx, 3, 30)
	gathered(t, c, 1)
	refused := c.start(t.Context(), 1, 10)
	gathered(t, c, 2)
	taken := c.start(t.Context(), 2, 20)
	gathered(t, c, 3)
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that left: %v", err)
	}
	// The first one, the two together, each of them.
	l.answer <- nil
	for _, answer := range []error{kafkago.UnknownTopicOrPartition, kafkago.UnknownTopicOrPartition, nil} {
		<-l.asked
		l.answer <- answer
	}
	if err := errors.Join(<-first, <-taken); err != nil {
		t.Error(err)
	}
	if err := <-refused; !errors.Is(err, kafkago.UnknownTopicOrPartition) {
		t.Errorf("the one refused: %v", err)
	}
	if slices.ContainsFunc(l.sent, func(o map[string]map[int]int64) bool { _, ok := o["in"][3]; return ok }) {
		t.Errorf("committed without anybody waiting: %v", l.sent)
	}
}

// A connection that breaks is told to all that waited for it.
func TestCommitsFailTogether(t *testing.T) {
	l := newLine()
	c := &commits{send: l.send}
	first := c.start(t.Context(), 0, 10)
	<-l.asked
	a, b := c.start(t.Context(), 1, 10), c.start(t.Context(), 2, 10)
	gathered(t, c, 2)
	broken := errors.New("broken")
	l.answer <- broken
	<-l.asked
	l.answer <- broken
	for _, done := range []<-chan error{first, a, b} {
		if err := <-done; !errors.Is(err, broken) {
			t.Error(err)
		}
	}
}
