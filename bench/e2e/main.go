// Command e2e measures vigie end to end beside other pipelines, on one Kafka
// in a container: events a second, what an event costs in CPU time of the
// program and of the broker, memory, and the time from an event's sending to
// its flag. The contenders take turns. It writes RESULTS.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// bench is one run of the program.
type bench struct {
	broker *broker
	kafka  *cluster
	dir    string
	terms  string
	least  int
	events int
	rounds int
	limit  time.Duration
	groups int
	log    func(format string, args ...any)
}

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	corpus := flag.String("corpus", "../../../shared/corpus/dev.jsonl", "annotated corpus that the events are made of")
	events := flag.Int("events", 120_000, "events in the topic")
	distinct := flag.Int("distinct", 1000, "events of which those of the topic are copies")
	rounds := flag.Int("rounds", 5, "how often each contender runs")
	limit := flag.Duration("limit", 40*time.Second, "how long a contender works at most")
	only := flag.String("only", "", "names of contenders, separated by commas (default: all)")
	parts := flag.String("parts", "pipelines,scale,memory,latency,profile", "what is measured")
	heap := flag.String("broker-heap", "-Xmx1g -Xms1g", "KAFKA_HEAP_OPTS of the broker")
	out := flag.String("out", "RESULTS.md", "where the results are written")
	flag.Parse()
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	b := &bench{events: *events, rounds: *rounds, limit: *limit, log: func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, time.Now().Format(time.TimeOnly)+" "+format+"\n", args...)
	}}
	if b.dir, err = os.MkdirTemp("", "vigie-bench"); err != nil {
		return err
	}
	b.log("logs of the contenders: %s", b.dir)
	list := contenders(filepath.Join(b.dir, "bin"), here)
	if *only != "" {
		names := strings.Split(*only, ",")
		list = slices.DeleteFunc(list, func(c contender) bool { return !slices.Contains(names, c.name) })
	}
	if err := build(ctx, filepath.Join(b.dir, "bin"), here, list); err != nil {
		return err
	}
	p, err := b.prepare(*corpus, *distinct)
	if err != nil {
		return err
	}
	b.log("starting the broker")
	if b.broker, err = startBroker(ctx, *heap); err != nil {
		return err
	}
	defer b.broker.stop()
	if b.kafka, err = connect(b.broker.addr, p); err != nil {
		return err
	}
	defer b.kafka.Close()
	if err := b.kafka.create(ctx, append(config.Default().Topics.Outputs(), filled)...); err != nil {
		return err
	}
	b.log("writing %d events", b.events)
	if err := b.kafka.fill(ctx, b.events); err != nil {
		return err
	}
	r := &report{bench: b, made: time.Now()}
	wants := func(part string) bool { return slices.Contains(strings.Split(*parts, ","), part) }
	measured := []struct {
		part string
		run  func(context.Context, []contender) error
	}{{"pipelines", r.pipelines}, {"scale", r.scale}, {"memory", r.memory}, {"latency", r.latency}, {"profile", r.profile}}
	var wrong error
	for _, m := range measured {
		if !wants(m.part) || ctx.Err() != nil {
			continue
		}
		if failed := m.run(ctx, list); failed != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", m.part, failed))
		}
		// What was measured is written whatever comes after.
		if err := os.WriteFile(*out, r.markdown(), 0o644); err != nil {
			return err
		}
	}
	return wrong
}

// prepare makes the events and what the other pipelines look for.
func (b *bench) prepare(corpus string, distinct int) (*pool, error) {
	packed := configs.Program(lexicon.EngineVersion)
	if packed == nil {
		return nil, errors.New("the shipped program is not of this version: go generate ./configs")
	}
	program, err := lexicon.Unpack(packed)
	if err != nil {
		return nil, err
	}
	classifier, err := pipeline.NewClassifier(program, "words")
	if err != nil {
		return nil, err
	}
	terms := termsOf(program)
	b.terms = filepath.Join(b.dir, "terms.jsonl")
	if err := writeTerms(b.terms, terms); err != nil {
		return nil, err
	}
	if err := writeBenthos(filepath.Join(b.dir, "benthos.yaml"), terms); err != nil {
		return nil, err
	}
	p, err := newPool(corpus, distinct, classifier)
	if err != nil {
		return nil, err
	}
	b.least = p.least(terms)
	b.log("%d terms; flags of %d bytes on average", len(terms), p.flagBytes)
	return p, nil
}

// setting is that of the next run, with a group of its own.
func (b *bench) setting(topic string) *setting {
	b.groups++
	return &setting{
		dir: b.dir, addr: b.broker.addr, group: fmt.Sprintf("bench-%d", b.groups), topic: topic,
		terms: b.terms, least: b.least, flagBytes: b.kafka.pool.flagBytes,
	}
}

// build builds the programs of the contenders, each in its own module or tool.
func build(ctx context.Context, bin, here string, list []contender) error {
	sh := map[string][]string{
		passthrough:     {"go build -o " + bin + "/passthrough ./passthrough"},
		vigie:           {"cd ../.. && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o " + bin + "/vigie ./cmd/vigie", "go build -o " + bin + "/profiled ./profiled"},
		"Kafka Streams": {"cd streams && mvn -q -B package"},
		"Benthos":       {"cd benthos && go build -o " + bin + "/benthos ."},
		"Python":        {"python3 -m venv " + bin + "/venv", bin + "/venv/bin/pip install -q -r python/requirements.txt"},
	}
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	for _, c := range list {
		for _, line := range sh[c.name] {
			cmd := exec.CommandContext(ctx, "sh", "-c", line)
			cmd.Dir = here
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w\n%s", line, err, out)
			}
		}
	}
	return nil
}
