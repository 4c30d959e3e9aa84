package replay

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/event"
)

// Every event of the range is accounted for, and the flags are those of the
// classifier, whatever the outcome.
func TestReplay(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 300)
	odd := [][]byte{[]byte("{"), {}, []byte(`{"specversion":"1.0","id":"x","source":"s","type":"vigie.fax.v1","data":{}}`),
		[]byte(strings.Replace(string(mail(1000, texts[0], day)), `"data":{`, `"data":{"language":"en-GB",`, 1))}
	e.send("mails", len(odd), func(i int) []byte { return odd[i] })
	dir, p, outcomes, sum := e.run(everything(), nil, small())
	want := &Receipt{
		Tombstones: 1, Dead: map[string]int{"json": 1, "type": 1},
		First: sum.First, Last: sum.Last, After: Counts{Flagged: 225, Clean: 75, Language: 1},
	}
	if diff := cmp.Diff(want, sum); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if sum.First != day.UnixMilli() || sum.Offsets() != 304 {
		t.Errorf("the first event is of %d, %d offsets", sum.First, sum.Offsets())
	}
	urgent := 0
	for _, o := range outcomes {
		record, err := e.cluster.ReadAt(e.ctx, o.Origin.Topic, o.Origin.Partition, o.Origin.Offset)
		if err != nil {
			t.Fatal(err)
		}
		got, err := small().classifier.Classify(event.Record{Value: record.Value, Origin: &o.Origin})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(got.Flag.AppendJSON(nil)), string(o.After.AppendJSON(nil))); diff != "" {
			t.Fatalf("(-classify +replay)\n%s", diff)
		}
		if o.After.Route == "urgent" {
			urgent++
		}
	}
	if urgent != 75 {
		t.Errorf("%d urgent flags, want 75", urgent)
	}

	out := filepath.Join(t.TempDir(), "flags.jsonl")
	if _, err := WriteFlags(dir, p, out); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(out)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	data, err := os.ReadFile(out)
	if err != nil || strings.Count(string(data), "\n") != len(outcomes) {
		t.Errorf("%d lines, want %d: %v", strings.Count(string(data), "\n"), len(outcomes), err)
	}
	for name, content := range files(t, dir) {
		for _, text := range texts {
			if strings.Contains(content, text[:20]) {
				t.Errorf("%s holds a text", name)
			}
		}
	}
	for _, name := range []string{dir, filepath.Join(dir, "calls"), filepath.Join(dir, "calls", "0")} {
		if info, err := os.Stat(name); err != nil || name != dir && info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

// A replay that is stopped twice on the way comes to the same files, byte for byte.
func TestReplayStopped(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 600)
	e.fill("mails", 500)
	whole, p, _, _ := e.run(everything(), nil, small())
	want := files(t, whole)

	dir := t.TempDir()
	done := 0
	for _, at := range []int64{150, 500} {
		ctx, stop := context.WithCancel(e.ctx)
		r := e.replay(dir, p, nil, small())
		go func() {
			for r.Seen.Offsets.Load() < at && ctx.Err() == nil {
				runtime.Gosched()
			}
			stop()
		}()
		if err := r.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at %d: %v", at, err)
		}
		now := len(files(t, dir))
		if now <= done || now >= len(want) {
			t.Fatalf("stopped at %d: %d segments of %d, %d before", at, now, len(want), done)
		}
		done = now
		var missing *MissingError
		if _, err := Read(dir, p, nil); !errors.As(err, &missing) || len(missing.Segments) != len(want)-done {
			t.Errorf("read before the end: %v", err)
		}
	}
	// What a kill leaves of a segment does not count.
	cut := filepath.Join(dir, "calls", "0", ".00000000000000000000-00000000000000000039.jsonl.1")
	if err := os.WriteFile(cut, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := e.replay(dir, p, nil, small())
	if err := r.Run(e.ctx); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" {
		t.Errorf("(-whole +stopped)\n%s", diff)
	}
	if r.Seen.Offsets.Load() != p.Offsets() || r.Seen.Earlier.Load() == 0 {
		t.Errorf("%d offsets are seen, want %d", r.Seen.Offsets.Load(), p.Offsets())
	}
}

// A sample takes the same events each time, about as many as it should, and a
// larger one takes those of a smaller one too.
func TestReplaySampled(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 900)
	taken := func(share float64) map[string]bool {
		asked := everything()
		asked.Share = share
		_, _, outcomes, sum := e.run(asked, nil, small())
		ids := make(map[string]bool)
		for _, o := range outcomes {
			ids[o.After.Event.ID] = true
		}
		judged := sum.After.Judged()
		if want := share * 900; float64(judged) < want*0.7 || float64(judged) > want*1.3 || sum.Left != 900-judged {
			t.Errorf("share %v: %d events are judged, %d left", share, judged, sum.Left)
		}
		return ids
	}
	tenth := taken(0.1)
	if diff := cmp.Diff(tenth, taken(0.1)); diff != "" {
		t.Errorf("(-once +again)\n%s", diff)
	}
	fifth := taken(0.2)
	for id := range tenth {
		if !fifth[id] {
			t.Errorf("%s is in a tenth and not in a fifth", id)
		}
	}
}

// A log that ends before the range does was made anew.
func TestReplayOfAnotherLog(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 30)
	for name, by := range map[string]int64{"ends in the range": 5, "ends before it": 500} {
		p := e.plan(Asked{Topics: []string{"calls"}, Partitions: []int{0}, Share: 1}, nil, small())
		p.Ranges[0].From, p.Ranges[0].End = p.Ranges[0].From+by-5, p.Ranges[0].End+by
		if err := e.replay(t.TempDir(), p, nil, small()).Run(e.ctx); !errors.Is(err, errOtherLog) {
			t.Errorf("a log that %s: %v", name, err)
		}
	}
}

// What was removed from the log, or never was an event, is absent.
func TestReplayOfWhatIsGone(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 300)
	p := e.plan(Asked{Topics: []string{"calls"}, Partitions: []int{0}, Share: 1}, nil, small())
	e.cut("calls", 0, 60)
	dir := t.TempDir()
	if err := e.replay(dir, p, nil, small()).Run(e.ctx); err != nil {
		t.Fatal(err)
	}
	if _, sum := e.read(dir, p); sum.Absent != 60 || sum.Offsets() != 100 {
		t.Errorf("%+v", sum)
	}
}
