package faults

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// receipt is what the harness reads of a receipt.
type receipt struct {
	Generation int            `json:"generation"`
	Topic      string         `json:"topic"`
	Partition  int32          `json:"partition"`
	From       int            `json:"from"`
	To         int            `json:"to"`
	Flagged    int            `json:"flagged"`
	Clean      int            `json:"clean"`
	Skipped    map[string]int `json:"skipped"`
	Dead       map[string]int `json:"dead"`
	Absent     int            `json:"absent"`
}

// check holds what the workers wrote against the events that were fed.
func (r *run) check() {
	r.t.Helper()
	gone := r.checkReceipts()
	r.checkFlags(gone)
	r.checkDead(gone)
	for _, w := range r.workers {
		r.result.tries += w.tries()
	}
	r.result.events, r.result.standstill = len(r.events), r.watch.standstill
	if r.result.lost > 0 {
		r.t.Errorf("%d events are lost", r.result.lost)
	}
}

// all returns every record of a topic in order of partition and offset.
func (r *run) all(topic string) []*kgo.Record {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	ends, err := r.admin.ListEndOffsets(ctx, topic)
	if err != nil {
		r.t.Fatal(err)
	}
	left := make(map[int32]int64)
	for p, o := range ends[topic] {
		if o.Offset > 0 {
			left[p] = o.Offset
		}
	}
	reader, err := kgo.NewClient(kgo.SeedBrokers(r.cluster.harness...), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(100*time.Millisecond))
	if err != nil {
		r.t.Fatal(err)
	}
	defer reader.Close()
	var records []*kgo.Record
	for len(left) > 0 {
		fetches := reader.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			r.t.Fatalf("reading %s: %v", topic, err)
		}
		for _, rec := range fetches.Records() {
			records = append(records, rec)
			if rec.Offset+1 >= left[rec.Partition] {
				delete(left, rec.Partition)
			}
		}
	}
	slices.SortFunc(records, func(a, b *kgo.Record) int {
		return cmp.Or(cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset))
	})
	return records
}

// checkReceipts checks that the receipts of each partition follow on each other
// to its end and that each counts what was fed at its offsets. It returns the
// events whose offsets the receipts call absent.
func (r *run) checkReceipts() (gone map[int]bool) {
	r.t.Helper()
	gone = make(map[int]bool)
	next, last := make(map[place]int), make(map[place]receipt)
	for _, rec := range r.all(r.topics.receipts) {
		var envelope struct {
			Data receipt `json:"data"`
		}
		if err := json.Unmarshal(rec.Value, &envelope); err != nil {
			r.t.Fatalf("a receipt is no JSON: %v", err)
		}
		c := envelope.Data
		at := place{c.Topic, c.Partition}
		if c.From > next[at] && c.Generation >= last[at].Generation {
			r.result.gaps += c.From - next[at]
			r.t.Errorf("%v: offsets %d to %d have no receipt", at, next[at], c.From-1)
		}
		r.checkReceipt(at, &c, gone)
		// Of receipts that overlap, that of the higher generation counts: a worker
		// that was taken for dead may still write one when it is back.
		if c.Generation >= last[at].Generation {
			next[at], last[at] = max(next[at], c.To+1), c
		}
	}
	for at, events := range r.log {
		if next[at] != len(events) {
			r.result.gaps += len(events) - next[at]
			r.t.Errorf("%v: receipts reach %d, the log ends at %d", at, next[at], len(events))
		}
	}
	r.result.absent = len(gone)
	if r.s.absent != (len(gone) > 0) {
		r.t.Errorf("%d offsets are absent", len(gone))
	}
	return gone
}

// checkReceipt checks one receipt against the events at its offsets; absent
// ones are the first, since retention takes the oldest.
func (r *run) checkReceipt(at place, c *receipt, gone map[int]bool) {
	r.t.Helper()
	events := r.log[at]
	if c.From < 0 || c.To >= len(events) || c.To < c.From || c.Absent > c.To+1-c.From {
		r.t.Errorf("%v: a receipt for %d to %d with %d absent, the log ends at %d", at, c.From, c.To, c.Absent, len(events))
		return
	}
	if c.Absent > 0 && int64(c.From+c.Absent) > r.logStart(at) {
		r.t.Errorf("%v: offsets %d to %d are called absent, the log starts at %d", at, c.From, c.From+c.Absent-1, r.logStart(at))
	}
	for _, i := range events[c.From : c.From+c.Absent] {
		gone[i] = true
	}
	var want receipt
	for _, i := range events[c.From+c.Absent : c.To+1] {
		switch e := &r.events[i]; {
		case e.broken:
			want.Absent++ // counted as dead below
		case e.flag != "":
			want.Flagged++
		default:
			want.Clean++
		}
	}
	dead := 0
	for _, n := range c.Dead {
		dead += n
	}
	for _, n := range c.Skipped {
		dead += n // nothing was fed that may be skipped
	}
	if c.Flagged != want.Flagged || c.Clean != want.Clean || dead != want.Absent {
		r.t.Errorf("%v: the receipt for %d to %d says %d flagged, %d clean, %d dead; fed were %d, %d, %d",
			at, c.From, c.To, c.Flagged, c.Clean, dead, want.Flagged, want.Clean, want.Absent)
	}
}

