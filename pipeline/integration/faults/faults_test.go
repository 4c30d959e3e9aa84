// Package faults proves that nothing is lost under the faults that happen: the
// real program as processes, Apache Kafka in containers, toxiproxy between
// them. Each scenario is a table entry; after each, every offset must be in a
// receipt with the outcome that `vigie classify` gives, and the flags and dead
// letters must be those of the events.
//
// A short version (few events, the faults of processes and two of the network)
// runs where containers are required (VIGIE_REQUIRE_CONTAINERS=1). With
// VIGIE_FAULTS=full every scenario runs over 20,000 events, and the results
// are written into docs/operations.md:
//
//	VIGIE_FAULTS=full go test ./pipeline/integration/faults -timeout 3h -v
package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// patience is how long the harness waits for what must happen.
const patience = 5 * time.Minute

// size is how much is done.
type size struct {
	full   bool
	events int
}

// of returns the first at full size, the second in the short version.
func (s size) of(full, short time.Duration) time.Duration {
	if s.full {
		return full
	}
	return short
}

// scenario is one fault and what it may cost.
type scenario struct {
	// name is what happens, for the table; key is its name in Go's test output.
	key, name string
	// short: it is part of the short version.
	short bool
	// repeats is what may be written twice.
	repeats allowance
	// feed is over how long the second half of the events comes in, at full
	// size; default 20 s. It should outlast the fault.
	feed time.Duration
	// inputs and partitions of the run; default 2 topics of 3.
	inputs, partitions int
	// retired is how many of the inputs, the last ones, get no event any more
	// when the workers run.
	retired int
	// late: no event is in the log before the workers run.
	late bool
	// before, if set, runs when the first half of the events is in the log;
	// unless it starts workers, two are started then.
	before func(r *run)
	// act is the fault: workers are at work, the second half comes in.
	act func(r *run)
	// after, if set, runs when every event is committed and the workers still run.
	after func(r *run)
	// absent: records are removed before they were read.
	absent bool
	// rules of the workers; default smallRules.
	rules []string
	// options of the client that feeds.
	options []kgo.Opt
}

// allowance is what a fault may cost in repeated flags.
type allowance struct {
	// batches of each partition that may be written again; -1 is any number,
	// which the table reports.
	batches int
}

var (
	noRepeats = allowance{0}
	reported  = allowance{-1}
)

// batchesOf allows so many batches of a partition to be repeated.
func batchesOf(n int) allowance { return allowance{n} }

func (a allowance) String() string {
	switch {
	case a.batches < 0:
		return "reported"
	case a.batches == 0:
		return "0"
	case a.batches == 1:
		return "1 batch a partition"
	}
	return fmt.Sprintf("%d batches a partition", a.batches)
}

// TestMain removes the program that the tests built, when all are done with it.
func TestMain(m *testing.M) {
	code := m.Run()
	if built {
		if path, err := binary(); err == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(code)
}

func TestFaults(t *testing.T) {
	size := size{events: 2000}
	switch {
	case os.Getenv("VIGIE_FAULTS") == "full":
		size.full, size.events = true, 20_000
	case testing.Short() || os.Getenv("VIGIE_REQUIRE_CONTAINERS") != "1":
		t.Skip("VIGIE_REQUIRE_CONTAINERS=1 runs the short version, VIGIE_FAULTS=full everything")
	}
	events := newEvents(t, size.events, smallRules, newEvent)
	oneBroker := join(processFaults, brokerFaults, networkFaults, topicFaults, offsetFaults)
	var results []result
	for _, group := range []struct {
		brokers   int
		scenarios []scenario
	}{
		{1, oneBroker},
		{3, threeBrokerFaults},
	} {
		t.Run(fmt.Sprintf("brokers=%d", group.brokers), func(t *testing.T) {
			if !size.full && group.brokers > 1 {
				t.Skip("only at full size")
			}
			cluster, err := startCluster(t.Context(), group.brokers)
			t.Cleanup(cluster.close)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range group.scenarios {
				if s.short || size.full {
					t.Run(s.key, func(t *testing.T) {
						r := newRun(t, cluster, s, size, events)
						// A failed scenario gets a row too.
						defer func() { results = append(results, r.finish()) }()
						r.play()
					})
				}
			}
		})
	}
	if len(results) == len(join(oneBroker, threeBrokerFaults)) {
		if err := writeTable(results); err != nil {
			t.Error(err)
		}
	}
	t.Log("\n" + strings.Join(rows(results), "\n"))
}

func join(lists ...[]scenario) (all []scenario) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
