package integration

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// patience is how long a test waits for what must happen.
const patience = 60 * time.Second

// rules is the small lexicon of testdata with the routing of the pipeline's cases.
var rules = sync.OnceValues(func() (*lexicon.Ruleset, error) {
	rs, err := lexicon.Load(os.DirFS("testdata"), "lexicon")
	if err != nil {
		return nil, err
	}
	rs.Policy, err = lexicon.LoadPolicy(os.DirFS("../testdata"), "routing.yaml")
	return rs, err
})

// judge returns a classifier of rules, its canonical form and its digest.
func judge(t *testing.T) (*pipeline.Classifier, []byte, string) {
	t.Helper()
	rs, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	return compiled(t, rs)
}

// compiled returns what a worker needs to judge by rs.
func compiled(t *testing.T, rs *lexicon.Ruleset) (*pipeline.Classifier, []byte, string) {
	t.Helper()
	canonical, err := rs.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	program := programOf(t, rs)
	classifier, err := pipeline.NewClassifier(program, "words")
	if err != nil {
		t.Fatal(err)
	}
	return classifier, canonical, program.Digest
}

func programOf(t *testing.T, rs *lexicon.Ruleset) *lexicon.Program {
	t.Helper()
	program, err := lexicon.Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// env is a broker with topics and a group of one test's own.
type env struct {
	t   *testing.T
	cfg *config.Config
	// client is another implementation than the worker's.
	client *kgo.Client
	// sent numbers the events, so that each is another one.
	sent int
}

var counter atomic.Int64

// newEnv prepares topics with so many partitions; change alters the
// configuration first.
func newEnv(t *testing.T, brokers []string, partitions int, change func(*config.Config)) *env {
	t.Helper()
	name := fmt.Sprintf("t%d-%d.", os.Getpid(), counter.Add(1))
	cfg := config.Default()
	cfg.Version = "test"
	cfg.Kafka.Brokers = brokers
	cfg.Group.ID = name + "group"
	cfg.Group.SessionTimeout = 6 * time.Second
	cfg.Group.HeartbeatInterval = 100 * time.Millisecond
	cfg.Group.RebalanceTimeout = 20 * time.Second
	cfg.Topics.Inputs = []string{name + "calls", name + "mails"}
	cfg.Topics.Flags = name + "flags"
	cfg.Topics.DeadLetter = name + "dead-letter"
	cfg.Topics.Receipts = name + "receipts"
	cfg.Topics.Lexicons = name + "lexicons"
	cfg.Topics.Partitions = partitions
	cfg.Worker.BatchRecords = 50
	cfg.Worker.WatchInterval = 200 * time.Millisecond
	cfg.Worker.ShutdownTimeout = 5 * time.Second
	if change != nil {
		change(cfg)
	}
	if _, err := kafka.CreateTopics(t.Context(), cfg, true); err != nil {
		t.Fatal(err)
	}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(brokers...),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchMaxBytes(15<<20),
		kgo.MetadataMinAge(50*time.Millisecond),
		kgo.MetadataMaxAge(200*time.Millisecond),
		// Before topics had to be named by id in these requests.
		kgo.MaxVersions(kversion.V3_6_0()),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &env{t: t, cfg: cfg, client: client}
}

// calls and mails are the topics that are read.
func (e *env) calls() string { return e.cfg.Topics.Inputs[0] }
func (e *env) mails() string { return e.cfg.Topics.Inputs[1] }

// produce writes records where they say.
func (e *env) produce(records ...*kgo.Record) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.t.Context(), patience)
	defer cancel()
	if err := e.client.ProduceSync(ctx, records...).FirstErr(); err != nil {
		e.t.Fatal(err)
	}
}

// newWorker returns a worker with rules that logs everything to out.
func newWorker(t *testing.T, cfg *config.Config, out io.Writer) *pipeline.Worker {
	t.Helper()
	classifier, canonical, digest := judge(t)
	worker, err := pipeline.NewWorker(cfg, classifier, canonical, digest, zerolog.New(out).Level(zerolog.DebugLevel))
	if err != nil {
		t.Fatal(err)
	}
	return worker
}

// running is a worker at work.
type running struct {
	t      *testing.T
	worker *pipeline.Worker
	ctx    context.Context
	stop   context.CancelFunc
	done   chan error
	log    *log
}

// log keeps what a worker logs.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// start starts a worker.
func (e *env) start() *running {
	e.t.Helper()
	r := e.prepare()
	r.run()
	return r
}

// run sets a prepared worker to work.
func (r *running) run() { go func() { r.done <- r.worker.Run(r.ctx) }() }

// prepare makes a worker that does not run yet.
func (e *env) prepare() *running {
	e.t.Helper()
	out := &log{}
	worker := newWorker(e.t, e.cfg, out)
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t: e.t, worker: worker, ctx: ctx, stop: stop, done: make(chan error, 1), log: out}
	e.t.Cleanup(func() {
		stop()
		if e.t.Failed() {
			e.t.Logf("log of a worker:\n%s", tail(out.String()))
		}
	})
	return r
}

// tail is the end of a long log.
func tail(s string) string { return s[max(0, len(s)-6000):] }

// end stops the worker and expects a clean end.
func (r *running) end() {
	r.t.Helper()
	r.stop()
	if err := r.wait(); err != nil {
		r.t.Errorf("the worker ended with %v", err)
	}
}

// wait waits for the worker's end.
func (r *running) wait() error {
	r.t.Helper()
	select {
	case err := <-r.done:
		r.done <- err
		return err
	case <-time.After(patience):
		r.t.Fatal("the worker does not end")
		return nil
	}
}

// until waits for a condition, asking again ten times a second.
func (e *env) until(what string, condition func() bool) {
	e.t.Helper()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for !condition() {
		select {
		case <-ticker.C:
		case <-deadline:
			e.t.Fatalf("after %v still not: %s", patience, what)
		}
	}
}
