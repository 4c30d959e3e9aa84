package main

import (
	"context"
	"slices"
	"time"
)

// rounds lets contenders take turns and returns the figures of each by name.
// One that fails is left out from then on, and its error noted under its name.
func (r *report) rounds(ctx context.Context, list []contender) (all map[string][]figures, failed map[string]error) {
	all, failed = map[string][]figures{}, map[string]error{}
	for round := range r.bench.rounds {
		for i := range list {
			c := &list[i]
			if failed[c.name] != nil || ctx.Err() != nil {
				continue
			}
			f, err := r.bench.measure(ctx, c, r.bench.limit)
			if err != nil {
				r.bench.log("%v", err)
				failed[c.name] = err
				continue
			}
			all[c.name] = append(all[c.name], f)
			r.bench.log("round %d, %s: %.0f events/s, %v an event, broker %v, %d MiB, %.1f %% flagged, %d events",
				round+1, c.name, f.rate, f.cpu, f.brokerCPU, f.resident>>20, 100*f.flagged, f.events)
		}
	}
	return all, failed
}

// against is the median over the rounds of a figure of one contender divided by
// that of another in the same round.
func against(a, b []figures, of func(figures) float64) float64 {
	var list []float64
	for i := range min(len(a), len(b)) {
		list = append(list, of(a[i])/of(b[i]))
	}
	return median(list)
}

func median[T int64 | float64 | time.Duration](list []T) T {
	if len(list) == 0 {
		return 0
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}

// middle is the median of a figure.
func middle[T int64 | float64 | time.Duration](list []figures, of func(figures) T) T {
	values := make([]T, len(list))
	for i, f := range list {
		values[i] = of(f)
	}
	return median(values)
}

func rate(f figures) float64 { return f.rate }
func cpu(f figures) float64  { return float64(f.cpu) }
