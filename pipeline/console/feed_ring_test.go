package console

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/flag"
)

// The ring keeps the last 500 and says when it no longer holds all changes.
func TestRing(t *testing.T) {
	var r ring
	if changed, ok := r.since(0); !ok || changed != nil {
		t.Errorf("an empty ring says %v, %v", changed, ok)
	}
	for n := range ringSize {
		r.add(&Entry{ID: fmt.Sprint(n), Route: "care", Severity: 1})
	}
	if changed, ok := r.since(0); !ok || len(changed) != ringSize {
		t.Errorf("%d changes, %v", len(changed), ok)
	}
	mark := r.version
	r.add(&Entry{ID: "7", Retraction: "error"})
	if changed, ok := r.since(mark); !ok || len(changed) != 2 || changed[0].ID != "7" || changed[0].Retracted != "error" || changed[0].New || changed[1].Route != "care" || !changed[1].New {
		t.Errorf("the changes are %+v, %v", changed, ok)
	}
	if changed, ok := r.since(0); ok {
		t.Errorf("one of the changes is gone, but %d are all", len(changed))
	}
	if _, ok := r.since(r.version + 1); ok {
		t.Error("a mark of the future is taken")
	}
	for n := range 3 * ringSize {
		r.add(&Entry{ID: fmt.Sprint("x", n)})
	}
	if len(r.entries) != ringSize || cap(r.entries) > 4*ringSize {
		t.Errorf("%d entries in room for %d are kept", len(r.entries), cap(r.entries))
	}
	if list := r.latest(2, Filter{}); list[0].ID != "x1499" || list[1].ID != "x1498" {
		t.Errorf("the latest are %s and %s", list[0].ID, list[1].ID)
	}
	if list := r.latest(2, Filter{Severity: 1}); list != nil {
		t.Errorf("nothing is severe, but %v", list)
	}
}

// Minutes pass, and what is over an hour old goes.
func TestCounters(t *testing.T) {
	var c counters
	now := time.Date(2026, 11, 2, 9, 0, 30, 0, time.UTC)
	count := func(at time.Time) {
		if m := c.at(at, now); m != nil {
			m.entry(&Entry{Route: flag.RouteCare, Severity: 1})
		}
	}
	count(now.Add(-time.Hour)) // too old
	count(now.Add(-59 * time.Minute))
	count(now)
	count(now.Add(5 * time.Minute)) // by a clock that is ahead
	flags := func() (list []string) {
		for i, m := range c.series(now) {
			if n := m.TotalFlags(); n > 0 {
				list = append(list, fmt.Sprintf("%d: %d", i, n))
			}
		}
		return list
	}
	for _, tt := range []struct {
		after time.Duration
		want  []string
	}{
		{0, []string{"0: 1", "59: 2"}}, {time.Minute, []string{"58: 2"}}, {57 * time.Minute, []string{"1: 2"}}, {-2 * time.Hour, []string{"1: 2"}}, {4 * time.Hour, nil},
	} {
		now = now.Add(tt.after)
		if diff := cmp.Diff(tt.want, flags()); diff != "" {
			t.Errorf("after %v (-want +got)\n%s", tt.after, diff)
		}
	}
}
