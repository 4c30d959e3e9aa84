package kafka

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
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
		p := c.Open(gen.Assignments[0], reading(cfg.Group.OnOutOfRange))
		gen.Start(func(ctx context.Context) {
			for ctx.Err() == nil {
				_, _ = p.Fetch(ctx, 1<<20, nil)
			}
		})
		// A member that leaves without saying so is missed for the session timeout.
		group.Close()
	}
	if d := time.Since(begin); d > cfg.Group.SessionTimeout/2 {
		t.Errorf("three times in and out took %v", d)
	}
}

// While the group is coordinated elsewhere, or a right is missing, a commit
// fails, but not for good; what the generation's connection cannot do any more
// a new one can.
func TestCommitSurvivesItsCoordinator(t *testing.T) {
	fake, c, cfg := broker(t)
	group, err := c.Join(&cfg.Group, []string{"in"})
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	gen, err := group.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []*kerr.Error{kerr.NotCoordinator, kerr.GroupAuthorizationFailed} {
		fake.ControlKey(int16(kmsg.OffsetCommit), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
			req := kreq.(*kmsg.OffsetCommitRequest)
			resp := req.ResponseKind().(*kmsg.OffsetCommitResponse)
			for _, t := range req.Topics {
				rt := kmsg.NewOffsetCommitResponseTopic()
				rt.Topic, rt.TopicID = t.Topic, t.TopicID
				rp := kmsg.NewOffsetCommitResponseTopicPartition()
				rp.ErrorCode = code.Code
				rt.Partitions = append(rt.Partitions, rp)
				resp.Topics = append(resp.Topics, rt)
			}
			return resp, nil, true
		})
		if err := gen.Commit(t.Context(), "in", 0, 1); !errors.Is(err, ErrAgain) {
			t.Errorf("%v: %v", code, err)
		}
		if err := gen.Commit(t.Context(), "in", 0, 1); err != nil {
			t.Errorf("after %v: %v", code, err)
		}
	}
}

// A broker that takes connections and says nothing, or closes them, does not
// keep a worker from the group while others answer.
func TestJoinsPastABrokerThatDoesNotAnswer(t *testing.T) {
	for _, tt := range []struct {
		name  string
		serve func(net.Conn)
	}{
		{"closes", func(c net.Conn) { _ = c.Close() }},
		{"hangs", func(net.Conn) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, cfg := broker(t)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			var serving sync.WaitGroup
			serving.Go(func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					defer func() { _ = conn.Close() }()
					tt.serve(conn)
				}
			})
			defer serving.Wait()
			defer func() { _ = l.Close() }()
			cfg.Kafka.Brokers = append([]string{l.Addr().String()}, cfg.Kafka.Brokers...)
			c, err := Connect(cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			group, err := c.Join(&cfg.Group, []string{"in"})
			if err != nil {
				t.Fatal(err)
			}
			defer group.Close()
			if _, err := group.Next(t.Context()); err == nil {
				t.Fatal("the first broker does not answer, but the group was joined by it")
			}
			if _, err := group.Next(t.Context()); err != nil {
				t.Errorf("by the second broker: %v", err)
			}
		})
	}
}
