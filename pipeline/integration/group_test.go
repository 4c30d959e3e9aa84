package integration

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// A third worker joins while two are at work, then one leaves: no offset is
// left out, and what is judged twice gives the same flag, byte for byte.
func TestRebalance(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 6, func(c *config.Config) { c.Worker.BatchRecords = 10 })
		ends := e.fill(e.calls(), 6, 600)
		one, two := e.start(), e.start()
		e.until("the first batches are committed", func() bool { return e.committed(e.calls(), 0) > 0 })
		three := e.start()
		e.until("the third worker has committed a batch", func() bool {
			for at, end := range e.fill(e.calls(), 6, 60) {
				ends[at] = end
			}
			return strings.Contains(three.log.String(), `"batch committed"`)
		})
		one.end()
		for at, end := range e.fill(e.mails(), 6, 600) {
			ends[at] = end
		}
		e.accounted(ends)
		two.end()
		three.end()
		e.flagsAre(e.expected(e.calls(), e.mails()), true)
	})
}

// done reports whether everything is committed.
func (e *env) done(ends map[place]int64) bool {
	for at, end := range ends {
		if e.committed(at.topic, at.partition) < end {
			return false
		}
	}
	return true
}

// A stop in the middle finishes the batch in hand: what was written is
// committed, so the next worker repeats nothing.
func TestGracefulStopCommits(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 2, func(c *config.Config) { c.Worker.BatchRecords = 5 })
		ends := e.fill(e.calls(), 2, 1000)
		for range 3 {
			before := e.committed(e.calls(), 0)
			w := e.start()
			e.until("some batches are committed", func() bool {
				return e.committed(e.calls(), 0) > max(before, 0)+20 || e.done(ends)
			})
			begin := time.Now()
			w.end()
			if d := time.Since(begin); d > 4*time.Second {
				t.Errorf("the stop took %v", d)
			}
			for at, list := range e.receipts() {
				if next := contiguous(t, at, list, 0); next != e.committed(at.topic, at.partition) {
					t.Errorf("%v: receipts reach %d, committed is %d", at, next, e.committed(at.topic, at.partition))
				}
			}
		}
		w := e.start()
		e.accounted(ends)
		w.end()
		e.flagsAre(e.expected(e.calls()), false)
	})
}

// The design's first trap: one missing topic would leave the whole group
// without partitions, and asking for it by other means would create it.
func TestTrapMissingTopicStarvesAll(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		missing := e.calls() + ".misspelt"
		e.cfg.Topics.Inputs = append(e.cfg.Topics.Inputs, missing)
		err := e.start().wait()
		if !errors.Is(err, kafka.ErrMissingTopic) || !strings.Contains(err.Error(), missing) || strings.Contains(err.Error(), e.mails()) {
			t.Errorf("error is %v", err)
		}
		if e.exists(missing) {
			t.Error("the missing topic was created")
		}
	})
}

func TestUnreachable(t *testing.T) {
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Kafka.Brokers = []string{"127.0.0.1:" + strconv.Itoa(port)}
	cfg.Kafka.ConnectTimeout = 500 * time.Millisecond
	w := newWorker(t, cfg, io.Discard)
	if err := w.Run(t.Context()); !errors.Is(err, kafka.ErrUnreachable) || !strings.Contains(err.Error(), cfg.Kafka.Brokers[0]) {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Run(ctx); err != nil {
		t.Errorf("a stop while looking for a broker is no error, got %v", err)
	}
}

// A member's commit from before a rebalance is refused: it would move the
// group's offset backwards.
func TestTrapStaleCommitIsAccepted(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		cluster, err := kafka.Connect(e.cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(cluster.Close)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		t.Cleanup(cancel)
		join := func() (*kafka.Group, *kafka.Generation) {
			group, err := cluster.Join(&e.cfg.Group, e.cfg.Topics.Inputs)
			if err != nil {
				t.Fatal(err)
			}
			for {
				if gen, err := group.Next(ctx); err == nil {
					return group, gen
				} else if ctx.Err() != nil {
					t.Fatal(err)
				}
			}
		}
		first, old := join()
		t.Cleanup(first.Close)
		if err := old.Commit(ctx, e.calls(), 0, 7); err != nil {
			t.Fatalf("a commit in its own generation is refused: %v", err)
		}
		ended := make(chan struct{})
		old.Start(func(ctx context.Context) { <-ctx.Done(); close(ended) })
		second, _ := join()
		t.Cleanup(second.Close)
		<-ended
		for range 3 {
			if _, err := first.Next(ctx); err == nil {
				break
			}
		}
		// By its own connection, which is closed, and then by a new one.
		for _, again := range []bool{true, false} {
			if err := old.Commit(ctx, e.calls(), 0, 3); err == nil || errors.Is(err, kafka.ErrAgain) != again {
				t.Errorf("a commit of an ended generation: %v", err)
			}
		}
		if got := e.committed(e.calls(), 0); got != 7 {
			t.Errorf("the group's offset is %d, want 7", got)
		}
	})
}

// The committed offset is not in the log: before its start, or past its end.
func TestTrapOffsetOutOfRange(t *testing.T) {
	for _, tt := range []struct {
		name, policy string
		committed    int64
		from, absent int64 // of the first receipt
		fails        bool
	}{
		{"lost to retention, earliest", config.Earliest, 2, 2, 4, false},
		{"past the end, earliest", config.Earliest, 500, 6, 0, false},
		{"past the end, fail", config.Fail, 500, 0, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, brokers []string) {
				e := newEnv(t, brokers, 1, func(c *config.Config) { c.Group.OnOutOfRange = tt.policy })
				e.fill(e.calls(), 1, 10)
				e.cut(e.calls(), 0, 6)
				e.commit(e.calls(), 0, tt.committed)
				w := e.start()
				if tt.fails {
					if err := w.wait(); !errors.Is(err, kafka.ErrOutOfRange) {
						t.Errorf("error is %v", err)
					}
					return
				}
				at := place{e.calls(), 0}
				e.until("the log is accounted for", func() bool { return e.committed(e.calls(), 0) == 10 })
				w.end()
				list := e.receipts()[at]
				if r := list[0]; r.From != tt.from || r.Absent != tt.absent || contiguous(t, at, list, tt.from) != 10 {
					t.Errorf("receipts are %+v", list)
				}
			})
		})
	}
}

// Partitions that come later are read from their start, by the watcher's doing.
func TestTrapNewPartitionsGoUnnoticed(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		ends := e.fill(e.calls(), 1, 20)
		w := e.start()
		e.accounted(ends)
		e.grow(e.calls(), 3)
		e.until("records can be written to the new partitions", func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			r := &kgo.Record{Topic: e.calls(), Partition: 2, Value: mail("new", "D-1", texts[1])}
			return e.client.ProduceSync(ctx, r).FirstErr() == nil
		})
		e.until("the new partition is read", func() bool { return e.committed(e.calls(), 2) >= 1 })
		w.end()
	})
}

// A deleted topic does not starve the others.
func TestTrapDeletedTopicStarvesTheOthers(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		ends := e.fill(e.calls(), 1, 20)
		w := e.start()
		e.accounted(ends)
		e.drop(e.mails())
		e.until("the worker has noticed", func() bool { return strings.Contains(w.log.String(), "the topic no longer exists") })
		e.accounted(e.fill(e.calls(), 1, 20))
		w.end()
	})
}
