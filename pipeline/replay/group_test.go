package replay

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Three machines share a plan, one of which dies on the way; joined, their
// segments are those of one machine, and production's group has none of it.
func TestGroup(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 900)
	e.fill("mails", 600)
	e.cfg.Group.SessionTimeout = 6 * time.Second
	e.cfg.Group.HeartbeatInterval = 100 * time.Millisecond
	before := e.offsets()
	whole, p, _, _ := e.run(everything(), nil, small())

	dirs := []string{t.TempDir(), t.TempDir(), t.TempDir()}
	dying, die := context.WithCancel(e.ctx)
	var working sync.WaitGroup
	errs := make([]error, len(dirs))
	for i, dir := range dirs {
		if err := p.Write(dir); err != nil {
			t.Fatal(err)
		}
		working.Go(func() {
			r := e.replay(dir, p, nil, small())
			ctx := e.ctx
			if i == 0 {
				ctx = dying
				go func() {
					for r.Seen.Offsets.Load() < 80 && ctx.Err() == nil {
						time.Sleep(time.Millisecond)
					}
					die()
				}()
			}
			errs[i] = r.RunGroup(ctx, "replay")
		})
	}
	working.Wait()
	die()
	if errs[0] == nil || errs[1] != nil || errs[2] != nil {
		t.Fatal(errs)
	}
	joined := t.TempDir()
	if got, err := Merge(joined, dirs); err != nil || !cmp.Equal(p, got) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(files(t, whole), files(t, joined)); diff != "" {
		t.Errorf("(-one machine +three)\n%s", diff)
	}
	if diff := cmp.Diff(before, e.offsets()); diff != "" {
		t.Errorf("production's offsets (-before +after)\n%s", diff)
	}
	if n, of := p.Here(dirs[0]); n == 0 || n == of {
		t.Errorf("the one that died has %d of %d segments", n, of)
	}
}

func TestMergeRefuses(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 150)
	one, p, _, _ := e.run(everything(), nil, small())
	two := t.TempDir()
	other := *p
	other.Made = other.Made.Add(time.Second)
	if err := other.Write(two); err != nil {
		t.Fatal(err)
	}
	if _, err := Merge(t.TempDir(), []string{one, two}); err == nil || !strings.Contains(err.Error(), "another plan") {
		t.Errorf("two plans: %v", err)
	}
	if err := p.Write(two); err != nil {
		t.Fatal(err)
	}
	s := p.Segments()[0]
	if err := s.take(two, one); err != nil {
		t.Fatal(err)
	}
	name := s.file(two)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(data), `"route":"care"`, `"route":"urgent"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Merge(t.TempDir(), []string{one, two}); err == nil || !strings.Contains(err.Error(), "differ") {
		t.Errorf("two judgements: %v", err)
	}
	if err := os.Truncate(name, int64(len(data)/2)); err != nil {
		t.Fatal(err)
	}
	if _, err := Merge(t.TempDir(), []string{two}); err == nil {
		t.Error("half a segment is taken")
	}
	if _, err := Merge(t.TempDir(), []string{filepath.Join(one, "calls")}); err == nil {
		t.Error("a directory without a plan is taken")
	}
}
