package console

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// Flags that were there and flags that come are kept, newest first, with their
// figures; nothing of the feed names a person.
func TestFeedFollows(t *testing.T) {
	s := newStage(t, newFake(t).ListenAddrs(), nil)
	s.create()
	s.flags(sampleFlag(1, nil), sampleFlag(2, urgent))
	s.run()
	s.holds(2)
	s.flags(sampleFlag(3, func(f *flag.Flag) { f.Categories, f.Event.Type = []string{"capacity", "health"}, "vigie.later.v9" }))
	s.holds(3)
	got := s.entries()
	if got[0].ID != sampleFlag(3, nil).ID || got[1].ID != sampleFlag(2, nil).ID || !got[1].Urgent() || got[0].Urgent() {
		t.Errorf("the entries are %+v, %+v", got[0], got[1])
	}
	hour := s.feed.Figures().Hour
	if hour.Flags != [2]int{1, 2} || hour.Categories != [4]int{3, 0, 0, 1} || hour.Severities != [4]int{0, 2, 0, 1} || hour.Kinds != [6]int{0, 2, 0, 0, 0, 1} {
		t.Errorf("the figures are %+v", hour)
	}
	for _, e := range got {
		secretFree(t, "an entry", fmt.Sprintf("%+v", *e))
	}
	if !s.feed.Figures().FlagsState.OK() {
		t.Errorf("the state is %q", s.feed.Figures().FlagsState.Sentence())
	}
	secretFree(t, "the log", s.log.String())
}

// Of a long past, the last flags are read and no others.
func TestFeedBeginsNearTheEnd(t *testing.T) {
	s := newStage(t, newFake(t).ListenAddrs(), nil)
	s.create()
	var old []kafkago.Message
	for n := range 900 {
		m := pipeline.FlagMessage(sampleFlag(n, nil), "", "test")
		m.Time = time.Now().Add(-3 * time.Hour).Add(time.Duration(n) * time.Second)
		old = append(old, m)
	}
	s.send(s.cfg.Topics.Flags, old...)
	s.run()
	until(t, "the topic is read", func() bool { return s.feed.Figures().FlagsState.OK() && len(s.entries()) >= leastFlags })
	s.flags(sampleFlag(1000, nil))
	until(t, "the new flag is there", func() bool { return s.entries()[0].ID == sampleFlag(1000, nil).ID })
	// A third of 200, rounded up, of each partition.
	if n := len(s.entries()); n != 3*67+1 {
		t.Errorf("%d flags were read, want 202", n)
	}
	if hour := s.feed.Figures().Hour; hour.TotalFlags() != 1 {
		t.Errorf("flags of three hours ago are counted: %d", hour.TotalFlags())
	}
	for i, e := range s.entries()[1:] {
		if before := s.entries()[i]; e.Written.After(before.Written) {
			t.Fatalf("entry %d is newer than the one before", i)
		}
	}
}

// What is no flag is counted and passed over.
func TestFeedPassesOverWhatIsNoFlag(t *testing.T) {
	s := started(t)
	strange := []string{
		"", // a tombstone: not even counted
		"{", "null", "[]", `"x"`, `{"type":"vigie.flag.v1"}`, "\xff\xfe", `{"type":"vigie.retraction.v1","data":{}}`,
		string(sampleFlag(1, func(f *flag.Flag) { f.Route = "<script>" }).AppendJSON(nil)),
		string(sampleFlag(1, func(f *flag.Flag) { f.Severity = 0 }).AppendJSON(nil)),
		string(sampleFlag(1, func(f *flag.Flag) { f.Severity = 1 << 40 }).AppendJSON(nil)),
		string(sampleFlag(1, func(f *flag.Flag) { f.Categories = []string{"wealth"} }).AppendJSON(nil)),
		string(sampleFlag(1, func(f *flag.Flag) { f.ID = strings.Repeat("x", 1000) }).AppendJSON(nil)),
	}
	for _, value := range strange {
		var v []byte
		if value != "" {
			v = []byte(value)
		}
		s.send(s.cfg.Topics.Flags, kafkago.Message{Key: []byte("k"), Value: v})
	}
	for _, value := range []string{"{", `{"type":"vigie.receipt.v1","data":{"from":5,"to":1}}`, `{"type":"vigie.receipt.v1","data":{"from":1,"to":2,"flagged":-1,"clean":3}}`} {
		s.send(s.cfg.Topics.Receipts, kafkago.Message{Key: []byte("k"), Value: []byte(value)})
	}
	s.flags(sampleFlag(2, func(f *flag.Flag) {
		f.Urgency = make([]string, 1000)
		for i := range f.Urgency {
			f.Urgency[i] = strings.Repeat("é", 1000)
		}
	}))
	s.holds(1)
	if e := s.entries()[0]; len(e.Urgency) != maxKept || len(e.Urgency[0]) != maxLength {
		t.Errorf("%d urgencies of %d bytes are kept", len(e.Urgency), len(e.Urgency[0]))
	}
	until(t, "all are counted", func() bool { return s.feed.Figures().Strange == len(strange)-1+3 })
}

