package integration

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/vigie-project/vigie/pkg/config"
)

// faulty starts a broker whose answers a test can change.
func faulty(t *testing.T) *kfake.Cluster {
	t.Helper()
	broker, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Close)
	return broker
}

// refuse makes the broker refuse to write to a topic while on is set, and
// counts how often it did.
func refuse(broker *kfake.Cluster, topic string, on *atomic.Bool) *atomic.Int64 {
	var refused atomic.Int64
	broker.ControlKey(int16(kmsg.Produce), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		broker.KeepControl()
		req := kreq.(*kmsg.ProduceRequest)
		if !on.Load() || req.Topics[0].Topic != topic {
			return nil, nil, false
		}
		refused.Add(1)
		resp := req.ResponseKind().(*kmsg.ProduceResponse)
		for _, t := range req.Topics {
			rt := kmsg.NewProduceResponseTopic()
			rt.Topic = t.Topic
			for _, p := range t.Partitions {
				rp := kmsg.NewProduceResponseTopicPartition()
				rp.Partition, rp.ErrorCode = p.Partition, kerr.NotEnoughReplicas.Code
				rt.Partitions = append(rt.Partitions, rp)
			}
			resp.Topics = append(resp.Topics, rt)
		}
		return resp, nil, true
	})
	return &refused
}

// While what comes out cannot be written, nothing is committed; when it can
// be again, nothing is missing and nothing was written twice.
func TestTrapCommitAfterAFailedWrite(t *testing.T) {
	for _, output := range []string{"flags", "dead-letter", "receipts"} {
		t.Run(output, func(t *testing.T) {
			broker := faulty(t)
			e := newEnv(t, broker.ListenAddrs(), 2, nil)
			var on atomic.Bool
			on.Store(true)
			topic := map[string]string{
				"flags": e.cfg.Topics.Flags, "dead-letter": e.cfg.Topics.DeadLetter, "receipts": e.cfg.Topics.Receipts,
			}[output]
			refused := refuse(broker, topic, &on)
			ends := e.fill(e.calls(), 2, 40)
			e.produceBroken(2)
			for at := range ends {
				ends[at]++
			}
			w := e.start()
			e.until("the broker has refused some writes", func() bool { return refused.Load() >= 4 })
			for at := range ends {
				if got := e.committed(at.topic, at.partition); got > 0 {
					t.Errorf("%v: %d is committed though %s could not be written", at, got, output)
				}
			}
			on.Store(false)
			e.accounted(ends)
			w.end()
			e.flagsAre(e.expected(e.calls()), false)
		})
	}
}

// A stop while nothing can be written gives the batch up in time; the next
// worker does it again.
func TestStopWhileNothingCanBeWritten(t *testing.T) {
	broker := faulty(t)
	e := newEnv(t, broker.ListenAddrs(), 1, func(c *config.Config) { c.Worker.ShutdownTimeout = time.Second })
	var on atomic.Bool
	on.Store(true)
	refused := refuse(broker, e.cfg.Topics.Flags, &on)
	ends := e.fill(e.calls(), 1, 40)
	w := e.start()
	e.until("the broker has refused some writes", func() bool { return refused.Load() >= 2 })
	begin := time.Now()
	w.end()
	if d := time.Since(begin); d > 10*time.Second {
		t.Errorf("the stop took %v", d)
	}
	if got := e.committed(e.calls(), 0); got > 0 {
		t.Errorf("%d is committed", got)
	}
	on.Store(false)
	next := e.start()
	e.accounted(ends)
	next.end()
	e.flagsAre(e.expected(e.calls()), false)
}

// A partition that cannot be read does not hold up the others.
func TestBadPartitionStopsNoOther(t *testing.T) {
	broker := faulty(t)
	e := newEnv(t, broker.ListenAddrs(), 3, nil)
	ends := e.fill(e.calls(), 3, 300)
	var on atomic.Bool
	on.Store(true)
	broker.ControlKey(int16(kmsg.Fetch), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		broker.KeepControl()
		req := kreq.(*kmsg.FetchRequest)
		if !on.Load() || len(req.Topics) == 0 || req.Topics[0].Topic != e.calls() || req.Topics[0].Partitions[0].Partition != 0 {
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.FetchResponse)
		rt := kmsg.NewFetchResponseTopic()
		rt.Topic, rt.TopicID = req.Topics[0].Topic, req.Topics[0].TopicID
		rp := kmsg.NewFetchResponseTopicPartition()
		rp.ErrorCode = kerr.KafkaStorageError.Code
		rt.Partitions = append(rt.Partitions, rp)
		resp.Topics = append(resp.Topics, rt)
		return resp, nil, true
	})
	w := e.start()
	e.until("the other partitions are done", func() bool {
		return e.committed(e.calls(), 1) == 100 && e.committed(e.calls(), 2) == 100
	})
	if got := e.committed(e.calls(), 0); got > 0 {
		t.Errorf("%d of the bad partition is committed", got)
	}
	if !strings.Contains(w.log.String(), "reading failed; trying again") {
		t.Error("the log does not say what is wrong")
	}
	on.Store(false)
	e.accounted(ends)
	w.end()
	e.flagsAre(e.expected(e.calls()), false)
}

