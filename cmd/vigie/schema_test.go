package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// validate holds a value against the schema of its type in docs/schemas.
func validate(t *testing.T, value []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	kind := v.(map[string]any)["type"]
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(fmt.Sprintf("../../docs/schemas/%s.json", kind))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%s: %v", value, err)
	}
}

// testRules are those of the small lexicon.
func testRules(t *testing.T) *rules {
	t.Helper()
	r, err := loadRules(&config.Lexicon{Dir: "testdata/lexicon", Routing: "testdata/routing.yaml", Engine: "words"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func testSamples(t *testing.T) []*sample {
	t.Helper()
	events, err := loadSamples()
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// TestSamples: the shipped events are good by the schemas, but for the one
// that is there to be unreadable, and of all five kinds.
func TestSamples(t *testing.T) {
	kinds := make(map[string]int)
	for _, e := range testSamples(t) {
		kinds[e.kind()]++
		if e.kind() != "fax" {
			validate(t, e.value)
		}
	}
	if len(kinds) != 6 || kinds["fax"] != 1 {
		t.Errorf("kinds of the samples: %v", kinds)
	}
}

// TestWorkerKeepsTheSchemas runs the real worker on the samples and holds all
// that it writes against the schemas; what classify prints for the same events
// are the same flags but for their place in Kafka.
func TestWorkerKeepsTheSchemas(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cfg := config.Default()
	addr, stop, err := kafka.Embedded(ctx, append(cfg.Topics.Outputs(), cfg.Topics.Inputs...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	cfg.Kafka.Brokers = []string{addr}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	events := testSamples(t)
	if err := send(ctx, cluster, &cfg.Topics, events); err != nil {
		t.Fatal(err)
	}
	r := testRules(t)
	var log bytes.Buffer
	worker, err := newWorker(cfg, r, zerolog.New(zerolog.SyncWriter(&log)).Level(zerolog.TraceLevel))
	if err != nil {
		t.Fatal(err)
	}
	working, stopWorker := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- worker.Run(working) }()

	read := &recorder{t: t, report: newReport(io.Discard, r.program, events), flags: make(map[string]string)}
	if err := follow(ctx, cluster, &cfg.Topics, read); err != nil {
		t.Fatal(err)
	}
	stopWorker()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	discreet(t, log.String(), events)

	var in, out, errs bytes.Buffer
	for _, e := range events {
		if err := json.Compact(&in, e.value); err != nil {
			t.Fatal(err)
		}
		in.WriteByte('\n')
	}
	if err := exec(ctx, []string{"classify", "--lexicon", "testdata/lexicon", "--routing", "testdata/routing.yaml"}, &in, &out, &errs); exitCode(err) != exitInput {
		t.Fatalf("%v: %s", err, errs.String())
	}
	n := 0
	for line := range strings.Lines(out.String()) {
		validate(t, []byte(line))
		id, data := judgement(t, []byte(line))
		if read.flags[id] != data {
			t.Errorf("flag %s: the worker wrote\n%s\nclassify printed\n%s", id, read.flags[id], data)
		}
		n++
	}
	if n != 3 || len(read.flags) != n {
		t.Errorf("%d flags by classify, %d by the worker, want 3", n, len(read.flags))
	}
}

// discreet checks that a log holds no key, subject, event id nor three words in
// a row of what was read.
func discreet(t *testing.T, log string, events []*sample) {
	t.Helper()
	if !strings.Contains(log, `"offset"`) {
		t.Errorf("the log is not that of a worker: %s", log)
	}
	for _, e := range events {
		texts := slices.Concat(e.Data.Turns, e.Data.Answers)
		for _, text := range []string{e.Data.Subject, e.Data.Text, e.Data.HTML} {
			texts = append(texts, struct{ Text string }{text})
		}
		secrets := []string{e.ID, e.Subject}
		for _, text := range texts {
			words := strings.Fields(text.Text)
			for i := range max(len(words)-2, 0) {
				secrets = append(secrets, strings.Join(words[i:i+3], " "))
			}
		}
		for _, s := range secrets {
			if strings.Contains(log, s) {
				t.Errorf("the log holds %q", s)
			}
		}
	}
}

// recorder is a report that keeps what it is told.
type recorder struct {
	*report
	t     *testing.T
	flags map[string]string
}

func (r *recorder) flag(value []byte) error {
	validate(r.t, value)
	id, data := judgement(r.t, value)
	r.flags[id] = data
	return r.report.flag(value)
}

func (r *recorder) receipt(value []byte) error {
	validate(r.t, value)
	return r.report.receipt(value)
}

// judgement returns the id of a value and its data without the event's place
// in Kafka.
func judgement(t *testing.T, value []byte) (id, data string) {
	t.Helper()
	var v struct {
		ID   string         `json:"id"`
		Data map[string]any `json:"data"`
	}
	if err := json.Unmarshal(value, &v); err != nil {
		t.Fatal(err)
	}
	if e, ok := v.Data["event"].(map[string]any); ok {
		delete(e, "topic")
		delete(e, "partition")
		delete(e, "offset")
	}
	rest, err := json.Marshal(v.Data)
	if err != nil {
		t.Fatal(err)
	}
	return v.ID, string(rest)
}
