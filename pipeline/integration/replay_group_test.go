package integration

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestReplayGroup runs the binary on "two machines" over events of the own
// corpora, and others that the small lexicon flags, on Apache Kafka: they share
// one plan, one is killed on the way and started again, and what they judged,
// joined, is what one judges alone.
func TestReplayGroup(t *testing.T) {
	e := newEnv(t, []string{apacheKafka(t)}, replayPartitions, nil)
	e.soak(fewReplayEvents, replayPartitions)
	e.fill(e.calls(), replayPartitions, 240)
	for p := range int32(replayPartitions) {
		e.commit(e.calls(), p, int64(p))
	}
	before := e.committedAll()
	work := t.TempDir()
	one, two := filepath.Join(work, "one"), filepath.Join(work, "two")
	e.runs("replay", "--dir", one, "--topics", e.calls(), "--plan")
	if err := os.CopyFS(two, os.DirFS(one)); err != nil {
		t.Fatal(err)
	}

	group := "replay-" + e.cfg.Group.ID
	// So slow that a partition takes about half a second.
	shared := []string{"--topics", e.calls(), "--group", group, "--max-mb-per-s", "0.1"}
	first, second := e.machine(one, shared...), e.machine(two, shared...)
	e.until("both have judged a partition", func() bool { return len(segments(t, one)) > 0 && len(segments(t, two)) > 0 })
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := first.wait(); err == nil {
		t.Fatalf("it was done before it was killed\n%s", first.out.String())
	}
	kept := segments(t, one)
	if n := len(kept) + len(segments(t, two)); n >= replayPartitions {
		t.Fatalf("%d of %d partitions were judged when it was killed", n, replayPartitions)
	}
	t.Logf("killed after %d partitions; the other one had %d", len(kept), len(segments(t, two)))
	first = e.machine(one, shared...)
	for _, m := range []*machine{first, second} {
		if err := m.wait(); err != nil || !strings.Contains(m.out.String(), "tout est jugé") {
			t.Fatalf("%v\n%s", err, m.out.String())
		}
	}
	after := segments(t, one)
	for name, file := range kept {
		if !os.SameFile(file, after[name]) {
			t.Errorf("%s was judged again", name)
		}
	}
	t.Logf("in the end %d and %d partitions", len(after), len(segments(t, two)))

	e.runs("replay", "--dir", filepath.Join(work, "joined"), "--out", filepath.Join(work, "joined.jsonl"), "--merge", one, two)
	e.runs("replay", "--dir", filepath.Join(work, "alone"), "--out", filepath.Join(work, "alone.jsonl"), "--topics", e.calls())
	alone, err := os.ReadFile(filepath.Join(work, "alone.jsonl"))
	if n := bytes.Count(alone, []byte("\n")); err != nil || n < 180 {
		t.Errorf("%d flags are too few to try: %v", n, err)
	}
	same(t, filepath.Join(work, "alone.jsonl"), filepath.Join(work, "joined.jsonl"))
	for name := range segments(t, filepath.Join(work, "alone")) {
		same(t, filepath.Join(work, "alone", name), filepath.Join(work, "joined", name))
	}
	if diff := cmp.Diff(before, e.committedAll()); diff != "" {
		t.Errorf("production's offsets (-before +after)\n%s", diff)
	}
	if ends := e.ends(e.cfg.Topics.Flags); len(ends) > 0 {
		t.Errorf("the flags topic has flags: %v", ends)
	}
}

// smallRules are quicker to load than the shipped ones.
var smallRules = []string{"VIGIE_LEXICON__DIR=testdata/lexicon", "VIGIE_LEXICON__ROUTING=../testdata/routing.yaml"}

// runs runs the binary to its end.
func (e *env) runs(args ...string) {
	e.t.Helper()
	if out, err := e.vigie(smallRules, args...).CombinedOutput(); err != nil {
		e.t.Fatalf("%q: %v\n%s", args, err, tail(string(out)))
	}
}

// machine is a replay that shares a plan.
type machine struct {
	cmd *exec.Cmd
	out *log
}

func (e *env) machine(dir string, args ...string) *machine {
	e.t.Helper()
	m := &machine{cmd: e.vigie(smallRules, append([]string{"replay", "--dir", dir}, args...)...), out: &log{}}
	m.cmd.Stdout, m.cmd.Stderr = m.out, m.out
	if err := m.cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	return m
}

// wait waits for its end.
func (m *machine) wait() error {
	ended := make(chan error, 1)
	go func() { ended <- m.cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
		return errors.New("it does not end")
	}
}

// segments are those that stand in a directory, by their names in it.
func segments(t *testing.T, dir string) map[string]os.FileInfo {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*", "*", "[0-9]*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]os.FileInfo)
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(name, dir)] = info
	}
	return all
}