// A judgement written twice is one flag; retractions and flags that replace
// another one mark it.
func TestFeedRepeatsRetractionsAndSuperseding(t *testing.T) {
	s := started(t)
	first := sampleFlag(1, urgent)
	retraction := &flag.Retraction{Event: first.Event, Case: first.Case, Retracts: first.ID, Reason: flag.ReasonError, Lexicon: first.Lexicon}
	s.flags(first, first, sampleFlag(2, nil))
	s.send(s.cfg.Topics.Flags, pipeline.RetractionMessage(retraction, "test"))
	s.holds(3)
	s.flags(sampleFlag(3, func(f *flag.Flag) { f.Supersedes, f.Replay = sampleFlag(2, nil).ID, true }))
	s.holds(4)
	for _, e := range s.entries() { // partitions are read in any order
		switch {
		case e.Retraction != "":
			if e.ID != first.ID || e.Retraction != flag.ReasonError || !(Filter{Route: flag.RouteUrgent}).takes(e) {
				t.Errorf("the retraction is %+v", e)
			}
		case e.ID == first.ID && e.Retracted != flag.ReasonError,
			e.ID == sampleFlag(2, nil).ID && !e.Superseded,
			e.ID == sampleFlag(3, nil).ID && (!e.Replay || e.Supersedes != sampleFlag(2, nil).ID):
			t.Errorf("a flag is %+v", e)
		}
	}
	// After a retraction the same flag can come back.
	s.flags(first)
	s.holds(5)
	g := s.feed.Figures()
	if g.Repeated != 1 || g.Hour.Retractions != 1 || g.Hour.Superseding != 1 || g.Hour.Replayed != 1 {
		t.Errorf("the figures are %+v", g)
	}
}

