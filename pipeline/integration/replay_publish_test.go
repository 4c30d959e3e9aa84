package integration

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/flag"
)

// TestReplayPublish runs the binary over events of the own corpora on Apache
// Kafka: a lexicon that lacks ten terms of production's is published, twice,
// and then production's. The flags topic gets what the contract says of
// two classifications of the same events, and nothing else.
func TestReplayPublish(t *testing.T) {
	e := newEnv(t, []string{apacheKafka(t)}, replayPartitions, nil)
	e.soak(fewReplayEvents, replayPartitions)
	e.production(fewReplayEvents)
	before := e.committedAll()
	work := t.TempDir()
	input, less := filepath.Join(work, "events.jsonl"), filepath.Join(work, "lexicon")
	e.dump(input)
	whole := e.placed(e.classified(input, ""))
	e.withoutTerms(less, whole)
	reduced := e.placed(e.classified(input, less))

	stands := maps.Clone(whole)
	want := follow(stands, reduced)
	superseding, retractions := told(want)
	t.Logf("without ten terms: %d flags that supersede, %d retractions", superseding, retractions)
	if superseding == 0 || retractions == 0 {
		t.Fatal("the lexicons differ too little")
	}
	e.gets(want, e.publication(filepath.Join(work, "less"), less))
	e.gets(nil, e.publication(filepath.Join(work, "again"), less))

	lowered := 0
	for id, f := range whole {
		if f.Route == flag.RouteUrgent && (stands[id] == nil || stands[id].Route != flag.RouteUrgent) {
			lowered++
		}
	}
	t.Logf("back to production's: %d flags would be urgent again", lowered)
	if lowered == 0 {
		t.Fatal("no flag would be routed urgent by a publication")
	}
	e.gets(follow(stands, whole), e.publication(filepath.Join(work, "back"), "livré"))
	if diff := cmp.Diff(before, e.committedAll()); diff != "" {
		t.Errorf("production's offsets (-before +after)\n%s", diff)
	}
}

// placed gives flags of a file the places that their events have on calls.
func (e *env) placed(flags map[string]*flag.Flag) map[string]*flag.Flag {
	e.t.Helper()
	for _, r := range e.all(e.calls()) {
		if f := flags[idOf(e.t, r.Value)]; f != nil {
			f.Event.Origin = &flag.Origin{Topic: r.Topic, Partition: int(r.Partition), Offset: r.Offset}
		}
	}
	return flags
}

// idOf is the id of a CloudEvent.
func idOf(t *testing.T, value []byte) string {
	t.Helper()
	var event struct{ ID string }
	if err := json.Unmarshal(value, &event); err != nil {
		t.Fatal(err)
	}
	return event.ID
}

// follow makes stands what a lexicon says of events that are long over, and
// returns by the event's id what must be written for it: no flag is routed
// urgent, and one that stands as urgent is left so.
func follow(stands, after map[string]*flag.Flag) map[string]written {
	want := make(map[string]written)
	var by flag.Lexicon
	for id, f := range after {
		next := *f
		next.Replay, by = true, f.Lexicon
		before := stands[id]
		if before != nil {
			next.Supersedes = before.ID
		}
		if next.Route == flag.RouteUrgent {
			if before != nil && before.Route == flag.RouteUrgent {
				continue
			}
			next.Route, next.Severity = flag.RouteCare, 3
		}
		if replay.Compare(before, &next) == replay.Same {
			continue
		}
		stands[id] = &next
		want[id] = written{flag: &next, value: string(next.AppendJSON(nil))}
	}
	for id, f := range stands {
		if after[id] != nil {
			continue
		}
		r := flag.Retraction{Event: f.Event, Time: f.Time, Case: f.Case, Retracts: f.ID, Reason: flag.ReasonLexicon, Lexicon: by}
		want[id] = written{value: string(r.AppendJSON(nil))}
		delete(stands, id)
	}
	return want
}

// written is a flag, or a retraction, where flag is nil.
type written struct {
	flag  *flag.Flag
	value string
}

// told counts the flags that supersede one, and the retractions.
func told(all map[string]written) (superseding, retractions int) {
	for _, w := range all {
		switch {
		case w.flag == nil:
			retractions++
		case w.flag.Supersedes != "":
			superseding++
		}
	}
	return superseding, retractions
}

// publication publishes what a lexicon says of calls, and returns what the
// flags topic got.
func (e *env) publication(dir, lexicon string) []*kgo.Record {
	e.t.Helper()
	before := e.ends(e.cfg.Topics.Flags)
	out, err := e.vigie(nil, "replay", "--dir", dir, "--topics", e.calls(), "--lexicon", lexicon, "--publish").CombinedOutput()
	if err != nil {
		e.t.Fatalf("%v\n%s", err, tail(string(out)))
	}
	return slices.DeleteFunc(e.all(e.cfg.Topics.Flags), func(r *kgo.Record) bool { return r.Offset < before[r.Partition] })
}

// gets checks that records are what must be written, once each, in the shape
// of the contract.
func (e *env) gets(want map[string]written, got []*kgo.Record) {
	e.t.Helper()
	left := maps.Clone(want)
	for _, r := range got {
		value := valid(e.t, r.Value)
		event := value["data"].(map[string]any)["event"].(map[string]any)
		id := event["id"].(string)
		w, ok := left[id]
		if !ok || w.value != string(r.Value) {
			e.t.Errorf("of %s was written\n%s\nwant\n%s", id, r.Value, w.value)
			continue
		}
		delete(left, id)
		route, severity := "", ""
		if w.flag != nil {
			route, severity = w.flag.Route, strconv.Itoa(w.flag.Severity)
		}
		if string(r.Key) != value["subject"] || header(r, "route") != route || header(r, "severity") != severity || route == flag.RouteUrgent {
			e.t.Errorf("of %s: key %q, headers %v", id, r.Key, r.Headers)
		}
	}
	for id, w := range left {
		e.t.Errorf("of %s was not written\n%s", id, w.value)
	}
}
