package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
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

// profile runs the worker, and beside it the ceiling, under a profile and tells
// where their time goes.
func (r *report) profile(ctx context.Context, list []contender) error {
	bin := filepath.Join(r.bench.dir, "bin")
	programs := map[string]func(*setting) *exec.Cmd{
		passthrough: goProgram(bin, "passthrough"), vigie: goProgram(bin, "profiled"),
	}
	shares, costs := map[string]map[string]float64{}, map[string]time.Duration{}
	for name, program := range programs {
		c := find(list, name)
		if c == nil {
			return nil
		}
		path := filepath.Join(r.bench.dir, strings.Fields(name)[0]+".pprof")
		f, err := r.bench.measure(ctx, &contender{
			name: name + ", profiled", workers: 1, command: program, env: []string{"BENCH_PROFILE=" + path},
		}, r.bench.limit)
		if err != nil {
			return err
		}
		costs[name] = f.cpu
		if shares[name], err = sharesOf(path); err != nil {
			return err
		}
	}
	t := &table{}
	t.line("## Where the time goes\n")
	t.line("By CPU profiles from start to end, spread over what an event costs.\n")
	t.line("| part | %s | | pass-through | |", vigie)
	t.line("|---|---|---|---|---|")
	for _, a := range append(areas, area{name: other}) {
		v, p := shares[vigie][a.name], shares[passthrough][a.name]
		if max(v, p) < 0.001 {
			continue
		}
		of := func(name string) time.Duration {
			return time.Duration(shares[name][a.name] * float64(costs[name])).Round(100 * time.Nanosecond)
		}
		t.line("| %s | %.1f %% | %v | %.1f %% | %v |", a.name, 100*v, of(vigie), 100*p, of(passthrough))
	}
	t.line("| all | | %v | | %v |", costs[vigie], costs[passthrough])
	r.parts = append(r.parts, t.String())
	return ctx.Err()
}

// sharesOf is the share of each area in a profile's samples.
func sharesOf(path string) (shares map[string]float64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p, err := profile.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	shares = make(map[string]float64)
	total := 0.0
	for _, s := range p.Sample {
		took := s.Value[len(s.Value)-1] // nanoseconds
		shares[areaOf(s)] += float64(took)
		total += float64(took)
	}
	for name := range shares {
		shares[name] /= total
	}
	return shares, nil
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