// Receipts make the figures of events, the group's offsets the lag, and the
// dead-letter topic's bounds its size.
func TestFeedFigures(t *testing.T) {
	s := started(t)
	receipt := &flag.Receipt{
		Group: "vigie", Topic: "calls", From: 0, To: 99, Flagged: 9, Clean: 80, Absent: 3,
		Skipped: map[string]int{"language": 2, "marker": 1}, Dead: map[string]int{"json": 4, "later": 1},
	}
	s.send(s.cfg.Topics.Receipts, kafkago.Message{Key: []byte("calls/0"), Value: receipt.AppendJSON(nil)})
	s.send("calls", kafkago.Message{Key: []byte("a"), Value: []byte("x")}, kafkago.Message{Key: []byte("a"), Value: []byte("x")})
	s.send(s.cfg.Topics.DeadLetter, kafkago.Message{Key: []byte("a"), Value: []byte("secret words")})
	until(t, "all is counted", func() bool {
		g := s.feed.Figures()
		return g.Hour.Read == 97 && g.Letters == 1 && len(g.Lag) == 2 && g.Lag[0].Records == 2
	})
	g := s.feed.Figures()
	if g.Hour.Clean != 80 || g.Hour.Skipped != 3 || g.Hour.Dead != [7]int{4, 0, 0, 0, 0, 0, 1} || g.Lag[0].Behind != 1 || g.Lag[0].Partitions != partitions || g.Lag[1].Records != 0 {
		t.Errorf("the figures are %+v", g)
	}
	ctx, cancel := context.WithTimeout(t.Context(), feedPatience)
	defer cancel()
	group, err := s.cluster.Join(&s.cfg.Group, s.cfg.Topics.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	generation, err := group.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for p := range partitions {
		if _, end, err := s.cluster.Bounds(ctx, "calls", p); err != nil {
			t.Fatal(err)
		} else if err := generation.Commit(ctx, "calls", p, end); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the group has no lag", func() bool { g := s.feed.Figures(); return len(g.Lag) == 2 && g.Lag[0].Records == 0 })
}

// A topic that is missing is named, and read as soon as it is created.
func TestFeedTopicMissingThenCreated(t *testing.T) {
	s := newStage(t, newFake(t).ListenAddrs(), nil)
	s.run()
	until(t, "the topics are missed", func() bool {
		g := s.feed.Figures()
		return g.FlagsState.Condition == Missing && g.ReceiptsState.Condition == Missing && g.LettersState.Condition == Missing && len(g.Lag) == 2 && g.Lag[0].Missing
	})
	if said := s.feed.Figures().FlagsState.Sentence(); !strings.Contains(said, "fragility.flags") || !strings.Contains(said, "n’existe pas") {
		t.Errorf("the page says %q", said)
	}
	s.create()
	s.flags(sampleFlag(1, nil))
	s.holds(1)
	until(t, "all is read", func() bool {
		g := s.feed.Figures()
		return g.FlagsState.OK() && g.ReceiptsState.OK() && g.LettersState.OK() && g.LagState.OK() && !g.Lag[0].Missing
	})
}

// A broker that goes away is said to be away; when it is back, nothing is
// missing and nothing is there twice.
func TestFeedBrokerGoesAndComesBack(t *testing.T) {
	fake := newFake(t)
	s := newStage(t, fake.ListenAddrs(), nil)
	s.create()
	s.run()
	s.flags(sampleFlag(1, nil))
	s.holds(1)
	var away atomic.Bool
	away.Store(true)
	fake.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		return nil, net.ErrClosed, away.Load()
	})
	until(t, "the loss is noticed", func() bool { return s.feed.Figures().FlagsState.Condition == Unreachable })
	s.flags(sampleFlag(2, nil))
	away.Store(false)
	s.holds(2)
	if g := s.feed.Figures(); g.Repeated != 0 {
		t.Errorf("%d flags were read twice", g.Repeated)
	}
}

// refuse makes the broker answer fetches of partitions with an error.
func refuse(fake *kfake.Cluster, code int16, of func(partition int32) bool) {
	fake.ControlKey(int16(kmsg.Fetch), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		req := kreq.(*kmsg.FetchRequest)
		asked := req.Topics[0] // the feed asks for one partition at a time
		if !of(asked.Partitions[0].Partition) {
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.FetchResponse)
		part := kmsg.NewFetchResponseTopicPartition()
		part.Partition, part.ErrorCode = asked.Partitions[0].Partition, code
		topic := kmsg.NewFetchResponseTopic()
		topic.Topic, topic.TopicID, topic.Partitions = asked.Topic, asked.TopicID, []kmsg.FetchResponseTopicPartition{part}
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
}

// A right that is missing is named.
func TestFeedDenied(t *testing.T) {
	fake := newFake(t)
	s := newStage(t, fake.ListenAddrs(), nil)
	s.create()
	refuse(fake, kerr.TopicAuthorizationFailed.Code, func(int32) bool { return true })
	s.run()
	until(t, "the denial is told", func() bool { return s.feed.Figures().FlagsState.Condition == Denied })
	if said := s.feed.Figures().FlagsState.Sentence(); !strings.Contains(said, "le droit Read sur le topic fragility.flags") {
		t.Errorf("the page says %q", said)
	}
}

// A partition that cannot be read does not keep the others from being read.
func TestFeedPartitionWithoutLeader(t *testing.T) {
	fake := newFake(t)
	s := newStage(t, fake.ListenAddrs(), nil)
	s.create()
	refuse(fake, kerr.NotLeaderForPartition.Code, func(p int32) bool { return p == 0 })
	s.run()
	n := 0
	for i := range 12 {
		f := sampleFlag(i, nil)
		s.flags(f)
		if kafka.PartitionOf([]byte(f.Case), partitions) != 0 {
			n++
		}
	}
	if n == 0 || n == 12 {
		t.Fatalf("%d of 12 flags are on partitions that can be read", n)
	}
	s.holds(n)
	until(t, "the page says that something is in the way", func() bool { return s.feed.Figures().FlagsState.Condition == Unreachable })
}
