package replay

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen.
const patience = time.Minute

// rules are a classifier with what it is called.
type rules struct {
	classifier *pipeline.Classifier
	lexicon    flag.Lexicon
	program    *lexicon.Program
}

// compiled returns the small lexicon of the integration tests, after change.
func compiled(t testing.TB, change func(*lexicon.Ruleset)) rules {
	t.Helper()
	rs, err := lexicon.Load(os.DirFS("../integration/testdata"), "lexicon")
	if err != nil {
		t.Fatal(err)
	}
	if rs.Policy, err = lexicon.LoadPolicy(os.DirFS("../testdata"), "routing.yaml"); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(rs)
	}
	program, err := lexicon.Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	classifier, err := pipeline.NewClassifier(program, "words")
	if err != nil {
		t.Fatal(err)
	}
	return rules{classifier, flag.Lexicon{Name: program.Name, Version: program.Version, Digest: program.Digest}, program}
}

var small = sync.OnceValue(func() rules { return compiled(new(testing.T), nil) })

// env is a broker with topics of three partitions.
type env struct {
	t       *testing.T
	ctx     context.Context
	cfg     *config.Config
	fake    *kfake.Cluster
	cluster *kafka.Cluster
}

func newEnv(t *testing.T) *env {
	t.Helper()
	cfg := config.Default()
	cfg.Version = "test"
	cfg.Topics.Inputs = []string{"calls", "mails"}
	cfg.Worker.FetchMaxWait = 20 * time.Millisecond
	topics := append(cfg.Topics.Outputs(), "calls", "mails", "other")
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(3, topics...),
		kfake.BrokerConfigs(map[string]string{"message.max.bytes": "33554432"}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	cfg.Kafka.Brokers = fake.ListenAddrs()
	connected := *cfg
	connected.Topics.Inputs = append(connected.Topics.Inputs, "other")
	cluster, err := kafka.Connect(&connected)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return &env{t, ctx, cfg, fake, cluster}
}

// texts are told apart by what must come of them.
var texts = []string{
	"Bonjour, merci pour votre réponse rapide, je paierai vendredi.",
	"Bonjour, j'ai un cancer depuis le mois de mai et je suis seul.",
	"Je ne sais plus quoi faire, je vais me suicider.",
	"Mon mari est hospitalisé depuis lundi, je ne peux pas venir.",
}

// mail is an e-mail as an upstream system sends it, at a time of its own.
func mail(id int, text string, at time.Time) []byte {
	b, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": fmt.Sprint("event-", id), "source": "/mail", "type": "vigie.email.v1", "subject": fmt.Sprintf("D-%04d", id%97),
		"time": at.Format(time.RFC3339), "data": map[string]any{"subject": "Dossier", "text": text},
	})
	if err != nil {
		panic(err)
	}
	return b
}

// day is when the first event of a test came.
var day = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// fill sends mails to a topic, in turn to its partitions, one a minute from day on, in
// small batches.
func (e *env) fill(topic string, n int) {
	e.t.Helper()
	e.send(topic, n, func(i int) (value []byte) { return mail(i, texts[i%len(texts)], day.Add(time.Duration(i)*time.Minute)) })
}

func (e *env) send(topic string, n int, value func(i int) []byte) {
	e.t.Helper()
	transport := &kafkago.Transport{}
	defer transport.CloseIdleConnections()
	w := &kafkago.Writer{
		Transport: transport,
		Addr:      kafkago.TCP(e.cfg.Kafka.Brokers...), Topic: topic, RequiredAcks: kafkago.RequireAll, BatchSize: 30,
		BatchTimeout: time.Millisecond,
		Balancer:     kafkago.BalancerFunc(func(m kafkago.Message, p ...int) int { return p[m.WriterData.(int)%len(p)] }),
	}
	defer func() { _ = w.Close() }()
	messages := make([]kafkago.Message, n)
	for i := range messages {
		messages[i] = kafkago.Message{Value: value(i), Time: day.Add(time.Duration(i) * time.Minute), WriterData: i}
	}
	if err := w.WriteMessages(e.ctx, messages...); err != nil {
		e.t.Fatal(err)
	}
}

// cut removes the records of a partition before an offset.
func (e *env) cut(name string, id int32, offset int64) {
	e.t.Helper()
	req := kmsg.NewPtrDeleteRecordsRequest()
	req.TimeoutMillis = 5000
	topic := kmsg.NewDeleteRecordsRequestTopic()
	topic.Topic = name
	partition := kmsg.NewDeleteRecordsRequestTopicPartition()
	partition.Partition, partition.Offset = id, offset
	topic.Partitions = append(topic.Partitions, partition)
	req.Topics = append(req.Topics, topic)
	client, err := kgo.NewClient(kgo.SeedBrokers(e.cfg.Kafka.Brokers...))
	if err != nil {
		e.t.Fatal(err)
	}
	defer client.Close()
	if _, err := req.RequestWith(e.ctx, client); err != nil {
		e.t.Fatal(err)
	}
}

// everything asks for all events of the input topics.
func everything() Asked { return Asked{Topics: []string{"calls", "mails"}, Share: 1} }

// plan resolves what is asked for, with small segments.
func (e *env) plan(asked Asked, before *rules, after rules) *Plan {
	e.t.Helper()
	var id *flag.Lexicon
	if before != nil {
		id = &before.lexicon
	}
	p, err := NewPlan(e.ctx, e.cluster, asked, id, after.lexicon, day.AddDate(0, 0, 30))
	if err != nil {
		e.t.Fatal(err)
	}
	p.Segment = 40
	return p
}

// replay returns one of a plan in a directory.
func (e *env) replay(dir string, p *Plan, before *rules, after rules) *Replay {
	r := &Replay{Cluster: e.cluster, Config: e.cfg, Dir: dir, Plan: p, After: after.classifier, Log: zerolog.New(zerolog.NewTestWriter(e.t))}
	if before != nil {
		r.Before = before.classifier
	}
	return r
}

// run does all of a plan and returns its outcomes and the sum of its receipts.
func (e *env) run(asked Asked, before *rules, after rules) (string, *Plan, []*Outcome, *Receipt) {
	e.t.Helper()
	dir, p := e.t.TempDir(), e.plan(asked, before, after)
	if err := p.Write(dir); err != nil {
		e.t.Fatal(err)
	}
	if err := e.replay(dir, p, before, after).Run(e.ctx); err != nil {
		e.t.Fatal(err)
	}
	all, sum := e.read(dir, p)
	return dir, p, all, sum
}

// read reads a directory back.
func (e *env) read(dir string, p *Plan) (all []*Outcome, sum *Receipt) {
	e.t.Helper()
	receipts, err := Read(dir, p, func(o *Outcome) error {
		all = append(all, o)
		return nil
	})
	if err != nil {
		e.t.Fatal(err)
	}
	sum = &Receipt{}
	for i := range receipts {
		sum.Add(&receipts[i])
	}
	return all, sum
}

// files returns the content of all segments of a directory, by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	names, err := filepath.Glob(filepath.Join(dir, "*", "*", "[0-9]*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		relative, err := filepath.Rel(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		all[relative] = string(data)
	}
	return all
}
