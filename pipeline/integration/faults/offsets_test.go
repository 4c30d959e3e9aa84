package faults

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// removed is how many records of each partition are removed before they were read.
const removed = 150

// offsetFaults are committed offsets that are not in the log.
var offsetFaults = []scenario{
	{
		key: "beyond-end", name: "committed offsets beyond the log's end", repeats: noRepeats,
		before: func(r *run) { r.commit(1_000_000) },
		act: func(r *run) {
			r.until("a worker says so", func() bool { return r.say("the committed offset is not in the log") })
		},
	},
	{
		key: "before-start", name: "committed offsets before the log's start", repeats: noRepeats, absent: true,
		before: func(r *run) {
			r.commit(0)
			to := make(kadm.Offsets)
			for at := range r.log {
				to.AddOffset(at.topic, at.partition, removed, -1)
			}
			if _, err := r.admin.DeleteRecords(r.t.Context(), to); err != nil {
				r.t.Fatal(err)
			}
		},
		act:   func(*run) {},
		after: func(r *run) { r.countsAbsent() },
	},
	{
		key: "retention", name: "retention overtakes a slow worker", repeats: noRepeats, inputs: 1, partitions: 2, absent: true,
		before: func(r *run) {
			r.set(r.topics.inputs[0], "segment.bytes", "1048576")
			r.cluster.proxy.put(r.t, latency(1000))
		},
		act: func(r *run) {
			r.progress()
			r.set(r.topics.inputs[0], "retention.bytes", "1048576")
			first := place{r.topics.inputs[0], 0}
			r.until("records are removed unread", func() bool {
				offsets, _ := r.offsets()
				o, ok := offsets.Lookup(first.topic, first.partition)
				return ok && r.logStart(first) > o.At
			})
			r.cluster.proxy.lift(r.t, latency(1000))
		},
		after: func(r *run) { r.countsAbsent() },
	},
}

// commit sets the group's offset of every partition; nobody is a member yet.
func (r *run) commit(offset int64) {
	r.t.Helper()
	to := make(kadm.Offsets)
	for at := range r.log {
		to.AddOffset(at.topic, at.partition, offset, -1)
	}
	if err := r.admin.CommitAllOffsets(r.t.Context(), r.group(), to); err != nil {
		r.t.Fatal(err)
	}
}

// set sets a setting of a topic.
func (r *run) set(topic, key, value string) {
	r.t.Helper()
	change := []kadm.AlterConfig{{Op: kadm.SetConfig, Name: key, Value: &value}}
	if _, err := r.admin.AlterTopicConfigs(r.t.Context(), change, topic); err != nil {
		r.t.Fatal(err)
	}
}

// say reports whether a worker logged a text.
func (r *run) say(text string) bool {
	for _, w := range r.workers {
		if w.says(text) {
			return true
		}
	}
	return false
}

// countsAbsent checks that the workers' metrics count as absent what is.
func (r *run) countsAbsent() {
	r.t.Helper()
	const name = `vigie_events_total{kind="unknown",outcome="absent"} `
	sum := 0
	for _, w := range r.workers {
		resp, err := (&http.Client{Timeout: time.Minute}).Get("http://" + w.metrics + "/metrics")
		if err != nil {
			r.t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			r.t.Fatal(err)
		}
		if _, after, ok := strings.Cut(string(text), name); ok {
			var n float64
			if _, err := fmt.Sscan(after, &n); err != nil {
				r.t.Fatal(err)
			}
			sum += int(n)
		}
	}
	var absent int64
	for at := range r.log {
		absent += r.logStart(at)
	}
	if sum == 0 || int64(sum) > absent {
		r.t.Errorf("the metrics count %d absent, %d were removed", sum, absent)
	}
}
