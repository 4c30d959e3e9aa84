package console

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// feedPatience is how long a test waits for what must happen.
const feedPatience = 30 * time.Second

// partitions of every topic but lexicons.
const partitions = 3

// stage is a broker with topics, a way to it and a feed of it.
type stage struct {
	t       *testing.T
	cfg     *config.Config
	cluster *kafka.Cluster
	feed    *Feed
	log     *syncBuffer
	stop    func()
}

// syncBuffer is a buffer for several goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newFake starts a broker inside the process.
func newFake(t *testing.T) *kfake.Cluster {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	return fake
}

// newStage prepares a feed of brokers; change alters the configuration first.
// Nothing is created and nothing runs yet.
func newStage(t *testing.T, brokers []string, change func(*config.Config)) *stage {
	t.Helper()
	cfg := config.Default()
	cfg.Kafka.Brokers = brokers
	cfg.Topics.Inputs = []string{"calls", "mails"}
	cfg.Topics.Evidence = "fragility.evidence"
	cfg.Topics.Partitions = partitions
	if change != nil {
		change(cfg)
	}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	s := &stage{t: t, cfg: cfg, cluster: cluster, log: &syncBuffer{}}
	s.feed = NewFeed(cluster, cfg, zerolog.New(s.log))
	s.feed.tempo = tempo{idle: 5 * time.Millisecond, retry: 20 * time.Millisecond, most: 50 * time.Millisecond, look: 30 * time.Millisecond}
	return s
}

// create creates the topics.
func (s *stage) create() {
	s.t.Helper()
	if _, err := kafka.CreateTopics(s.t.Context(), s.cfg, true); err != nil {
		s.t.Fatal(err)
	}
}

// run runs the feed until stop or the end of the test.
func (s *stage) run() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.feed.Run(ctx)
	}()
	s.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(feedPatience):
			s.t.Error("the feed does not end")
		}
	})
	s.t.Cleanup(s.stop)
}

// started is a feed that runs on a broker with topics.
func started(t *testing.T) *stage {
	t.Helper()
	s := newStage(t, newFake(t).ListenAddrs(), nil)
	s.create()
	s.run()
	return s
}

// until waits for a condition.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(feedPatience)
	for !condition() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("after %v still not: %s", feedPatience, what)
		}
	}
}

// send writes messages, again until they are written: a new topic has no
// leader for a moment.
func (s *stage) send(topic string, messages ...kafkago.Message) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), feedPatience)
	defer cancel()
	w := s.cluster.NewWriter(topic, s.cfg.Topics.MaxMessageBytes)
	for {
		failed, _, err := w.Write(ctx, messages)
		if err == nil {
			return
		}
		messages = failed
		select {
		case <-ctx.Done():
			s.t.Fatal(err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

const digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"

// sampleFlag is a flag of the event number n; its case file, source and event
// id are secret: no page and no log may hold them.
func sampleFlag(n int, change func(*flag.Flag)) *flag.Flag {
	source, id := "/secret-source", fmt.Sprintf("secret-event-%d", n)
	f := &flag.Flag{
		ID:         flag.ID(source, id, digest),
		Event:      flag.EventRef{Source: source, ID: id, Type: "vigie.email.v1", Origin: &flag.Origin{Topic: "mails", Partition: 2, Offset: int64(n)}},
		Case:       fmt.Sprintf("secret-case-%d", n),
		Categories: []string{"health"}, Severity: 2, Route: flag.RouteCare,
		Findings: []flag.Finding{{
			Category: "health", Factor: "health.cancer", Term: "health.cancer/8c1f02aa", Severity: 2, Status: flag.Asserted,
			Spans: []flag.Span{{Part: "text", Start: 3, End: 9}},
		}},
		FindingsTotal: 1,
		Lexicon:       flag.Lexicon{Name: "fr", Version: "2026.11.0", Digest: digest},
	}
	if change != nil {
		change(f)
	}
	return f
}

func urgent(f *flag.Flag) {
	f.Route, f.Severity, f.Urgency = flag.RouteUrgent, 4, []string{"suicide"}
}

// flags writes flags, one after the other.
func (s *stage) flags(flags ...*flag.Flag) {
	s.t.Helper()
	for _, f := range flags {
		s.send(s.cfg.Topics.Flags, pipeline.FlagMessage(f, "", "test"))
	}
}

// entries are all entries that the feed holds, the newest first.
func (s *stage) entries() []*Entry {
	list, _ := s.feed.latest(ringSize, Filter{})
	return list
}

func (s *stage) holds(n int) {
	s.t.Helper()
	until(s.t, fmt.Sprintf("the feed holds %d entries", n), func() bool { return len(s.entries()) == n })
}

// secretFree fails where a text holds what names a person.
func secretFree(t *testing.T, what, text string) {
	t.Helper()
	if strings.Contains(text, "secret") {
		t.Errorf("%s holds what names a person: %s", what, text)
	}
}
