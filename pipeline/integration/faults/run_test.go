package faults

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// batchRecords is the workers' worker.batch_records.
const batchRecords = 100

// run is one scenario being played.
type run struct {
	t       *testing.T
	cluster *cluster
	s       scenario
	size    size
	logs    string
	name    string
	topics  topics
	client  *kgo.Client
	admin   *kadm.Client
	events  []event
	workers []*worker
	// partitions of each input now; mu guards it.
	mu         sync.Mutex
	partitions map[string]int
	// dropped names inputs that were deleted after all of them was committed.
	dropped map[string]bool
	// log says where each event went: its number by offset.
	log map[place][]int
	// fed is closed when all events are in the log; feedErr is then set.
	fed     chan struct{}
	feedErr error
	watch   *watch
	result  result
}

// place is a partition of an input.
type place struct {
	topic     string
	partition int32
}

type topics struct {
	inputs                          []string
	flags, dead, receipts, lexicons string
}

func (n *topics) outputs() []string { return []string{n.flags, n.dead, n.receipts, n.lexicons} }

func newRun(t *testing.T, c *cluster, s scenario, size size, events []event) *run {
	t.Helper()
	if s.inputs == 0 {
		s.inputs, s.partitions = 2, 3
	}
	if s.feed == 0 {
		s.feed = 20 * time.Second
	}
	if s.rules == nil {
		s.rules = smallRules
	}
	name := s.key + "."
	r := &run{
		t: t, cluster: c, s: s, size: size, logs: t.TempDir(), name: name, events: events,
		partitions: make(map[string]int), dropped: make(map[string]bool), log: make(map[place][]int), fed: make(chan struct{}),
		topics: topics{flags: name + "flags", dead: name + "dead-letter", receipts: name + "receipts", lexicons: name + "lexicons"},
		result: result{name: s.name, allowed: s.repeats},
	}
	for i := range s.inputs {
		topic := fmt.Sprintf("%sin-%d", name, i)
		r.topics.inputs = append(r.topics.inputs, topic)
		r.partitions[topic] = s.partitions
	}
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(c.harness...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.MetadataMinAge(100 * time.Millisecond), kgo.MetadataMaxAge(time.Second),
		// A topic that is refused or gone for a while must not end the feed.
		kgo.UnknownTopicRetries(-1), kgo.RetryTimeout(patience), kgo.ProducerBatchCompression(kgo.NoCompression()),
	}, s.options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	r.client, r.admin = client, kadm.NewClient(client)
	return r
}

// environment is the configuration of a worker.
func (r *run) environment() []string {
	return append([]string{
		"VIGIE_KAFKA__BROKERS=" + strings.Join(r.cluster.workers, ","),
		"VIGIE_GROUP__ID=" + r.group(),
		"VIGIE_GROUP__SESSION_TIMEOUT=" + r.session().String(),
		"VIGIE_TOPICS__INPUTS=" + strings.Join(r.topics.inputs, ","),
		"VIGIE_TOPICS__FLAGS=" + r.topics.flags,
		"VIGIE_TOPICS__DEAD_LETTER=" + r.topics.dead,
		"VIGIE_TOPICS__RECEIPTS=" + r.topics.receipts,
		"VIGIE_TOPICS__LEXICONS=" + r.topics.lexicons,
		fmt.Sprintf("VIGIE_WORKER__BATCH_RECORDS=%d", batchRecords),
		"VIGIE_LOG__LEVEL=debug",
	}, r.s.rules...)
}

func (r *run) group() string { return r.name + "group" }

// session is the group's session timeout: as shipped, or the shortest allowed.
func (r *run) session() time.Duration { return r.size.of(10*time.Second, 6*time.Second) }

// play is the scenario from start to end.
func (r *run) play() {
	r.create(r.topics.outputs()...)
	r.create(r.topics.inputs...)
	first := len(r.events) / 2
	if r.s.late {
		first = 0
	}
	if err := r.feed(0, first, 0, r.topics.inputs); err != nil {
		r.t.Fatal(err)
	}
	if r.s.before != nil {
		r.s.before(r)
	}
	r.watch = r.newWatch()
	if r.running() == 0 {
		r.start()
		r.start()
	}
	go func() {
		defer close(r.fed)
		inputs := r.topics.inputs[:len(r.topics.inputs)-r.s.retired]
		r.feedErr = r.feed(first, len(r.events), r.size.of(r.s.feed, 3*time.Second), inputs)
	}()
	r.s.act(r)
	r.awaitFeed()
	r.until("every event is committed", r.committed)
	r.watch.end()
	if r.s.after != nil {
		r.s.after(r)
	}
	for _, w := range r.workers {
		if !w.ended {
			w.stop()
		}
	}
	r.check()
}

// awaitFeed waits until all events are in the log.
func (r *run) awaitFeed() {
	r.t.Helper()
	select {
	case <-r.fed:
	case <-time.After(patience):
		r.t.Fatal("the events are not all in the log")
	}
	if r.feedErr != nil {
		r.t.Fatal(r.feedErr)
	}
}

// running counts the workers that have not ended.
func (r *run) running() (n int) {
	for _, w := range r.workers {
		if !w.ended {
			n++
		}
	}
	return n
}

// create makes topics with as many replicas as there are brokers.
func (r *run) create(names ...string) {
	r.t.Helper()
	largest := "16777216" // as `vigie topics create` sets for the lexicons: the shipped one has 6 MB
	for _, name := range names {
		partitions := r.partitions[name]
		if partitions == 0 {
			partitions = 3 // an output
		}
		_, err := r.admin.CreateTopic(r.t.Context(), int32(partitions), int16(len(r.cluster.brokers)),
			map[string]*string{"max.message.bytes": &largest}, name)
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// until waits for a condition, asking again twenty times a second.
func (r *run) until(what string, condition func() bool) {
	r.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !condition() {
		for _, w := range r.workers {
			if !w.ended && len(w.done) > 0 {
				r.t.Fatalf("a worker ended by itself before %s: %v", what, <-w.done)
			}
		}
		select {
		case <-tick.C:
		case <-deadline:
			r.t.Fatalf("after %v still not: %s", patience, what)
		}
	}
}

// hold lets a fault last.
func (r *run) hold(full, short time.Duration) {
	select {
	case <-time.After(r.size.of(full, short)):
	case <-r.t.Context().Done():
	}
}
