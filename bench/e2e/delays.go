package main

import (
	"context"
	"time"
)

// seconds is how long the delays of one round are taken.
const seconds = 10

// latency compares delays at a third of the ceiling's rate.
func (r *report) latency(ctx context.Context, list []contender) error {
	worker, loop := find(list, vigie), find(list, passthrough)
	if worker == nil || loop == nil {
		return nil
	}
	ceiling, err := r.bench.measure(ctx, loop, r.bench.limit)
	if err != nil {
		return err
	}
	held, err := r.bench.measure(ctx, worker, r.bench.limit)
	if err != nil {
		return err
	}
	t, load := &table{}, ceiling.rate/3
	t.line("## From sending to flag, at a third of the ceiling's load\n")
	if held.rate < 1.2*load {
		t.line("A third of the ceiling is %.0f events/s, more than the worker holds (%.0f): both get a third of that.\n", load, held.rate)
		load = held.rate / 3
	}
	t.line("| | p50 | p99 | events/s |")
	t.line("|---|---|---|---|")
	all := map[string][]delays{}
	for round := range r.bench.rounds {
		for _, c := range []*contender{loop, worker} {
			d, err := r.bench.delay(ctx, c, load, seconds)
			if err != nil {
				return err
			}
			r.bench.log("round %d, %s: p50 %v, p99 %v, %d flags at %.0f events/s", round+1, c.name, d.p50, d.p99, d.flags, d.rate)
			all[c.name] = append(all[c.name], d)
		}
	}
	var ratios []float64
	for i := range all[vigie] {
		ratios = append(ratios, float64(all[vigie][i].p99)/float64(all[passthrough][i].p99))
	}
	for _, name := range []string{passthrough, vigie} {
		var p50, p99 []time.Duration
		var sent []float64
		for _, d := range all[name] {
			p50, p99, sent = append(p50, d.p50), append(p99, d.p99), append(sent, d.rate)
		}
		t.line("| %s | %v | %v | %.0f |", name, median(p50).Round(100*time.Microsecond), median(p99).Round(100*time.Microsecond), median(sent))
	}
	t.line("\nThe ratio of the p99 is %.2f × (at most 1.5 ×).", median(ratios))
	r.parts = append(r.parts, t.String())
	return ctx.Err()
}
