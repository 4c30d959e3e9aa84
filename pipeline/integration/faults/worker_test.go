package faults

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built says that the program was built, and is to be removed.
var built bool

// binary is the real program, built once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "vigie-faults")
	if err != nil {
		return "", err
	}
	built = true
	path := filepath.Join(dir, "vigie")
	out, err := exec.Command("go", "build", "-o", path, "github.com/vigie-project/vigie/cmd/vigie").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
})

// smallRules are the rules of the faults: a small lexicon, which is read in
// milliseconds. A fault does not care what is looked for, and some seventy starts
// of the shipped one would cost minutes of two processors. nil are the shipped.
var smallRules = []string{"VIGIE_LEXICON__DIR=../testdata/lexicon", "VIGIE_LEXICON__ROUTING=../../testdata/routing.yaml"}

// vigie prepares a run of the program with no environment but env.
func vigie(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append([]string{}, env...) // nil would be this process's own
	return cmd
}

// worker is a running `vigie run`.
type worker struct {
	t   *testing.T
	cmd *exec.Cmd
	log string
	// metrics is where it shows its metrics.
	metrics string
	done    chan error
	// ended is set once the process was waited for.
	ended bool
}

// start starts a worker of the run's group.
func (r *run) start() *worker {
	r.t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	metrics := free.Addr().String()
	_ = free.Close()
	cmd := vigie(r.t, append(r.environment(), "VIGIE_METRICS__LISTEN="+metrics), "run")
	log, err := os.Create(filepath.Join(r.logs, fmt.Sprintf("worker-%d.log", len(r.workers)+1)))
	if err != nil {
		r.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	w := &worker{t: r.t, cmd: cmd, log: log.Name(), metrics: metrics, done: make(chan error, 1)}
	go func() { w.done <- cmd.Wait() }()
	r.t.Cleanup(w.discard)
	r.workers = append(r.workers, w)
	return w
}

// discard ends a worker that a failed test left behind.
func (w *worker) discard() {
	if !w.ended && w.cmd.Process.Kill() == nil {
		w.t.Logf("a worker that was left behind was killed: %v", <-w.done)
	}
	if w.t.Failed() {
		log := w.lines()
		w.t.Logf("the end of %s:\n%s", filepath.Base(w.log), log[max(0, len(log)-5000):])
	}
}

func (w *worker) signal(s os.Signal) {
	w.t.Helper()
	if err := w.cmd.Process.Signal(s); err != nil {
		w.t.Fatal(err)
	}
}

// kill is kill -9.
func (w *worker) kill() {
	w.t.Helper()
	w.signal(syscall.SIGKILL)
	_ = w.wait()
}

// stop is SIGTERM; the worker must finish what it has in hand and exit with 0.
// One that has not begun yet is waited for: the signal would end it as any
// program that listens to none.
func (w *worker) stop() {
	w.t.Helper()
	tick, deadline := time.NewTicker(20*time.Millisecond), time.After(patience)
	defer tick.Stop()
	for w.lines() == "" {
		select {
		case <-tick.C:
		case <-deadline:
			w.t.Fatal("a worker does not begin")
		}
	}
	w.signal(syscall.SIGTERM)
	if err := w.wait(); err != nil {
		w.t.Errorf("a worker that was asked to stop ended with %v", err)
	}
}

// wait waits for the end of the process.
func (w *worker) wait() error {
	w.t.Helper()
	select {
	case err := <-w.done:
		w.ended = true
		return err
	case <-time.After(patience):
		w.t.Fatal("a worker does not end")
		return nil
	}
}

// lines is what the worker logged so far.
func (w *worker) lines() string {
	data, err := os.ReadFile(w.log)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(data)
}

// says reports whether the worker logged a text.
func (w *worker) says(text string) bool { return strings.Contains(w.lines(), text) }

// tries counts how often the worker logged that it tries something again.
func (w *worker) tries() int { return strings.Count(w.lines(), "trying again") }

// classify is what `vigie classify` makes of lines: flags, and how many lines
// it could not read.
func classify(t *testing.T, rules []string, lines []byte) (flags [][]byte, bad int) {
	t.Helper()
	cmd := vigie(t, rules, "classify")
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(lines), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("classify: %v: %s", err, errs.String())
	}
	return bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n")), bytes.Count(errs.Bytes(), []byte("\n"))
}
