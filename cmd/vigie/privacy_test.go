package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// fed is a record that a run is fed.
type fed struct {
	topic, key string
	value      []byte
	headers    []kafkago.Header
}

// TestPrivacy runs whole corpora through the worker, with logging at its most
// talkative and figures and traces on, and through the commands. Nothing that
// comes out gives away five words in a row of a text, a key, a case file or an
// event's id, but where the contract says so: the case file and the event's id in
// flags and as keys, the original in dead letters, the words on the evidence topic.
//
// Of the own corpora one file in eight is read, all with VIGIE_TEST_FULL=1 (a
// minute); with -short one file is all that is read, by the small lexicon.
func TestPrivacy(t *testing.T) {
	own, err := filepath.Glob("../../pipeline/eval/corpus/*.jsonl")
	if err != nil || len(own) < 20 {
		t.Fatalf("%d corpora: %v", len(own), err)
	}
	if testing.Short() {
		t.Setenv("VIGIE_LEXICON__DIR", "testdata/lexicon")
		t.Setenv("VIGIE_LEXICON__ROUTING", "testdata/routing.yaml")
	}
	t.Run("with evidence", func(t *testing.T) { private(t, own[:1], true) })
	if testing.Short() {
		return
	}
	if os.Getenv("VIGIE_TEST_FULL") != "1" {
		var some []string
		for i := 0; i < len(own); i += 8 {
			some = append(some, own[i])
		}
		own = some
	}
	t.Run("own corpora", func(t *testing.T) { private(t, own, false) })
	t.Run("development corpus", func(t *testing.T) {
		const file = "../../../shared/corpus/dev.jsonl"
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			t.Skip("NOT RUN: ../shared/corpus/dev.jsonl is not beside the repository")
		}
		private(t, []string{file}, false)
	})
}

// private feeds the documents of files to a worker and looks at all that comes out.
func private(t *testing.T, files []string, evidence bool) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	known := &texts{known: make(map[uint64]bool)}
	records := feed(t, known, files)
	spans := &exported{}
	defer spans.serve(t)()
	address := freeAddress(t)

	cfg := config.Default()
	if evidence {
		cfg.Topics.Evidence = "fragility.evidence"
		t.Setenv("VIGIE_TOPICS__EVIDENCE", cfg.Topics.Evidence)
	}
	broker, stop, err := kafka.Embedded(ctx, append(cfg.Topics.Outputs(), cfg.Topics.Inputs...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	t.Setenv(brokersVariable, broker)
	t.Setenv("VIGIE_LOG__LEVEL", "debug")
	t.Setenv("VIGIE_METRICS__LISTEN", address)
	cfg.Kafka.Brokers = []string{broker}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	write(ctx, t, cluster, cfg, records)

	// Everything that comes out, by what it is.
	out := map[string]string{}
	working, end := context.WithCancel(ctx)
	var stdout, stderr lockedBuffer
	ended := make(chan error, 1)
	go func() { ended <- exec(working, []string{"run"}, strings.NewReader(""), &stdout, &stderr) }()
	accounted(ctx, t, cluster, cfg, len(records), ended)
	for path, status := range map[string]int{
		"/metrics": 200, "/livez": 0, "/readyz": 0, "/": 404, "/debug/pprof/": 404, "/debug/pprof/heap": 404, "/debug/vars": 404,
	} {
		out["page "+path] = page(ctx, t, "http://"+address+path, status)
	}
	end()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	out["log"], out["standard output"] = stderr.String(), stdout.String()
	if !strings.Contains(out["log"], `"level":"debug"`) || !strings.Contains(out["page /metrics"], "vigie_") {
		t.Errorf("log or figures are not on: %.300s", out["log"])
	}
	out["traces"] = spans.String()
	if module, err := os.ReadFile("../../go.mod"); err != nil || strings.Contains(string(module), "otlptrace") && out["traces"] == "" {
		t.Errorf("no traces came, though the program has them: %v", err)
	}
	outputs(ctx, t, cluster, cfg, known, out)
	commands(ctx, t, records, out)

	size := 0
	for what, text := range out {
		size += len(text)
		for _, leak := range known.leaks(text) {
			t.Errorf("%s gives away %q", what, leak)
		}
	}
	t.Logf("%d records, %d sequences of %d words; %d outputs of %d bytes, of them traces %d",
		len(records), len(known.known), sequence, len(out), size, len(out["traces"]))
}

// outputs adds what stands on the topics that are written, without what the
// contract puts there of an event.
func outputs(ctx context.Context, t *testing.T, cluster *kafka.Cluster, cfg *config.Config, known *texts, out map[string]string) {
	t.Helper()
	scan := func(topic string, each func(*kafka.Record)) {
		n := 0
		if _, err := cluster.Scan(ctx, topic, 0, 0, func(r *kafka.Record) error { each(r); n++; return nil }); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			t.Errorf("%s holds nothing", topic)
		}
	}
	collect := func(what string, parts ...any) { out[what] += fmt.Sprintln(parts...) }
	headers := func(what string, list []kafkago.Header) {
		for _, h := range list {
			if h.Key != "traceparent" { // as it came
				collect(what, h.Key, string(h.Value))
			}
		}
	}
	scan(cfg.Topics.Flags, func(r *kafka.Record) {
		collect("flags", stripped(t, r.Value))
		headers("headers of flags", r.Headers)
	})
	scan(cfg.Topics.Receipts, func(r *kafka.Record) {
		collect("receipts", string(r.Key), string(r.Value))
		headers("headers of receipts", r.Headers)
	})
	original := 0
	scan(cfg.Topics.DeadLetter, func(r *kafka.Record) {
		from := len(r.Headers)
		for from > 0 && r.Headers[from-1].Key != "error-class" {
			from--
		}
		headers("headers of dead letters", r.Headers[max(from-1, 0):])
		original += len(known.leaks(string(r.Key) + " " + string(r.Value)))
	})
	if original == 0 {
		t.Error("no dead letter holds what it should: the check finds nothing")
	}
	scan(cfg.Topics.Lexicons, func(r *kafka.Record) {
		if !bytes.Equal(r.Value, configuredRules(t)) {
			t.Error("the lexicon topic does not hold the ruleset as it was before any event")
		}
	})
	if cfg.Topics.Evidence != "" {
		quoted := 0
		scan(cfg.Topics.Evidence, func(r *kafka.Record) {
			validate(t, r.Value)
			headers("headers of evidence", r.Headers)
			quoted += len(known.leaks(string(r.Value)))
		})
		if quoted == 0 {
			t.Error("the evidence topic holds no words")
		}
	}
}

