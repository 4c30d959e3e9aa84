package replay

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseBound(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]Bound{
		"":                          {},
		"1200":                      {offset: 1200, kind: offsetBound},
		"2026-11-02":                {at: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), kind: timeBound},
		"2026-11-02T08:00:00Z":      {at: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), kind: timeBound},
		"2026-11-02T08:00:00+01:00": {at: time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC), kind: timeBound},
		"last 30d":                  {at: time.Date(2026, 10, 31, 12, 0, 0, 0, time.UTC), kind: timeBound},
		"30d":                       {at: time.Date(2026, 10, 31, 12, 0, 0, 0, time.UTC), kind: timeBound},
		"last 2w":                   {at: time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC), kind: timeBound},
		" 36h ":                     {at: time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC), kind: timeBound},
	} {
		got, err := ParseBound(text, now)
		if err != nil || got.kind != want.kind || got.offset != want.offset || !got.at.Equal(want.at) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"yesterday", "-5", "1.5", "30", "2026-13-01", "last", "30 d", "99999999999d"} {
		if got, err := ParseBound(text, now); text != "30" && err == nil {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
}

func TestSegments(t *testing.T) {
	r := Range{Topic: "t", Partition: 1, From: 7, End: 21}
	var got [][2]int64
	for _, s := range r.segments(5) {
		got = append(got, [2]int64{s.From, s.To})
	}
	if diff := cmp.Diff([][2]int64{{7, 9}, {10, 14}, {15, 19}, {20, 20}}, got); diff != "" {
		t.Error(diff)
	}
	if list := (Range{From: 7, End: 7}).segments(5); list != nil {
		t.Errorf("an empty range has %v", list)
	}
}

// ranges are those of a plan, by topic and partition.
func ranges(p *Plan) (list []Range) { return p.Ranges }

// A range is found by offset and by time, each in its partition.
func TestNewPlan(t *testing.T) {
	e := newEnv(t)
	e.fill("calls", 300) // a minute apart, in turn to three partitions
	for name, tt := range map[string]struct {
		asked Asked
		want  []Range
	}{
		"all": {Asked{Topics: []string{"calls", "mails"}}, []Range{
			{"calls", 0, 0, 100}, {"calls", 1, 0, 100}, {"calls", 2, 0, 100}, {"mails", 0, 0, 0}, {"mails", 1, 0, 0}, {"mails", 2, 0, 0},
		}},
		"offsets":             {Asked{Topics: []string{"calls"}, Partitions: []int{1, 2}, From: "10", To: "30"}, []Range{{"calls", 1, 10, 30}, {"calls", 2, 10, 30}}},
		"past the end":        {Asked{Topics: []string{"calls"}, Partitions: []int{1}, From: "200", To: "300"}, []Range{{"calls", 1, 100, 100}}},
		"the wrong way round": {Asked{Topics: []string{"calls"}, Partitions: []int{1}, From: "50", To: "40"}, []Range{{"calls", 1, 50, 50}}},
		// Of minute 91 on: partition 0 has 93, 1 has 91, 2 has 92; up to minute 121.
		"times": {Asked{Topics: []string{"calls"}, From: "2026-11-02T09:31:00Z", To: "2026-11-02T10:01:00Z"}, []Range{
			{"calls", 0, 31, 41}, {"calls", 1, 30, 40}, {"calls", 2, 30, 40},
		}},
		"a limit": {Asked{Topics: []string{"calls"}, From: "90", Limit: 7}, []Range{{"calls", 0, 90, 93}, {"calls", 1, 90, 92}, {"calls", 2, 90, 92}}},
		"days":    {Asked{Topics: []string{"calls"}, From: "2026-11-03"}, []Range{{"calls", 0, 100, 100}, {"calls", 1, 100, 100}, {"calls", 2, 100, 100}}},
	} {
		p, err := NewPlan(e.ctx, e.cluster, tt.asked, nil, small().lexicon, day)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, ranges(p)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	if _, err := NewPlan(e.ctx, e.cluster, Asked{Topics: []string{"calls"}, Partitions: []int{7}}, nil, small().lexicon, day); err == nil {
		t.Error("a partition that is not there is taken")
	}
}

func TestPlanKept(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadPlan(dir); !errors.Is(err, ErrNoPlan) || !strings.Contains(err.Error(), dir) {
		t.Errorf("%v", err)
	}
	p := &Plan{
		Version: planVersion, Asked: Asked{Topics: []string{"calls"}, From: "last 30d", Share: 0.05}, Made: day,
		Ranges: []Range{{"calls", 0, 1, 2}}, Segment: segmentOffsets, After: small().lexicon,
	}
	if err := p.Write(dir); err != nil {
		t.Fatal(err)
	}
	got, err := ReadPlan(dir)
	if diff := cmp.Diff(p, got); diff != "" || err != nil {
		t.Errorf("%v (-written +read)\n%s", err, diff)
	}
}
