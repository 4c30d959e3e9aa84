package replay

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// produce has production judge all that stands on the input topics.
func (e *env) produce() {
	e.t.Helper()
	rs := e.small()
	canonical, err := rs.Canonical()
	if err != nil {
		e.t.Fatal(err)
	}
	worker, err := pipeline.NewWorker(e.cfg, small().classifier.Clone(), canonical, small().lexicon.Digest, zerolog.Nop())
	if err != nil {
		e.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(e.ctx)
	ended := make(chan error, 1)
	go func() { ended <- worker.Run(ctx) }()
	for !e.caughtUp() {
		select {
		case err := <-ended:
			e.t.Fatal("the worker has ended", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
	stop()
	if err := <-ended; err != nil {
		e.t.Fatal(err)
	}
}

// small reads the sources of the small lexicon.
func (e *env) small() (rs *lexicon.Ruleset) {
	compiled(e.t, func(x *lexicon.Ruleset) { rs = x })
	return rs
}

// caughtUp reports whether production has committed all.
func (e *env) caughtUp() bool {
	for _, topic := range e.cfg.Topics.Inputs {
		for p := range 3 {
			_, end, err := e.cluster.Bounds(e.ctx, topic, p)
			if err != nil {
				e.t.Fatal(err)
			}
			offset, err := e.cluster.Committed(e.ctx, e.cfg.Group.ID, topic, p)
			if err != nil || offset < end && end > 0 {
				return false
			}
		}
	}
	return true
}

// offsets are those that production has committed.
func (e *env) offsets() map[string]int64 {
	e.t.Helper()
	all := make(map[string]int64)
	for _, topic := range e.cfg.Topics.Inputs {
		for p := range 3 {
			offset, err := e.cluster.Committed(e.ctx, e.cfg.Group.ID, topic, p)
			if err != nil {
				e.t.Fatal(err)
			}
			all[fmt.Sprint(topic, p)] = offset
		}
	}
	return all
}

// values returns the values of a topic, by partition and offset.
func (e *env) values(topic string) (all []string) {
	e.t.Helper()
	for p := range 3 {
		if _, err := e.cluster.Scan(e.ctx, topic, p, -1, func(r *kafka.Record) error {
			all = append(all, string(r.Value))
			return nil
		}); err != nil {
			e.t.Fatal(err)
		}
	}
	return all
}

// publish publishes a replay of everything by a lexicon.
func (e *env) publish(by rules, now time.Time) *Publication {
	e.t.Helper()
	dir, p, _, _ := e.run(everything(), nil, by)
	out := &Publication{
		Cluster: e.cluster, Config: e.cfg, Dir: dir, Plan: p, After: by.classifier, Ruleset: []byte(`{"ruleset":1}`), Now: now,
		Log: zerolog.Nop(),
	}
	if err := out.Run(e.ctx); err != nil {
		e.t.Fatal(err)
	}
	return out
}

// follow is a case system: it keeps the last flag of each event.
func (e *env) follow() map[identity]*flag.Flag {
	e.t.Helper()
	all := make(map[identity]*flag.Flag)
	for _, value := range e.values(e.cfg.Topics.Flags) {
		if f, err := flag.Parse([]byte(value)); err == nil {
			id := identityOf(&f.Event)
			if before := all[id]; f.Supersedes != "" && (before == nil || before.ID != f.Supersedes) {
				e.t.Errorf("a flag supersedes %s, which does not stand", f.Supersedes)
			}
			all[id] = f
			continue
		}
		r, err := flag.ParseRetraction([]byte(value))
		if err != nil {
			e.t.Fatal(err)
		}
		if before := all[identityOf(&r.Event)]; before == nil || before.ID != r.Retracts {
			e.t.Errorf("%s is retracted, which does not stand", r.Retracts)
		}
		delete(all, identityOf(&r.Event))
	}
	return all
}

// other is a lexicon that knows no cancer, finds thanks grave and a hospital urgent.
func other(t *testing.T) rules {
	return compiled(t, func(rs *lexicon.Ruleset) {
		f := rs.Sections[0].Factors
		f[0].Terms = nil
		with(t, map[int][]string{0: {"merci"}, 1: {"hospitalisé"}})(rs)
	})
}

// What case systems keep after a publication is what the lexicon says; the
// second one writes nothing, and production's offsets stay where they were.
func TestPublish(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 120)
	e.produce()
	before := e.offsets()
	if n := len(e.follow()); n != 90 {
		t.Fatalf("production made %d flags, want 90", n)
	}
	by, now := other(t), day.Add(3*time.Hour)
	out := e.publish(by, now)
	want := map[Change]int{Added: 30, Removed: 30, Rerouted: 30}
	if diff := cmp.Diff(want, out.Changes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[Fate]int{Unchanged: 30}, out.Fates); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	kept := e.follow()
	for i := range 120 {
		id := identity(fmt.Sprintf("/mail\x00event-%d", i))
		f := kept[id]
		switch i % 4 {
		case 0: // merci: new
			if f == nil || !f.Replay || f.Supersedes != "" || f.Lexicon != by.lexicon {
				t.Errorf("event %d: %+v", i, f)
			}
		case 1: // cancer: gone
			if f != nil {
				t.Errorf("event %d still has a flag", i)
			}
		case 2: // suicide: as it was
			if f == nil || f.Replay || f.Lexicon != small().lexicon {
				t.Errorf("event %d: %+v", i, f)
			}
		case 3: // hospitalisé: urgent now
			if f == nil || !f.Replay || f.Supersedes == "" || f.Route != flag.RouteUrgent || f.Severity != 4 {
				t.Errorf("event %d: %+v", i, f)
			}
		}
	}
	all := e.values(e.cfg.Topics.Flags)
	if n := len(all); n != 180 {
		t.Errorf("%d records, want 180", n)
	}
	again := e.publish(by, now.Add(90*24*time.Hour))
	if len(again.Changes) != 0 || again.Fates[Unchanged] != 90 {
		t.Errorf("the second time: %v %v", again.Changes, again.Fates)
	}
	if diff := cmp.Diff(all, e.values(e.cfg.Topics.Flags)); diff != "" {
		t.Errorf("the second time wrote something: %s", diff)
	}
	if diff := cmp.Diff(before, e.offsets()); diff != "" {
		t.Errorf("production's offsets (-before +after)\n%s", diff)
	}
	if list := e.values(e.cfg.Topics.Lexicons); len(list) != 2 || list[0] != `{"ruleset":1}` && list[1] != `{"ruleset":1}` {
		t.Errorf("the lexicons topic holds %d rulesets", len(list))
	}
	// Back to what production says: what was retracted comes back, once.
	back := e.publish(small(), now)
	if diff := cmp.Diff(map[Change]int{Added: 30, Removed: 30, Rerouted: 30}, back.Changes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if again := e.publish(small(), now); len(again.Changes) != 0 || len(e.follow()) != 90 {
		t.Errorf("going back twice: %v", again.Changes)
	}
}

// An event that is old is never routed urgent by a publication; what stands as
// urgent stays so.
func TestPublishOld(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 40)
	e.produce()
	late := day.AddDate(0, 0, 30)
	out := e.publish(other(t), late)
	if diff := cmp.Diff(map[Change]int{Added: 10, Removed: 10, Regraded: 10}, out.Changes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	urgent := 0
	for id, f := range e.follow() {
		if f.Route == flag.RouteUrgent {
			urgent++
			if f.Replay {
				t.Errorf("%q is urgent by a replay", id)
			}
		}
		if f.Replay && strings.Contains(fmt.Sprint(f.Urgency), "suicide") && (f.Route != flag.RouteCare || f.Severity != 3) {
			t.Errorf("%q: %s, severity %d", id, f.Route, f.Severity)
		}
	}
	if urgent != 10 {
		t.Errorf("%d urgent flags, want the 10 of production", urgent)
	}
	// Urgent before and after, with another content: nothing is taken down for its age.
	graver := compiled(t, func(rs *lexicon.Ruleset) {
		with(t, map[int][]string{0: {"sais plus"}})(rs)
		rs.Sections[0].Factors[0].Cautions = []string{"no_call"}
	})
	out = e.publish(graver, late)
	if out.Fates[Urgent] != 10 {
		t.Errorf("%v %v", out.Changes, out.Fates)
	}
}

// What somebody took back for another reason than the lexicon stays so; what
// production has not read is left to it.
func TestPublishLeavesAlone(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 12)
	e.produce()
	w := e.cluster.NewWriter(e.cfg.Topics.Flags, 1<<20)
	for id, f := range e.follow() {
		if id != "/mail\x00event-3" {
			continue
		}
		r := &flag.Retraction{Event: f.Event, Case: f.Case, Retracts: f.ID, Reason: flag.ReasonErasure, Lexicon: f.Lexicon}
		if _, _, err := w.Write(e.ctx, []kafkago.Message{pipeline.RetractionMessage(r, "test")}); err != nil {
			t.Fatal(err)
		}
	}
	e.fill("mails", 8) // the same events again, elsewhere
	out := e.publish(other(t), day)
	if out.Fates[Barred] != 0 || out.Fates[Unread] == 0 {
		t.Errorf("%v %v", out.Changes, out.Fates)
	}
	calls := Asked{Topics: []string{"calls"}, Share: 1}
	dir, p, _, _ := e.run(calls, nil, other(t))
	only := &Publication{
		Cluster: e.cluster, Config: e.cfg, Dir: dir, Plan: p, After: other(t).classifier, Ruleset: []byte("{}"), Now: day, Log: zerolog.Nop(),
	}
	if err := only.Run(e.ctx); err != nil {
		t.Fatal(err)
	}
	if only.Fates[Barred] != 1 {
		t.Errorf("%v %v", only.Changes, only.Fates)
	}
	if f := e.follow()["/mail\x00event-3"]; f != nil {
		t.Errorf("a person who was erased is flagged again: %+v", f)
	}
}

// The event of a flag that is gone from the log, or another one by now, is no
// reason for a retraction.
func TestPublishOfWhatIsGone(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 40)
	e.produce()
	dir, p, _, _ := e.run(everything(), nil, other(t))
	e.cut("calls", 0, 13)
	out := &Publication{
		Cluster: e.cluster, Config: e.cfg, Dir: dir, Plan: p, After: other(t).classifier, Ruleset: []byte("{}"), Now: day, Log: zerolog.Nop(),
	}
	if err := out.Run(e.ctx); err != nil {
		t.Fatal(err)
	}
	if out.Changes[Removed]+out.Fates[Gone] != 10 || out.Fates[Gone] == 0 {
		t.Errorf("%v %v", out.Changes, out.Fates)
	}
}