// logStart is the first offset that a log still holds.
func (r *run) logStart(at place) int64 {
	r.t.Helper()
	starts, err := r.admin.ListStartOffsets(r.t.Context(), at.topic)
	if err != nil {
		r.t.Fatal(err)
	}
	o, _ := starts.Lookup(at.topic, at.partition)
	return o.Offset
}

// checkFlags checks that the flags are those of the events, that a repeated one
// is the same byte for byte, and how many were repeated.
func (r *run) checkFlags(gone map[int]bool) {
	r.t.Helper()
	values := make(map[string][]byte)
	repeated := make(map[place][]int)
	for _, rec := range r.all(r.topics.flags) {
		var f flagged
		if err := json.Unmarshal(rec.Value, &f); err != nil {
			r.t.Fatalf("a flag is no JSON: %v", err)
		}
		if i := f.index(r.t); r.events[i].flag != f.ID {
			r.t.Errorf("flag %s is none that classify gives", f.ID)
		}
		before, seen := values[f.ID]
		if !seen {
			values[f.ID] = rec.Value
			continue
		}
		if !bytes.Equal(before, rec.Value) {
			r.t.Errorf("flag %s was repeated with another value", f.ID)
		}
		r.result.repeats++
		from := f.Data.Event
		at := place{from.Topic, from.Partition}
		repeated[at] = append(repeated[at], int(from.Offset))
	}
	for i, e := range r.events {
		if e.flag == "" {
			continue
		}
		if _, ok := values[e.flag]; ok {
			r.result.flags++
		} else if !gone[i] {
			r.result.lost++
			r.t.Errorf("the flag of event %d is lost", i)
		}
	}
	r.checkRepeats(repeated)
}

// checkRepeats holds the repeated flags of each partition against what is allowed.
func (r *run) checkRepeats(repeated map[place][]int) {
	r.t.Helper()
	allowed := r.s.repeats.batches
	for at, offsets := range repeated {
		slices.Sort(offsets)
		distinct := slices.Compact(slices.Clone(offsets))
		// Batches in which something was repeated, counted from the first offset
		// on: a batch need not begin at a round number.
		batches, end := 0, -1
		for _, o := range distinct {
			if o >= end {
				batches, end = batches+1, o+batchRecords
			}
		}
		if allowed >= 0 && (batches > allowed || len(offsets) > allowed*len(distinct)) {
			r.t.Errorf("%v: %d flags in %d batches were repeated, allowed are %v: offsets %v", at, len(offsets), batches, r.s.repeats, offsets)
		}
	}
}

// checkDead checks that the dead letters are the broken events, untouched.
func (r *run) checkDead(gone map[int]bool) {
	r.t.Helper()
	dead := make(map[int]bool)
	for _, rec := range r.all(r.topics.dead) {
		headers := make(map[string]string)
		for _, h := range rec.Headers {
			headers[h.Key] = string(h.Value)
		}
		partition, err1 := strconv.Atoi(headers["origin-partition"])
		offset, err2 := strconv.Atoi(headers["origin-offset"])
		events := r.log[place{headers["origin-topic"], int32(partition)}]
		if err1 != nil || err2 != nil || offset >= len(events) {
			r.t.Fatalf("a dead letter of nowhere: %v", headers)
		}
		i := events[offset]
		if !r.events[i].broken || !bytes.Equal(rec.Value, r.events[i].value) {
			r.t.Errorf("event %d became a dead letter, or not as it came", i)
		}
		if dead[i] && r.s.repeats == noRepeats {
			r.t.Errorf("the dead letter of event %d was repeated", i)
		}
		dead[i] = true
	}
	for i, e := range r.events {
		if e.broken && !dead[i] && !gone[i] {
			r.result.lost++
			r.t.Errorf("the dead letter of event %d is lost", i)
		}
	}
	r.result.dead = len(slices.Collect(maps.Keys(dead)))
}