// refuseCommits makes the broker answer commits with an error while on is set.
func refuseCommits(broker *kfake.Cluster, why *kerr.Error, on *atomic.Bool) {
	broker.ControlKey(int16(kmsg.OffsetCommit), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		broker.KeepControl()
		if !on.Load() {
			return nil, nil, false
		}
		req := kreq.(*kmsg.OffsetCommitRequest)
		resp := req.ResponseKind().(*kmsg.OffsetCommitResponse)
		for _, t := range req.Topics {
			rt := kmsg.NewOffsetCommitResponseTopic()
			rt.Topic, rt.TopicID = t.Topic, t.TopicID
			for _, p := range t.Partitions {
				rp := kmsg.NewOffsetCommitResponseTopicPartition()
				rp.Partition, rp.ErrorCode = p.Partition, why.Code
				rt.Partitions = append(rt.Partitions, rp)
			}
			resp.Topics = append(resp.Topics, rt)
		}
		return resp, nil, true
	})
}

// A worker that cannot write asks before each new try whether its partition is
// still its own: while it slept, another may have written the same.
func TestTrapLateOwnerRepeatsItsWrites(t *testing.T) {
	broker := faulty(t)
	e := newEnv(t, broker.ListenAddrs(), 1, nil)
	var writes, commits atomic.Bool
	writes.Store(true)
	commits.Store(true)
	refuse(broker, e.cfg.Topics.Flags, &writes)
	refuseCommits(broker, kerr.IllegalGeneration, &commits)
	ends := e.fill(e.calls(), 1, 40)
	w := e.start()
	e.until("the batch is given up", func() bool { return strings.Contains(w.log.String(), "batch given up") })
	before, _, _ := strings.Cut(w.log.String(), "batch given up")
	if n := strings.Count(before, "writing failed; trying again"); n != 1 || !strings.Contains(before, "the partition has another owner") {
		t.Errorf("flags were sent %d times before the worker asked whether they are its own to write", n)
	}
	writes.Store(false)
	commits.Store(false)
	e.accounted(ends)
	w.end()
	e.flagsAre(e.expected(e.calls()), false)
}

// Commits that are refused for good end the generation, and the batch is judged
// and written again in the next one: after waits that grow.
func TestTrapRefusedCommitsMakeAStorm(t *testing.T) {
	broker := faulty(t)
	e := newEnv(t, broker.ListenAddrs(), 1, nil)
	var on atomic.Bool
	on.Store(true)
	refuseCommits(broker, kerr.IllegalGeneration, &on)
	ends := e.fill(e.calls(), 1, 40)
	w := e.start()
	var joined []time.Time
	e.until("the worker has joined six times", func() bool {
		for n := strings.Count(w.log.String(), "joined the group"); len(joined) < n; {
			joined = append(joined, time.Now())
		}
		return len(joined) >= 6
	})
	// Half of 50 ms, doubled four times; looked at ten times a second.
	if d := joined[5].Sub(joined[4]); d < 300*time.Millisecond {
		t.Errorf("the sixth try came %v after the fifth", d)
	}
	on.Store(false)
	e.accounted(ends)
	w.end()
	e.flagsAre(e.expected(e.calls()), true)
}

// A commit that is refused, but not because the generation has ended, is tried
// again; nothing is written again for it.
func TestRefusedCommitIsTriedAgain(t *testing.T) {
	broker := faulty(t)
	e := newEnv(t, broker.ListenAddrs(), 1, nil)
	var on atomic.Bool
	on.Store(true)
	refuseCommits(broker, kerr.GroupAuthorizationFailed, &on)
	ends := e.fill(e.calls(), 1, 40)
	w := e.start()
	e.until("the commit was tried some times", func() bool { return strings.Count(w.log.String(), "committing failed; trying again") >= 3 })
	on.Store(false)
	e.accounted(ends)
	w.end()
	if n := strings.Count(w.log.String(), "joined the group"); n != 1 {
		t.Errorf("the group was joined %d times", n)
	}
	e.flagsAre(e.expected(e.calls()), false)
}