// stripped is a flag without the case file and the id of its event.
func stripped(t *testing.T, value []byte) string {
	t.Helper()
	var f map[string]any
	if err := json.Unmarshal(value, &f); err != nil {
		t.Fatal(err)
	}
	data := f["data"].(map[string]any)
	delete(f, "subject")
	delete(data, "case")
	delete(data["event"].(map[string]any), "id")
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// configuredRules is the ruleset as workers publish it.
func configuredRules(t *testing.T) []byte {
	t.Helper()
	cfg, err := (&settings{}).load()
	if err != nil {
		t.Fatal(err)
	}
	rs, err := loadSources(&cfg.Lexicon)
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := rs.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return canonical
}

// commands adds what the commands print for the same records and dead letters.
func commands(ctx context.Context, t *testing.T, records []fed, out map[string]string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.jsonl")
	var lines bytes.Buffer
	for _, r := range records {
		lines.Write(bytes.ReplaceAll(r.value, []byte("\n"), []byte(" ")))
		lines.WriteByte('\n')
	}
	if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"classify", file}, {"check"}, {"topics", "check", "--inputs"},
		{"deadletter", "list"}, {"deadletter", "show", "--until", "2999-01-01"},
		{"deadletter", "redrive", "--all", "--dry-run"}, {"deadletter", "redrive", "--all"}, {"deadletter", "list", "--open"},
	} {
		var stdout, stderr bytes.Buffer
		err := exec(ctx, args, strings.NewReader(""), &stdout, &stderr)
		what := strings.Join(args[:min(len(args), 2)], " ")
		if args[0] == "classify" {
			what = "classify"
			var flags strings.Builder
			for line := range strings.Lines(stdout.String()) {
				flags.WriteString(stripped(t, []byte(line)) + "\n")
			}
			stdout.Reset()
			stdout.WriteString(flags.String())
		}
		if stdout.Len() == 0 {
			t.Errorf("%q printed nothing: %v", args, err)
		}
		out[what] += fmt.Sprintln(stdout.String(), stderr.String(), err)
	}
}
