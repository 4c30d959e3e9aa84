package integration

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// replayVariable says over how many events replays are tried; 200000 is the run
// of docs/replay.md, where throughput counts too.
const replayVariable = "VIGIE_TEST_REPLAY"

const (
	fewReplayEvents  = 2_000
	replayPartitions = 12
	// manyReplayEvents are enough for throughput to mean something.
	manyReplayEvents = 100_000
)

// TestReplay runs the binary, with the shipped lexicon and one that lacks ten of
// its terms, over events of the own corpora on Apache Kafka.
func TestReplay(t *testing.T) {
	events := fewReplayEvents
	if s := os.Getenv(replayVariable); s != "" {
		var err error
		if events, err = strconv.Atoi(s); err != nil {
			t.Fatalf("%s: %v", replayVariable, err)
		}
	}
	e := newEnv(t, []string{apacheKafka(t)}, replayPartitions, nil)
	e.soak(events, replayPartitions)
	work := t.TempDir()
	input := filepath.Join(work, "events.jsonl")
	e.dump(input)

	ran := e.production(events)
	before := e.committedAll()
	tried := filepath.Join(work, "lexicon")
	gone := e.withoutTerms(tried, e.classified(input, ""))
	want := changes(e.classified(input, ""), e.classified(input, tried))
	t.Logf("without %d terms, %d flags differ", len(gone), len(want))
	if len(gone) != 10 || len(want) == 0 {
		t.Fatal("the lexicons differ too little")
	}

	one := e.replayed(work, "one", nil, "--lexicon", tried)
	two := e.replayed(work, "two", nil, "--lexicon", tried, "--against", "livré")
	whole := differences(t, filepath.Join(work, "two.jsonl"))
	if diff := cmp.Diff(want, whole); diff != "" {
		t.Errorf("the difference (-two classifications +replay)\n%s", diff)
	}
	killed := 0
	e.replayed(work, "killed", func(dir string, segments int) bool {
		if killed < 2 && segments > 2*killed {
			killed++
			return true
		}
		return false
	}, "--lexicon", tried, "--against", "livré")
	if killed != 2 {
		t.Errorf("it was killed %d times, want 2", killed)
	}
	same(t, filepath.Join(work, "two.jsonl"), filepath.Join(work, "killed.jsonl"))
	if diff := cmp.Diff(before, e.committedAll()); diff != "" {
		t.Errorf("production's offsets (-before +after)\n%s", diff)
	}
	rate := func(d time.Duration) float64 { return float64(events) / d.Seconds() }
	t.Logf("%d events: run %.0f/s, replay with one lexicon %.0f/s (%.2f times), with two %.0f/s (%.2f times)",
		events, rate(ran), rate(one), ran.Seconds()/one.Seconds(), rate(two), ran.Seconds()/two.Seconds())
	if events >= manyReplayEvents && (ran.Seconds() < 0.8*one.Seconds() || ran.Seconds() < 0.5*two.Seconds()) {
		t.Error("a replay is to have 0.8 times the throughput of a worker with one lexicon, 0.5 times with two")
	}
}

// dump writes all events of calls to a file, a line each.
func (e *env) dump(name string) {
	e.t.Helper()
	var b bytes.Buffer
	for _, r := range e.all(e.calls()) {
		if err := json.Compact(&b, r.Value); err != nil {
			e.t.Fatal(err)
		}
		b.WriteByte('\n')
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		e.t.Fatal(err)
	}
}

// committedAll returns the offsets that production has committed.
func (e *env) committedAll() []int64 {
	offsets := make([]int64, replayPartitions)
	for p := range offsets {
		offsets[p] = e.committed(e.calls(), int32(p))
	}
	return offsets
}

// production has a worker judge everything, and returns how long that took from
// when it had its partitions.
func (e *env) production(events int) time.Duration {
	e.t.Helper()
	worker := e.vigie([]string{"VIGIE_METRICS__LISTEN="}, "run")
	out := &log{}
	worker.Stderr = out
	if err := worker.Start(); err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = worker.Wait() }()
	defer func() { _ = worker.Process.Signal(os.Interrupt) }()
	var begin time.Time
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.After(patience + time.Duration(events)*2*time.Millisecond); ; {
		select {
		case <-ticker.C:
		case <-deadline:
			e.t.Fatalf("production takes too long\n%s", tail(out.String()))
		}
		if begin.IsZero() {
			if !strings.Contains(out.String(), `"joined the group"`) {
				continue
			}
			begin = time.Now()
		}
		sum := int64(0)
		for _, offset := range e.committedAll() {
			sum += max(offset, 0)
		}
		if sum == int64(events) {
			return time.Since(begin)
		}
	}
}

