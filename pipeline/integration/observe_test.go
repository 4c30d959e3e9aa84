package integration

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// What a worker shows before its first record and after a known set of them.
func TestFigures(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 2, nil)
		w := e.start()
		e.until("the worker is ready", func() bool { ok, _ := ready(w.worker); return ok })
		_, _, digest := judge(t)
		before := scrape(t, w.worker)
		// Prometheus sees no increase in a counter that begins with 1: each must
		// be there as 0, or the first dead letter raises no alert.
		for _, name := range []string{
			`vigie_dead_letters_total{class="json"}`, `vigie_dead_letters_total{class="too_large"}`,
			`vigie_events_total{kind="email",outcome="flagged"}`, `vigie_events_total{kind="unknown",outcome="absent"}`,
			`vigie_flags_total{route="urgent"}`, `vigie_end_to_end_seconds_count{route="urgent"}`,
			fmt.Sprintf(`vigie_retries_total{topic="%s"}`, e.cfg.Topics.Flags), fmt.Sprintf(`vigie_offset_resets_total{topic="%s"}`, e.calls()),
			fmt.Sprintf(`vigie_sink_failing{topic="%s"}`, e.cfg.Topics.Receipts), "vigie_repaired_total",
		} {
			if v, ok := before[name]; !ok || v != 0 {
				t.Errorf("%s is %v at the start, there: %v", name, v, ok)
			}
		}
		ends := e.fill(e.calls(), 2, 400)
		e.produceBroken(2)
		e.produce(&kgo.Record{Topic: e.mails(), Key: []byte("gone")})
		for p := range int32(2) {
			ends[place{e.calls(), p}]++
		}
		ends[place{e.mails(), 0}] = 1
		e.accounted(ends)
		var after figures
		e.until("all is shown as read, and every partition as somebody's", func() bool {
			after = scrape(t, w.worker)
			unowned, looked := after["vigie_unowned_partitions"]
			return after[`vigie_events_total{kind="unknown",outcome="skipped_tombstone"}`] == 1 && looked && unowned == 0 &&
				after[lag("seconds", e.calls(), 0)] < 5
		})
		for name, want := range map[string]float64{
			`vigie_events_total{kind="email",outcome="flagged"}`:       300,
			`vigie_events_total{kind="email",outcome="clean"}`:         100,
			`vigie_events_total{kind="unknown",outcome="dead"}`:        2,
			`vigie_dead_letters_total{class="json"}`:                   2,
			`vigie_flags_total{route="urgent"}`:                        100,
			`vigie_flags_total{route="care"}`:                          200,
			`vigie_findings_total{factor="health.maladie"}`:            200,
			`vigie_findings_total{factor="health.idees_suicidaires"}`:  100,
			`vigie_end_to_end_seconds_count{route="urgent"}`:           100,
			`vigie_end_to_end_seconds_bucket{route="care",le="86400"}`: 200,
			"vigie_assigned_partitions":                                4,
			"vigie_ready":                                              1,
			lag("records", e.calls(), 0):                               0,
			lag("records", e.mails(), 1):                               0,
			fmt.Sprintf(`vigie_lexicon_info{digest="%s",name="%s",version="%s"}`, digest, "integration", "1.0.0"): 1,
		} {
			if got, ok := after[name]; !ok || got != want {
				t.Errorf("%s is %v, want %v", name, got, want)
			}
		}
		if after["vigie_rebalances_total"] < 1 || after["vigie_lexicon_loaded_timestamp_seconds"] < 1e9 || after["vigie_oldest_unread_seconds"] > 5 {
			t.Errorf("rebalances %v, loaded %v, oldest unread %v", after["vigie_rebalances_total"],
				after["vigie_lexicon_loaded_timestamp_seconds"], after["vigie_oldest_unread_seconds"])
		}
		w.end()
		if ok, why := ready(w.worker); ok || !strings.Contains(why, "no member of the group") {
			t.Errorf("after its end the worker is ready: %v, %s", ok, why)
		}
	})
}

// A worker that cannot write is not ready, says so, and shows how far and how
// long it is behind though it fetches nothing.
func TestFiguresWhileNothingCanBeWritten(t *testing.T) {
	broker := faulty(t)
	e := newEnv(t, broker.ListenAddrs(), 1, nil)
	var on atomic.Bool
	on.Store(true)
	refused := refuse(broker, e.cfg.Topics.Flags, &on)
	// What was sent an hour ago waits as long.
	e.produce(&kgo.Record{
		Topic: e.calls(), Value: mail("old", "D-0001", texts[2]), Timestamp: time.Now().Add(-time.Hour),
	})
	e.fill(e.calls(), 1, 39)
	w := e.start()
	e.until("the broker has refused some writes", func() bool { return refused.Load() >= 2 })
	failing := fmt.Sprintf(`vigie_sink_failing{topic="%s"}`, e.cfg.Topics.Flags)
	ok, why := ready(w.worker)
	if f := scrape(t, w.worker); ok || !strings.Contains(why, "cannot write to "+e.cfg.Topics.Flags) || f["vigie_ready"] != 0 || f[failing] != 1 {
		t.Errorf("ready: %v, %q; vigie_ready %v, failing %v", ok, why, f["vigie_ready"], f[failing])
	}
	shows := func(records float64) func() bool {
		return func() bool {
			f := scrape(t, w.worker)
			age := f[lag("seconds", e.calls(), 0)]
			return f[lag("records", e.calls(), 0)] == records && age > 3600 && age < 3800 && f["vigie_oldest_unread_seconds"] >= age
		}
	}
	// One fetch is ahead of the batch in hand; what comes after is only looked at.
	e.fill(e.calls(), 1, 60)
	e.until("it shows what it has fetched, and its age", shows(100))
	ends := e.fill(e.calls(), 1, 200)
	e.until("it shows what it cannot fetch", shows(300))
	first := scrape(t, w.worker)[lag("seconds", e.calls(), 0)]
	e.until("the age grows", func() bool { return scrape(t, w.worker)[lag("seconds", e.calls(), 0)] > first+1 })
	on.Store(false)
	e.accounted(ends)
	e.until("it is ready again and behind no more", func() bool {
		ok, _ := ready(w.worker)
		f := scrape(t, w.worker)
		return ok && f[failing] == 0 && f[lag("records", e.calls(), 0)] == 0 && f[lag("seconds", e.calls(), 0)] < 5
	})
	w.end()
}

