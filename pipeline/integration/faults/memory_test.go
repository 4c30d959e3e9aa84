package faults

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// largeEvents is how many events of a megabyte the memory test feeds.
const largeEvents = 120

// memoryLimit is what a worker may take with worker.max_bytes_in_flight as
// shipped (64 MiB): docs/operations.md says of what it is made.
const memoryLimit = 600 << 20

// newLargeEvent is the i-th letter of a megabyte, ten of a hundred with an urgent sign.
func newLargeEvent(i int) []byte {
	draw := rand.New(rand.NewPCG(uint64(i), 7))
	var text strings.Builder
	for text.Len() < 1<<20 {
		text.WriteString(ordinary[draw.IntN(len(ordinary))] + " " + openings[draw.IntN(len(openings))] + " ")
		fmt.Fprintf(&text, "Référence %d. ", draw.IntN(1e9))
	}
	if i%flaggedOf == 0 {
		text.WriteString(fragile[len(fragile)-1])
	}
	value, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": fmt.Sprintf("e-%d", i), "source": "/harness", "type": "vigie.letter.v1",
		"subject": fmt.Sprintf("D-%04d", i), "data": map[string]any{"subject": "Courrier", "text": text.String()},
	})
	if err != nil {
		panic(err)
	}
	return value
}

// Events of a megabyte in twelve partitions, eight to a compressed batch, while
// nothing can be written faster than 64 kB a second: one worker by the shipped
// rules stays within its memory. Only at full size.
func TestMemory(t *testing.T) {
	if os.Getenv("VIGIE_FAULTS") != "full" {
		t.Skip("VIGIE_FAULTS=full runs it")
	}
	events := newEvents(t, largeEvents, nil, newLargeEvent)
	cluster, err := startCluster(t.Context(), 1)
	t.Cleanup(cluster.close)
	if err != nil {
		t.Fatal(err)
	}
	r := newRun(t, cluster, scenario{
		key: "memory", name: "events of a megabyte, and a slow sink", repeats: noRepeats, inputs: 2, partitions: 6, rules: []string{},
		options: []kgo.Opt{
			kgo.ProducerBatchMaxBytes(9 << 20), kgo.ProducerLinger(time.Second), kgo.ProducerBatchCompression(kgo.Lz4Compression()),
		},
		before: func(r *run) {
			r.cluster.proxy.put(r.t, slow(toBroker), latency(400))
			r.start()
		},
		act: func(r *run) {
			r.hold(30*time.Second, 0)
			r.cluster.proxy.lift(r.t, slow(toBroker), latency(400))
		},
		after: func(r *run) {
			w := r.workers[0]
			most, now := w.memory("VmHWM"), w.memory("VmRSS")
			t.Logf("resident memory: at most %d MiB, at the end %d MiB", most>>20, now>>20)
			if most > memoryLimit {
				t.Errorf("the worker took %d MiB, want at most %d", most>>20, memoryLimit>>20)
			}
		},
	}, size{full: true, events: largeEvents}, events)
	r.play()
}

// memory reads a figure of the process, in bytes.
func (w *worker) memory(name string) (n int) {
	w.t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if _, err := fmt.Sscanf(lines.Text(), name+": %d kB", &n); err == nil {
			return n << 10
		}
	}
	w.t.Fatalf("the process tells no %s", name)
	return 0
}
