package pipeline

import (
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// spot is one partition of an input topic.
type spot struct {
	topic     string
	partition int
}

// unread is what a worker knows to be unread: in its own partitions, and in
// those that no member of the group has. It is collected as Prometheus asks,
// so that ages grow while nothing happens.
type unread struct {
	mu sync.Mutex
	// own outlives the generation: until the next one begins, this worker is the
	// last that knew.
	own map[spot]*progress
	// orphans are the partitions that nobody has and that hold something unread.
	orphans map[spot]orphan
	// unowned counts the partitions that nobody has, -1 while that is not known.
	unowned int
	// now is the clock.
	now func() time.Time
}

// orphan is what is unread in a partition that nobody has.
type orphan struct {
	next, records int64
	oldest        time.Time
}

func newUnread() *unread { return &unread{unowned: -1, now: time.Now} }

// begin takes the partitions of a new generation and forgets those that this
// worker no longer has: their figures are now another's.
func (u *unread) begin(assigned []kafka.Assignment) {
	u.mu.Lock()
	defer u.mu.Unlock()
	own := make(map[spot]*progress, len(assigned))
	for _, a := range assigned {
		at := spot{a.Topic, a.Partition}
		since := u.now()
		if before := u.own[at]; before != nil {
			_, age := before.unread(since)
			since = since.Add(-age)
		} else if o, ok := u.orphans[at]; ok {
			since = o.oldest
		}
		own[at] = newProgress(a.Offset, since)
	}
	u.own = own
}

// of returns the progress of a partition of this worker.
func (u *unread) of(topic string, partition int) *progress {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.own[spot{topic, partition}]
}

// each returns this worker's partitions.
func (u *unread) each() map[spot]*progress {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.own // replaced, never changed
}

// found notes how many partitions nobody has, -1 for not known, and what is
// unread in them.
func (u *unread) found(unowned int, orphans map[spot]orphan) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.unowned, u.orphans = unowned, orphans
}

// orphan returns what is known of a partition that nobody has.
func (u *unread) orphan(at spot) (orphan, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	o, ok := u.orphans[at]
	return o, ok
}

var (
	lagRecords = prometheus.NewDesc("vigie_lag_records",
		"Offsets not accounted for, of this worker's partitions and of those that no worker has.", []string{"topic", "partition"}, nil)
	lagSeconds = prometheus.NewDesc("vigie_lag_seconds",
		"Age of the oldest record not accounted for, or the most it can be; near zero when idle.", []string{"topic", "partition"}, nil)
	oldestUnread = prometheus.NewDesc("vigie_oldest_unread_seconds",
		"Age of the oldest record that nobody has read and that may be urgent: any record of the inputs.", nil, nil)
	unownedPartitions = prometheus.NewDesc("vigie_unowned_partitions",
		"Input partitions that no member of the group has; left out while the coordinator does not answer.", nil, nil)
)

// Describe implements prometheus.Collector.
func (u *unread) Describe(ch chan<- *prometheus.Desc) {
	ch <- lagRecords
	ch <- lagSeconds
	ch <- oldestUnread
	ch <- unownedPartitions
}

// Collect implements prometheus.Collector.
func (u *unread) Collect(ch chan<- prometheus.Metric) {
	u.mu.Lock()
	own, orphans, unowned, now := u.own, u.orphans, u.unowned, u.now()
	u.mu.Unlock()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	var oldest time.Duration
	show := func(at spot, records int64, age time.Duration) {
		partition := strconv.Itoa(at.partition)
		gauge(lagRecords, float64(records), at.topic, partition)
		gauge(lagSeconds, age.Seconds(), at.topic, partition)
		oldest = max(oldest, age)
	}
	for at, p := range own {
		records, age := p.unread(now)
		show(at, records, age)
	}
	for at, o := range orphans {
		if own[at] == nil {
			show(at, o.records, now.Sub(o.oldest))
		}
	}
	gauge(oldestUnread, oldest.Seconds())
	if unowned >= 0 {
		gauge(unownedPartitions, float64(unowned))
	}
}
