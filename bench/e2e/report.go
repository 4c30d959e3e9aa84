package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is what was measured, part by part.
type report struct {
	bench *bench
	made  time.Time
	parts []string
}

// table is a part of the report under way.
type table struct{ strings.Builder }

func (t *table) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

// find returns the contender of a name, nil where it was not asked for.
func find(list []contender, name string) *contender {
	i := slices.IndexFunc(list, func(c contender) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return &list[i]
}

func (r *report) pipelines(ctx context.Context, list []contender) error {
	all, failed := r.rounds(ctx, list)
	t := &table{}
	t.line("## The pipelines\n")
	t.line("| pipeline | | events/s | CPU an event | broker's CPU an event | resident | peak | flagged |")
	t.line("|---|---|---|---|---|---|---|---|")
	best, leanest := "", ""
	for i := range list {
		c := &list[i]
		if err := failed[c.name]; err != nil {
			t.line("| %s | %s | failed: %v | | | | | |", c.name, c.what, err)
		}
		f := all[c.name]
		if len(f) == 0 {
			continue
		}
		t.line("| %s | %s | %.0f | %v | %v | %d MiB | %d MiB | %.1f %% |", c.name, c.what, middle(f, rate),
			middle(f, func(f figures) time.Duration { return f.cpu }).Round(100*time.Nanosecond),
			middle(f, func(f figures) time.Duration { return f.brokerCPU }).Round(100*time.Nanosecond),
			middle(f, func(f figures) int64 { return f.resident })>>20, middle(f, func(f figures) int64 { return f.peak })>>20,
			100*middle(f, func(f figures) float64 { return f.flagged }))
		if c.name == passthrough || c.name == vigie {
			continue
		}
		if best == "" || middle(f, rate) > middle(all[best], rate) {
			best = c.name
		}
		if leanest == "" || middle(f, cpu) < middle(all[leanest], cpu) {
			leanest = c.name
		}
	}
	t.line("")
	t.line("| target | at least | measured |")
	t.line("|---|---|---|")
	if v := all[vigie]; len(v) > 0 {
		if p := all[passthrough]; len(p) > 0 {
			t.line("| `vigie run` against the pass-through loop, events/s | 0.65 × | %.3f × |", against(v, p, rate))
		}
		if best != "" {
			t.line("| against the fastest other pipeline (%s), events/s | 1.2 × | %.2f × |", best, against(v, all[best], rate))
			t.line("| against the one that costs least (%s), CPU an event | at most 0.5 × | %.2f × |", leanest, against(v, all[leanest], cpu))
		}
	}
	r.parts = append(r.parts, t.String())
	return ctx.Err()
}

// scale compares two workers with one, each on one core.
func (r *report) scale(ctx context.Context, list []contender) error {
	worker := find(list, vigie)
	if worker == nil {
		return nil
	}
	one, two := *worker, *worker
	one.name, one.env = "one worker", []string{"GOMAXPROCS=1"}
	two.name, two.env, two.workers = "two workers", one.env, 2
	all, failed := r.rounds(ctx, []contender{one, two})
	t := &table{}
	t.line("## Two workers against one, GOMAXPROCS=1 each\n")
	t.line("| | events/s | CPU an event | broker's CPU an event |")
	t.line("|---|---|---|---|")
	for _, c := range []contender{one, two} {
		if err := failed[c.name]; err != nil {
			t.line("| %s | failed: %v | | |", c.name, err)
			continue
		}
		f := all[c.name]
		t.line("| %s | %.0f | %v | %v |", c.name, middle(f, rate),
			middle(f, func(f figures) time.Duration { return f.cpu }).Round(100*time.Nanosecond),
			middle(f, func(f figures) time.Duration { return f.brokerCPU }).Round(100*time.Nanosecond))
	}
	t.line("\nTwo against one: %.2f × (at least 1.3 ×), on %d cores that the broker shares.", against(all[two.name], all[one.name], rate), runtime.NumCPU())
	r.parts = append(r.parts, t.String())
	return ctx.Err()
}

// memoryLimit is the GOMEMLIMIT of the comparison of memory, that of docker-compose.yml.
const memoryLimit = "200MiB"

// memory compares resident memory under load.
func (r *report) memory(ctx context.Context, list []contender) error {
	worker, loop := find(list, vigie), find(list, passthrough)
	if worker == nil || loop == nil {
		return nil
	}
	a, b := *worker, *loop
	a.env = []string{"GOMEMLIMIT=" + memoryLimit}
	b.env = a.env
	all, failed := r.rounds(ctx, []contender{b, a})
	for _, err := range failed {
		return err
	}
	t := &table{}
	t.line("## Resident memory under load, GOMEMLIMIT=%s\n", memoryLimit)
	t.line("| | median | peak, start included |")
	t.line("|---|---|---|")
	resident, peak := func(f figures) float64 { return float64(f.resident) }, func(f figures) float64 { return float64(f.peak) }
	for _, name := range []string{passthrough, vigie} {
		t.line("| %s | %.0f MiB | %.0f MiB |", name, middle(all[name], resident)/(1<<20), middle(all[name], peak)/(1<<20))
	}
	t.line("| ratio (at most 1.2 ×) | %.2f × | %.2f × |", against(all[vigie], all[passthrough], resident), against(all[vigie], all[passthrough], peak))
	r.parts = append(r.parts, t.String())
	return ctx.Err()
}

func (r *report) markdown() []byte {
	var b bytes.Buffer
	bench := r.bench
	fmt.Fprintf(&b, "# End to end, on one Kafka\n\n")
	fmt.Fprintf(&b, "Written by `go run .` in this folder on %s; do not edit. %s, %d cores, %s in a container on the same machine.\n",
		r.made.Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), image)
	fmt.Fprintf(&b, `
%d events of 4 kB (%d distinct ones, made of the development corpus, one in ten
flagged) in a topic of %d partitions, in batches of lz4. Every pipeline reads all
of it in a group of its own, or as much as it manages in %v, writes its flags
with all acks, and commits behind them; they take turns, %d rounds. Figures are
medians, ratios the medians of the ratios within a round. They count from a run's
first commit to its last: no start. CPU is that of the process, with garbage
collection; that of the broker's process stands beside it.

The other pipelines do less: they look for the literal terms alone and write a
flag where %d or more different ones stand, which is how often vigie does. No
gaps, negations, persons, learned indices, receipts or dead letters.

`, bench.events, len(bench.kafka.pool.all), partitions, bench.limit, bench.rounds, bench.least)
	b.WriteString(strings.Join(r.parts, "\n"))
	return b.Bytes()
}
