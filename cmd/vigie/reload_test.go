package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// logged is what a running command logs.
type logged struct{ lockedBuffer }

// until waits until what was logged holds text so many times.
func (l *logged) until(t *testing.T, times int, text string) {
	t.Helper()
	deadline := time.After(time.Minute)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for strings.Count(l.String(), text) < times {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("not logged %d times: %s\n%s", times, text, l.String())
		}
	}
}

// TestReload changes the lexicon of a worker that runs: rightly, wrongly, and
// not at all.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "lexicon"), os.DirFS("testdata/lexicon")); err != nil {
		t.Fatal(err)
	}
	policy, err := filepath.Abs("testdata/routing.yaml")
	if err != nil {
		t.Fatal(err)
	}
	topics := config.Default().Topics
	addr, stop, err := kafka.Embedded(t.Context(), append(topics.Outputs(), topics.Inputs...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	t.Setenv("VIGIE_KAFKA__BROKERS", addr)
	t.Setenv("VIGIE_LEXICON__WATCH_INTERVAL", "100ms")
	t.Setenv("VIGIE_LOG__LEVEL", "debug")

	log := &logged{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- exec(ctx, []string{"run", "--lexicon", filepath.Join(dir, "lexicon"), "--routing", policy}, nil, log, log)
	}()
	log.until(t, 1, "joined the group")

	health := filepath.Join(dir, "lexicon", "fr", "health.yaml")
	data, err := os.ReadFile(health)
	if err != nil {
		t.Fatal(err)
	}
	change := func(from, to string) {
		t.Helper()
		changed := bytes.Replace(data, []byte(from), []byte(to), 1)
		if bytes.Equal(changed, data) {
			t.Fatalf("nothing to change: %s", from)
		}
		if err := os.WriteFile(health, changed, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	change("      malade\n", "      malade\n      souffrant\n")
	log.until(t, 1, "judging by new rules")

	change("      malade\n", "      (malade\n") // no pattern
	log.until(t, 1, "the new rules are refused")
	change("      malade\n", "      souffrant\n") // an example fails
	log.until(t, 2, "the new rules are refused")
	if !strings.Contains(log.String(), "an example of the lexicon does not hold") {
		t.Error("the log does not say that an example fails")
	}
	if got := strings.Count(log.String(), "judging by new rules"); got != 1 {
		t.Errorf("judging by new rules %d times, want once", got)
	}

	change("      malade\n", "      malade\n      souffrant\n") // as it runs now
	log.until(t, 1, "the rules are the same")
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	log.until(t, 2, "the rules are the same")

	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the worker does not end")
	}
}
