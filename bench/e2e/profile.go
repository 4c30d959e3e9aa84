package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// area is a part of the work, known by the functions that do it.
type area struct {
	name string
	// in are parts of functions' names; the outermost function of a stack that
	// has one decides, in the order of the areas.
	in []string
}

// areas are told apart from the special to the general.
var areas = []area{
	{"garbage collection", []string{"runtime.gcBgMarkWorker", "runtime.gcAssistAlloc", "runtime.bgsweep", "runtime.bgscavenge"}},
	{"decode", []string{"pipeline.decode", "event.Decode"}},
	{"fold", []string{"pipeline.(*stream).fold"}},
	{"match", []string{"pipeline.(*hits).match"}},
	{"qualify", []string{"pipeline.(*qualifier).qualify"}},
	{"indices", []string{"pipeline.(*reader)."}},
	{"assess, findings, route", []string{"pipeline.assess", "pipeline.findings", "pipeline.route"}},
	{"classification, rest", []string{"pipeline.(*Classifier).Classify"}},
	{"flags as JSON", []string{"pipeline.flagMessage"}},
	{"log", []string{"zerolog."}},
	{"decompress and split into records", []string{"kafka.(*Fetched).Read"}},
	{"fetch", []string{"kafka.(*Partition).Fetch", "kafka.(*exchange).", "pipeline.(*source).read"}},
	{"write flags and receipts", []string{"kafka.(*Writer).Write", "kafka-go.(*Writer)", "kafka-go.(*partitionWriter)", "kafka-go.(*conn)", "kafka-go.(*connGroup)"}},
	{"commit", []string{"kafka.(*Generation).Commit", "kafka-go.(*Generation)"}},
	{"the worker's own", []string{"pipeline.(*partition).", "pipeline.(*Worker)"}},
}

const other = "the rest: scheduler, network, metrics"

// profile runs the worker under a profile and tells where its time goes.
func (r *report) profile(ctx context.Context, list []contender) error {
	worker := find(list, vigie)
	if worker == nil {
		return nil
	}
	path := filepath.Join(r.bench.dir, "cpu.pprof")
	c := *worker
	c.name, c.command = "profile", goProgram(filepath.Join(r.bench.dir, "bin"), "profiled")
	c.env = []string{"BENCH_PROFILE=" + path}
	f, err := r.bench.measure(ctx, &c, r.bench.limit)
	if err != nil {
		return err
	}
	shares, total, err := sharesOf(path)
	if err != nil {
		return err
	}
	t := &table{}
	t.line("## Where the worker's time goes\n")
	t.line("A CPU profile of %v of CPU time; %.0f events/s.\n", total.Round(100*time.Millisecond), f.rate)
	t.line("| part | share | an event |")
	t.line("|---|---|---|")
	for _, a := range append(areas, area{name: other}) {
		if share := shares[a.name]; share >= 0.001 {
			t.line("| %s | %.1f %% | %v |", a.name, 100*share, time.Duration(share*float64(f.cpu)).Round(100*time.Nanosecond))
		}
	}
	r.parts = append(r.parts, t.String())
	return ctx.Err()
}

// sharesOf is the share of each area in a profile's samples.
func sharesOf(path string) (shares map[string]float64, total time.Duration, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	p, err := profile.Parse(file)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", path, err)
	}
	shares = make(map[string]float64)
	for _, s := range p.Sample {
		took := s.Value[len(s.Value)-1] // nanoseconds
		shares[areaOf(s)] += float64(took)
		total += time.Duration(took)
	}
	for name := range shares {
		shares[name] /= float64(total)
	}
	return shares, total, nil
}

func areaOf(s *profile.Sample) string {
	for _, a := range areas {
		for _, location := range s.Location {
			for _, line := range location.Line {
				for _, part := range a.in {
					if strings.Contains(line.Function.Name, part) {
						return a.name
					}
				}
			}
		}
	}
	return other
}
