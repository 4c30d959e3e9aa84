package integration

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pipeline/eval"
)

// soakVariable says over how many events a worker is watched; 1000000 is the
// run of docs/operations.md.
const soakVariable = "VIGIE_TEST_SOAK"

// fewSoakEvents are enough to see that the watching works.
const fewSoakEvents = 10_000

// mostGrowth is how much larger a worker's memory may get, after a tenth of the
// events, than it was by then.
const mostGrowth = 1.1

// TestSoak runs the binary, with the shipped lexicon, over many events of the
// own corpora on Apache Kafka, and watches its resident memory.
func TestSoak(t *testing.T) {
	events := fewSoakEvents
	if s := os.Getenv(soakVariable); s != "" {
		var err error
		if events, err = strconv.Atoi(s); err != nil {
			t.Fatalf("%s: %v", soakVariable, err)
		}
	}
	brokers := []string{apacheKafka(t)}
	e := newEnv(t, brokers, 6, nil)
	worker := e.vigie([]string{"GOMEMLIMIT=200MiB", "VIGIE_METRICS__LISTEN="}, "run")
	out := &log{}
	worker.Stderr = out
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	var feeding sync.WaitGroup
	feeding.Go(func() { e.soak(events, 6) })

	total := func() (n int64) {
		for p := range int32(6) {
			n += max(e.committed(e.calls(), p), 0)
		}
		return n
	}
	var early, late int64
	begin, next := time.Now(), int64(0)
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for n := int64(0); n < int64(events); n = total() {
		select {
		case <-ticker.C:
		case <-t.Context().Done():
			t.Fatal("the time is up")
		}
		kib, err := resident(worker.Process.Pid)
		if err != nil {
			t.Fatalf("%v\n%s", err, tail(out.String()))
		}
		if n*10 < int64(events) {
			early = max(early, kib)
		} else {
			late = max(late, kib)
		}
		if n >= next {
			t.Logf("%7d events, %4d MiB resident, %v", n, kib>>10, time.Since(begin).Round(time.Second))
			next += int64(events) / 10
		}
	}
	feeding.Wait()
	t.Logf("%d events in %v: at most %d MiB in the first tenth, %d MiB after", events, time.Since(begin).Round(time.Second), early>>10, late>>10)
	if float64(late) > mostGrowth*float64(early) {
		t.Errorf("memory grows from %d KiB to %d KiB", early, late)
	}
	if err := worker.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := worker.Wait(); err != nil {
		t.Errorf("the worker ends with %v\n%s", err, tail(out.String()))
	}
}

// soak produces events of the own corpora to calls, each under an id of its own.
func (e *env) soak(events, partitions int) {
	e.t.Helper()
	files, err := filepath.Glob("../eval/corpus/documents-*.jsonl")
	if err != nil || len(files) == 0 {
		e.t.Error("no corpus", err)
		return
	}
	var all bytes.Buffer
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			e.t.Error(err)
			return
		}
		all.Write(data)
	}
	corpus, err := eval.Read(&all)
	if err != nil {
		e.t.Error(err)
		return
	}
	const atOnce = 5000
	for from := 0; from < events; from += atOnce {
		records := make([]*kgo.Record, 0, atOnce)
		for i := from; i < min(from+atOnce, events); i++ {
			value := numbered(corpus.Documents[i%len(corpus.Documents)].Record().Value, i)
			records = append(records, &kgo.Record{
				Topic: e.calls(), Partition: int32(i % partitions), Key: fmt.Appendf(nil, "D-%d", i%9973), Value: value,
				Headers: []kgo.RecordHeader{{Key: "content-type", Value: []byte("application/cloudevents+json")}},
			})
		}
		if err := e.client.ProduceSync(e.t.Context(), records...).FirstErr(); err != nil {
			e.t.Error(err)
			return
		}
	}
}

// numbered gives a structured event another id.
func numbered(value []byte, n int) []byte {
	var event map[string]json.RawMessage
	if err := json.Unmarshal(value, &event); err != nil {
		panic(err)
	}
	event["id"] = fmt.Appendf(nil, `"soak-%d"`, n)
	out, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	return out
}

// resident returns the resident memory of a process in KiB.
func resident(pid int) (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if kib, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			return strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(kib, "kB")), 10, 64)
		}
	}
	return 0, fmt.Errorf("process %d has no resident memory: has it ended?", pid)
}