// classified returns the flags that vigie classify makes of a file, by the
// event's id; with the shipped lexicon where dir is "".
func (e *env) classified(input, dir string) map[string]*flag.Flag {
	e.t.Helper()
	args := []string{"classify"}
	if dir != "" {
		args = append(args, "--lexicon", dir)
	}
	out, err := e.vigie(nil, append(args, input)...).Output()
	if err != nil {
		e.t.Fatal(err)
	}
	flags := make(map[string]*flag.Flag)
	for line := range bytes.Lines(out) {
		f, err := flag.Parse(line)
		if err != nil {
			e.t.Fatal(err)
		}
		flags[f.Event.ID] = f
	}
	return flags
}

// withoutTerms copies the shipped lexicon into dir without ten terms, those that
// make most flags alone, and returns their patterns.
func (e *env) withoutTerms(dir string, flags map[string]*flag.Flag) (gone []string) {
	e.t.Helper()
	program, err := lexicon.Unpack(configs.Program(lexicon.EngineVersion))
	if err != nil {
		e.t.Fatal(err)
	}
	counts := make(map[string]int)
	for _, f := range flags {
		if len(f.Findings) == 1 {
			counts[f.Findings[0].Term]++
		}
	}
	if err := os.CopyFS(dir, os.DirFS("../../configs/lexicon")); err != nil {
		e.t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "fr", "*.yaml"))
	if err != nil {
		e.t.Fatal(err)
	}
	terms := slices.Clone(program.Terms)
	slices.SortStableFunc(terms, func(a, b lexicon.Term) int { return counts[b.ID] - counts[a.ID] })
	for _, term := range terms {
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				e.t.Fatal(err)
			}
			line := "\n      " + term.Pattern + "\n"
			if counts[term.ID] == 0 || strings.Count(string(data), line) != 1 {
				continue
			}
			if err := os.WriteFile(name, []byte(strings.Replace(string(data), line, "\n", 1)), 0o600); err != nil {
				e.t.Fatal(err)
			}
			if gone = append(gone, term.Pattern); len(gone) == 10 {
				return gone
			}
		}
	}
	return gone
}

// changes compares two classifications, by the event's id.
func changes(before, after map[string]*flag.Flag) map[string]replay.Change {
	all := make(map[string]replay.Change)
	ids := slices.Collect(maps.Keys(before))
	for id := range after {
		if before[id] == nil {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		if c := replay.Compare(before[id], after[id]); c != replay.Same {
			all[id] = c
		}
	}
	return all
}

// differences reads those that a replay wrote.
func differences(t *testing.T, name string) map[string]replay.Change {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]replay.Change)
	for line := range bytes.Lines(data) {
		var x struct {
			Change replay.Change
			ID     string
		}
		if err := json.Unmarshal(line, &x); err != nil {
			t.Fatal(err)
		}
		if x.Change != "" {
			all[x.ID] = x.Change
		}
	}
	return all
}

// replayed replays calls into a directory of a name until it is done, each time
// anew after kill has said that it is to be killed, and returns how long the
// last start took from its plan on.
func (e *env) replayed(work, name string, kill func(dir string, segments int) bool, args ...string) time.Duration {
	e.t.Helper()
	dir := filepath.Join(work, name)
	args = append([]string{"replay", "--dir", dir, "--topics", e.calls(), "--out", dir + ".jsonl"}, args...)
	for {
		cmd := e.vigie(nil, args...)
		out := &log{}
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			e.t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		begin, dead := time.Now(), false
		ticker := time.NewTicker(5 * time.Millisecond)
		for running := true; running; {
			select {
			case err := <-ended:
				if err != nil && !dead {
					e.t.Fatalf("%v\n%s", err, tail(out.String()))
				}
				running = false
			case <-ticker.C:
				if _, err := os.Stat(filepath.Join(dir, "plan.json")); err != nil {
					begin = time.Now()
					continue
				}
				segments, _ := filepath.Glob(filepath.Join(dir, "*", "*", "[0-9]*.jsonl"))
				if kill != nil && !dead && kill(dir, len(segments)) {
					dead = true
					_ = cmd.Process.Kill()
				}
			}
		}
		ticker.Stop()
		if !dead {
			e.t.Logf("%s:\n%s", name, tail(out.String()))
			return time.Since(begin)
		}
	}
}

// same checks that two files hold the same.
func same(t *testing.T, a, b string) {
	t.Helper()
	one, err1 := os.ReadFile(a)
	two, err2 := os.ReadFile(b)
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Errorf("%s and %s differ: %v %v", a, b, err1, err2)
	}
}
