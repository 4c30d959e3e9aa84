package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"vigie": main})
}

var update = flag.Bool("update", false, "write what the program prints now into the scripts' cmp files")

// TestScripts runs testdata/script: the command line's contract, through the
// real main. Beside the usual commands a script has
//
//	broker TOPIC…     starts an embedded broker and sets VIGIE_KAFKA__BROKERS
//	await TOPIC N     waits until the topic holds N records and prints their values,
//	                  which "await TOPIC N FILE" writes to the file, a line each
//	send TOPIC FILE   sends each line of the file to the topic, keyed "key-1", "key-2"…
//	put TOPIC FILE…   sends each file to the topic, as one value
//	collector         starts an OTLP collector and sets OTEL_EXPORTER_OTLP_ENDPOINT
//	spans             prints what the collector got, a span a line
//	freeport          sets VIGIE_METRICS__LISTEN to an address of the loopback interface
//	get PATH CODE     asks there until the answer has that code, and prints it
//
// and the small lexicon of testdata/lexicon as "lexicon".
func TestScripts(t *testing.T) {
	own, err := filepath.Abs("testdata/lexicon")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			policy, err := filepath.Abs("testdata/routing.yaml")
			if err != nil {
				return err
			}
			// The shipped policy names factors that the small lexicon lacks.
			env.Setenv("VIGIE_LEXICON__ROUTING", policy)
			return os.CopyFS(filepath.Join(env.WorkDir, "lexicon"), os.DirFS(own))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"broker": broker, "await": await, "send": sendLines, "put": put,
			"collector": collector, "spans": spans, "freeport": freeport, "get": get,
		},
	})
}

const brokersVariable = "VIGIE_KAFKA__BROKERS"

func broker(ts *testscript.TestScript, _ bool, topics []string) {
	addr, stop, err := kafka.Embedded(context.Background(), topics...)
	ts.Check(err)
	ts.Defer(stop)
	ts.Setenv(brokersVariable, addr)
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 && len(args) != 3 {
		ts.Fatalf("usage: await TOPIC N [FILE]")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	cfg := config.Default()
	cfg.Kafka.Brokers = []string{ts.Getenv(brokersVariable)}
	if !slices.Contains(cfg.Topics.Outputs(), args[0]) {
		cfg.Topics.Inputs = args[:1]
	}
	cluster, err := kafka.Connect(cfg)
	ts.Check(err)
	defer cluster.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p := cluster.Open(kafka.Assignment{Topic: args[0], Offset: -1}, kafka.Reading{
		Policy: config.Earliest, MaxWait: 100 * time.Millisecond, MaxRecord: 1 << 20,
	})
	var all []byte
	for n := 0; n < want; {
		fetched, err := p.Fetch(ctx, 1<<20, nil)
		ts.Check(err)
		records := fetched.Rest()
		for _, r := range records {
			ts.Logf("%s", r.Value)
			all = append(append(all, r.Value...), '\n')
		}
		n += len(records)
	}
	if len(args) == 3 {
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), all, 0o600))
	}
}

func sendLines(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: send TOPIC FILE")
	}
	var values []string
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		values = append(values, strings.TrimSuffix(line, "\n"))
	}
	sendValues(ts, args[0], values)
}

func put(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: put TOPIC FILE…")
	}
	var values []string
	for _, name := range args[1:] {
		values = append(values, ts.ReadFile(name))
	}
	sendValues(ts, args[0], values)
}

// sendValues sends values to the first partition of a topic.
func sendValues(ts *testscript.TestScript, topic string, values []string) {
	cfg := config.Default()
	cfg.Kafka.Brokers = []string{ts.Getenv(brokersVariable)}
	cfg.Topics.Inputs = []string{topic}
	cluster, err := kafka.Connect(cfg)
	ts.Check(err)
	defer cluster.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for i, value := range values {
		ts.Check(cluster.Send(ctx, topic, 0, fmt.Append(nil, "key-", i+1), []byte(value), nil))
	}
}

func TestExitCodes(t *testing.T) {
	for err, want := range map[error]int{nil: 0, errInput: 1, errProbe: 1, errTopics: 2, kafka.ErrMissingTopic: 2, kafka.ErrUnreachable: 3} {
		if got := exitCode(err); got != want {
			t.Errorf("%v: exit %d, want %d", err, got, want)
		}
	}
}
