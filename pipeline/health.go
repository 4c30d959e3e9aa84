package pipeline

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// health is whether a worker does what it is there for. Its zero value is that
// of a worker that has not joined its group.
type health struct {
	mu     sync.Mutex
	joined bool
	topics map[string]trouble
}

// trouble is what is wrong with an output topic.
type trouble struct {
	// stuck counts the writes that have failed and are tried again now.
	stuck int
	// lost says that a write was given up and none has succeeded since.
	lost  bool
	since time.Time
}

// join notes that the worker is a member with so many partitions. One without
// any has nothing to write, so it is not held against it that it once could not.
func (h *health) join(partitions int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.joined = true
	if partitions == 0 {
		h.topics = nil
	}
}

// leave notes that the worker is no member now.
func (h *health) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.joined = false
}

// stuck notes that a write to a topic failed for the first time.
func (h *health) stuck(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[topic]
	if t.stuck == 0 && !t.lost {
		t.since = time.Now()
	}
	t.stuck++
	if h.topics == nil {
		h.topics = make(map[string]trouble)
	}
	h.topics[topic] = t
}

// ended notes the end of a write to a topic: whether it had been stuck, and
// whether it succeeded in the end.
func (h *health) ended(topic string, wasStuck, written bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, ok := h.topics[topic]
	if !ok {
		return
	}
	if wasStuck {
		t.stuck--
	}
	t.lost = !written && (t.lost || wasStuck)
	h.topics[topic] = t
}

// fails returns since when a topic cannot be written to, ok false if it can.
func (h *health) fails(topic string) (since time.Time, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[topic]
	return t.since, t.stuck > 0 || t.lost
}

// wrong lists why the worker is not ready, nothing if it is.
func (h *health) wrong() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []string
	for topic, t := range h.topics {
		if t.stuck > 0 || t.lost {
			list = append(list, fmt.Sprintf("cannot write to %s since %s", topic, t.since.UTC().Format(time.RFC3339)))
		}
	}
	slices.Sort(list)
	if !h.joined {
		list = append(list, "no member of the group")
	}
	return list
}

// ReadyHandler answers 200 while the worker is a member of its group, with or
// without partitions, and can write what it makes; else 503 and why, a reason a
// line.
func (w *Worker) ReadyHandler() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		if wrong := w.health.wrong(); len(wrong) > 0 {
			http.Error(rw, strings.Join(wrong, "\n"), http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(rw, "ready\n")
	})
}