// A partition that moves takes its figures along: left behind, they would say
// for ever what was unread then.
func TestFiguresMoveWithThePartition(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 3, nil)
		ends := e.fill(e.calls(), 3, 60)
		one := e.start()
		e.accounted(ends)
		e.until("one worker shows all", func() bool { return scrape(t, one.worker).count("vigie_lag_records") == 6 })
		two := e.start()
		e.until("each shows its own", func() bool {
			return scrape(t, one.worker).count("vigie_lag_records") == 3 && scrape(t, two.worker).count("vigie_lag_records") == 3
		})
		one.end()
		two.end()
	})
}

// A worker without partitions is ready: it stands by.
func TestReadyWithoutPartitions(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		workers := []*running{e.start(), e.start(), e.start()}
		e.until("all are ready, one without a partition", func() bool {
			var has []float64
			for _, w := range workers {
				if ok, _ := ready(w.worker); !ok {
					return false
				}
				has = append(has, scrape(t, w.worker)["vigie_assigned_partitions"])
			}
			slices.Sort(has)
			return slices.Equal(has, []float64{0, 1, 1})
		})
		for _, w := range workers {
			w.end()
		}
	})
}

// A committed offset that is not in the log is counted.
func TestFiguresOfAReset(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		e.fill(e.calls(), 1, 10)
		e.cut(e.calls(), 0, 4)
		e.fill(e.mails(), 1, 10)
		e.cut(e.mails(), 0, 4)
		e.commit(e.calls(), 0, 500)
		e.commit(e.mails(), 0, 1)
		w := e.start()
		e.until("both are read", func() bool { return e.committed(e.calls(), 0) == 10 && e.committed(e.mails(), 0) == 10 })
		w.end()
		f := scrape(t, w.worker)
		if got := f[fmt.Sprintf(`vigie_offset_resets_total{topic="%s"}`, e.calls())]; got != 1 {
			t.Errorf("%v resets are counted, want 1", got)
		}
		if got := f[`vigie_events_total{kind="unknown",outcome="absent"}`]; got != 3 {
			t.Errorf("%v absent offsets are counted, want 3", got)
		}
	})
}

// What a worker asks the cluster to know what nobody reads.
func TestStandingOfAGroup(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 2, nil)
		cluster, err := kafka.Connect(e.cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(cluster.Close)
		ctx := t.Context()
		if owned, stable, err := cluster.Owned(ctx, e.cfg.Group.ID); err != nil || stable || len(owned) != 0 {
			t.Errorf("a group that never was: owned %v, stable %v, %v", owned, stable, err)
		}
		e.fill(e.calls(), 2, 20)
		w := e.start()
		e.until("the group is stable and has it all", func() bool {
			owned, stable, err := cluster.Owned(ctx, e.cfg.Group.ID)
			return err == nil && stable && len(owned[e.calls()]) == 2 && len(owned[e.mails()]) == 2
		})
		e.until("all is committed", func() bool {
			next, err := cluster.Committed(ctx, e.cfg.Group.ID, e.calls(), 1)
			return err == nil && next == 10
		})
		w.end()
		if next, err := cluster.Committed(ctx, e.cfg.Group.ID, e.mails(), 0); err != nil || next != -1 {
			t.Errorf("nothing committed: %d, %v", next, err)
		}
		e.cut(e.calls(), 1, 3)
		if first, last, err := cluster.Bounds(ctx, e.calls(), 1); err != nil || first != 3 || last != 10 {
			t.Errorf("bounds are %d to %d, %v", first, last, err)
		}
		all := e.all(e.calls())
		want := all[slices.IndexFunc(all, func(r *kgo.Record) bool { return r.Partition == 1 })].Timestamp
		if at, err := cluster.Stamp(ctx, e.calls(), 1, 3); err != nil || at.UnixMilli() != want.UnixMilli() {
			t.Errorf("stamp is %v, %v; want %v", at, err, want)
		}
		if at, err := cluster.Stamp(ctx, e.calls(), 1, 10); err != nil || !at.IsZero() {
			t.Errorf("at the end of the log the stamp is %v, %v", at, err)
		}
	})
}
