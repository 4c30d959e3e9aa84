package kafka

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// A coordinator that never answers a commit must not hold the worker for ever.
func TestTrapCommitHangs(t *testing.T) {
	fake, c, cfg := broker(t)
	group, err := c.Join(&cfg.Group, []string{"in"})
	if err != nil {
		t.Fatal(err)
	}
	gen, err := group.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	answer, asked := make(chan struct{}), make(chan struct{})
	fake.ControlKey(int16(kmsg.OffsetCommit), func(kmsg.Request) (kmsg.Response, error, bool) {
		fake.SleepControl(func() { close(asked); <-answer })
		return nil, nil, false
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if err := gen.Commit(ctx, "in", 0, 1); err == nil {
		t.Error("an unanswered commit counts as done")
	}
	close(answer)
	group.Close()
}

// With kafka-go's defaults a member that has nothing to do takes seconds to
// join and to leave, and everybody waits for it.
func TestTrapJoinAndLeaveAreSlow(t *testing.T) {
	_, c, cfg := broker(t)
	begin := time.Now()
	for range 3 {
		group, err := c.Join(&cfg.Group, []string{"in", "out"})
		if err != nil {
			t.Fatal(err)
		}
		gen, err := group.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]int{"in": {0}, "out": {0}}
		if diff := cmp.Diff(want, group.assigned()); diff != "" {
			t.Error(diff)
		}
		p := c.Open(gen.Assignments[0], cfg.Group.OnOutOfRange, cfg.Worker.FetchMaxWait)
		gen.Start(func(ctx context.Context) {
			for ctx.Err() == nil {
				_, _ = p.Fetch(ctx, 1<<20)
			}
		})
		// A member that leaves without saying so is missed for the session timeout.
		group.Close()
	}
	if d := time.Since(begin); d > cfg.Group.SessionTimeout/2 {
		t.Errorf("three times in and out took %v", d)
	}
}
