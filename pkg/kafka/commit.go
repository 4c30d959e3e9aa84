package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	kafkago "github.com/segmentio/kafka-go"
)

// commits are the offsets that a generation's partitions want to commit. While
// one request is under way the next ones gather, and go together: of several
// requests on a generation's connection kafka-go lets all but one wait in a
// loop that takes as much of the processor as there is.
type commits struct {
	mu      sync.Mutex
	sending bool
	waiting []*wish
	send    func(offsets map[string]map[int]int64) error
}

// wish is one offset to be committed.
type wish struct {
	topic     string
	partition int
	offset    int64
	done      chan error
	// gone: nobody waits for it any more.
	gone bool
}

// commit returns when the offset is committed or ctx ends. kafka-go's call has
// no context and can wait for ever.
func (c *commits) commit(ctx context.Context, topic string, partition int, offset int64) error {
	w := &wish{topic: topic, partition: partition, offset: offset, done: make(chan error, 1)}
	c.mu.Lock()
	c.waiting = append(c.waiting, w)
	if !c.sending {
		c.sending = true
		go c.run()
	}
	c.mu.Unlock()
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		c.withdraw(w)
		return fmt.Errorf("unanswered: %w", ctx.Err())
	}
}

// withdraw forgets a wish that was not sent: what its partition commits next,
// by another connection, must not be taken back by it later.
func (c *commits) withdraw(w *wish) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.gone = true
}

// wanted leaves out of a list what is no longer waited for.
func (c *commits) wanted(list []*wish) []*wish {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(list, func(w *wish) bool { return w.gone })
}

// run sends what is waiting until nothing is.
func (c *commits) run() {
	for {
		c.mu.Lock()
		list := c.waiting
		c.waiting = nil
		c.sending = len(list) > 0
		c.mu.Unlock()
		if len(list) == 0 {
			return
		}
		c.together(c.wanted(list))
	}
}

// together commits a list in one request. The answer's first error is all that
// kafka-go tells, so after one each is asked for by itself.
func (c *commits) together(list []*wish) {
	if len(list) == 0 {
		return
	}
	offsets := make(map[string]map[int]int64)
	for _, w := range list {
		if offsets[w.topic] == nil {
			offsets[w.topic] = make(map[int]int64)
		}
		offsets[w.topic][w.partition] = w.offset
	}
	err := c.send(offsets)
	var answered kafkago.Error
	if len(list) > 1 && errors.As(err, &answered) {
		for _, w := range list {
			c.together(c.wanted([]*wish{w}))
		}
		return
	}
	for _, w := range list {
		w.done <- err
	}
}
