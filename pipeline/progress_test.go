package pipeline

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// day is when the steps of a test are counted from, in seconds.
var day = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

func second(n int) time.Time { return day.Add(time.Duration(n) * time.Second) }

// brought is a fetch from an offset on with records of these seconds.
func brought(from, high int64, seconds ...int) *kafka.Fetched {
	f := &kafka.Fetched{HighWatermark: high, From: from, Next: from + int64(len(seconds))}
	if len(seconds) > 0 {
		f.First, f.Last = second(seconds[0]).UnixMilli(), second(seconds[len(seconds)-1]).UnixMilli()
	}
	return f
}

// What is unread, and how old it may be, after each step of a partition's life.
func TestProgress(t *testing.T) {
	fetch := func(p *progress, at int, high, from int64, seconds ...int) {
		p.fetched(brought(from, high, seconds...), second(at))
	}
	for _, tt := range []struct {
		name    string
		do      func(p *progress)
		at      int // the second at which it is looked at
		records int64
		age     int
	}{
		{"nothing is known yet", func(*progress) {}, 7, 0, 7},
		{"idle", func(p *progress) { fetch(p, 60, 10, 10) }, 60, 0, 0},
		{"idle, and then no answer for a minute", func(p *progress) { fetch(p, 60, 10, 10) }, 120, 0, 60},
		{"a backlog of last night, just fetched", func(p *progress) { fetch(p, 5, 100, 10, -3600, -3500) }, 6, 90, 3606},
		{"its first record is accounted for", func(p *progress) {
			fetch(p, 5, 100, 10, -3600, -3500)
			p.accounted(11, true, second(-3500).UnixMilli(), second(6))
		}, 7, 89, 3507},
		{"all of it, the next is not fetched yet: it cannot be older", func(p *progress) {
			fetch(p, 5, 100, 10, -3600, -3500)
			p.accounted(12, false, 0, second(6))
		}, 7, 88, 7},
		{"a backlog in order, known by the last record read", func(p *progress) {
			p.since = second(-9000)
			fetch(p, 5, 100, 10, -3600, -3500)
			p.accounted(12, false, 0, second(6))
		}, 7, 88, 3507},
		{"up to date when fetched, then nothing heard", func(p *progress) {
			fetch(p, 60, 12, 10, 58, 59)
			p.accounted(12, false, 0, second(61))
		}, 100, 0, 40},
		{"one fetch in hand and one ahead", func(p *progress) {
			fetch(p, 10, 14, 10, 8, 9)
			fetch(p, 11, 14, 12, 10, 11)
			p.accounted(12, false, 0, second(12))
		}, 20, 2, 10},
		{"held up for an hour while the log goes on", func(p *progress) {
			fetch(p, 10, 12, 10, 8, 9)
			p.ends(500, second(3600))
		}, 3610, 490, 3602},
		{"a log that ends in absent offsets", func(p *progress) { fetch(p, 10, 40, 40) }, 10, 0, 0},
		{"a record without a timestamp", func(p *progress) {
			p.fetched(&kafka.Fetched{From: 10, Next: 11, HighWatermark: 11, First: -1, Last: -1}, second(10))
		}, 15, 1, 5},
		{"a record of a clock that is ahead", func(p *progress) { fetch(p, 10, 11, 10, 5000) }, 15, 1, 5},
	} {
		p := newProgress(10, second(0))
		tt.do(p)
		got, age := p.unread(second(tt.at))
		if want := time.Duration(tt.age) * time.Second; got != tt.records || age != want {
			t.Errorf("%s: %d offsets, %v; want %d, %v", tt.name, got, age, tt.records, want)
		}
	}
}

// A partition that stays with its worker over a rebalance keeps its age; one
// that goes takes its figures along.
func TestUnreadOverARebalance(t *testing.T) {
	now := second(0)
	u := newUnread()
	u.now = func() time.Time { return now }
	u.begin([]kafka.Assignment{{Topic: "calls", Partition: 0, Offset: 5}, {Topic: "calls", Partition: 1, Offset: 5}})
	u.of("calls", 0).fetched(brought(5, 7, -30, -20), now)
	now = second(10)
	u.begin([]kafka.Assignment{{Topic: "calls", Partition: 0, Offset: 5}})
	if _, age := u.of("calls", 0).unread(now); age != 40*time.Second {
		t.Errorf("the partition that stayed is %v old, want 40s", age)
	}
	if n := shown(t, u, "vigie_lag_seconds"); len(n) != 1 {
		t.Errorf("%d partitions are shown, want 1", len(n))
	}
}

// The oldest of all, own or nobody's, is what the alert on unread events asks for.
func TestOldestUnread(t *testing.T) {
	now := second(0)
	u := newUnread()
	u.now = func() time.Time { return now }
	oldest := func() float64 { return shown(t, u, "vigie_oldest_unread_seconds")[0] }
	if n := shown(t, u, "vigie_unowned_partitions"); len(n) != 0 {
		t.Error("a number of partitions that nobody has is shown before anybody looked")
	}
	u.begin([]kafka.Assignment{{Topic: "calls", Partition: 0, Offset: 5}})
	now = second(3)
	if got := oldest(); got != 3 {
		t.Errorf("own: %v s, want 3", got)
	}
	u.found(1, map[spot]orphan{{"mails", 2}: {next: 4, records: 9, oldest: second(-60)}})
	if got := oldest(); got != 63 {
		t.Errorf("nobody's: %v s, want 63", got)
	}
	u.begin([]kafka.Assignment{{Topic: "mails", Partition: 2, Offset: 4}})
	if got := oldest(); got != 63 {
		t.Errorf("taken over, not read yet: %v s, want 63", got)
	}
	u.of("mails", 2).fetched(&kafka.Fetched{From: 13, Next: 13, HighWatermark: 13}, now)
	if got := oldest(); got != 0 {
		t.Errorf("read: %v s, want 0", got)
	}
}

// shown returns the values of a metric that a collector shows.
func shown(t *testing.T, c prometheus.Collector, name string) (values []float64) {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(c)
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			for _, m := range f.Metric {
				values = append(values, m.GetGauge().GetValue())
			}
		}
	}
	return values
}
