package pipeline

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/format"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// metrics counts what a worker does. Labels are bounded: kinds, outcomes,
// routes, classes of errors, the factors of the lexicon, and the topics and
// partitions of the configuration. Nothing of an event is a label.
type metrics struct {
	registry   *prometheus.Registry
	events     *prometheus.CounterVec
	flags      *prometheus.CounterVec
	findings   *prometheus.CounterVec
	dead       *prometheus.CounterVec
	frames     *prometheus.CounterVec
	repaired   prometheus.Counter
	resets     *prometheus.CounterVec
	removed    *prometheus.CounterVec
	retries    *prometheus.CounterVec
	reloads    *prometheus.CounterVec
	rebalances prometheus.Counter
	partitions prometheus.Gauge
	batches    prometheus.Histogram
	endToEnd   *prometheus.HistogramVec
	lexicon    *prometheus.GaugeVec
	loaded     prometheus.Gauge
	released   *prometheus.GaugeVec
}

// unknownKind is the kind of an offset whose event was not read.
const unknownKind event.Kind = "unknown"

// outcomes are the values of the label outcome, which receipts count by other names.
var outcomes = []string{
	outcomeFlagged, outcomeClean, outcomeDead, outcomeAbsent,
	outcomeSkipped + SkipLanguage, outcomeSkipped + SkipMarker, outcomeSkipped + SkipTombstone,
}

const (
	outcomeFlagged = "flagged"
	outcomeClean   = "clean"
	outcomeDead    = "dead"
	outcomeAbsent  = "absent"
	outcomeSkipped = "skipped_"
)

func newMetrics(cfg *config.Config) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	gauges := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		events:   counter("vigie_events_total", "Offsets accounted for, by kind of event and outcome.", "kind", "outcome"),
		flags:    counter("vigie_flags_total", "Flags written, by route.", "route"),
		findings: counter("vigie_findings_total", "Asserted findings of the flags written, by factor of the lexicon.", "factor"),
		dead:     counter("vigie_dead_letters_total", "Dead letters written, by class of error.", "class"),
		repaired: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "vigie_repaired_total", Help: "Sequences of bytes that were no UTF-8 and were repaired.",
		}),
		frames:  counter("vigie_schema_frames_total", "Schema ids of Confluent's registry beside JSON values that were read, by where they stood.", "framing"),
		resets:  counter("vigie_offset_resets_total", "Times that the committed offset was not in the log, by topic.", "topic"),
		removed: counter("vigie_removed_unread_total", "Offsets that retention removed before they were read, by topic.", "topic"),
		retries: counter("vigie_retries_total", "Reads and writes tried again, by topic.", "topic"),
		reloads: counter("vigie_lexicon_reloads_total", "Lexicons loaded while running, by what came of it.", "outcome"),
		rebalances: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "vigie_rebalances_total", Help: "Generations of the group that this worker was a member of.",
		}),
		partitions: gauge("vigie_assigned_partitions", "Partitions that this worker has."),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "vigie_batch_seconds", Help: "Time from a batch read to its commit.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 16),
		}),
		endToEnd: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vigie_end_to_end_seconds", Help: "Time from a record's timestamp to its flag's confirmation, by route.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 4 * 3600, 24 * 3600},
		}, []string{"route"}),
		lexicon:  gauges("vigie_lexicon_info", "The lexicon that this worker judges with; always 1.", "name", "version", "digest"),
		loaded:   gauge("vigie_lexicon_loaded_timestamp_seconds", "When this worker took up its lexicon."),
		released: gauges("vigie_lexicon_released_timestamp_seconds", "When the lexicon's version was released, as it says itself."),
	}
	build := gauges("vigie_build_info", "The program; always 1.", "version", "go_version", "engine_rules")
	build.WithLabelValues(cfg.Version, runtime.Version(), strconv.Itoa(lexicon.EngineVersion)).Set(1)
	m.registry.MustRegister(m.events, m.flags, m.findings, m.dead, m.repaired, m.frames, m.resets, m.removed, m.retries, m.reloads, m.rebalances, m.partitions,
		m.batches, m.endToEnd, m.lexicon, m.loaded, m.released, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.begin(&cfg.Topics)
	return m
}

// begin shows what has not happened yet as 0: Prometheus sees no increase in a
// counter whose first value is 1, and the first dead letter must raise its alert.
func (m *metrics) begin(topics *config.Topics) {
	for _, kind := range append(event.Kinds(), unknownKind) {
		for _, outcome := range outcomes {
			m.events.WithLabelValues(string(kind), outcome)
		}
	}
	for _, class := range event.Classes() {
		m.dead.WithLabelValues(string(class))
	}
	for _, framing := range format.Framings() {
		m.frames.WithLabelValues(framing)
	}
	for _, route := range []string{flag.RouteUrgent, flag.RouteCare} {
		m.flags.WithLabelValues(route)
		m.endToEnd.WithLabelValues(route)
	}
	for _, topic := range topics.Outputs() {
		m.retries.WithLabelValues(topic)
	}
	for _, topic := range topics.Inputs {
		m.retries.WithLabelValues(topic)
		m.resets.WithLabelValues(topic)
		m.removed.WithLabelValues(topic)
	}
}

// judgesWith notes the lexicon that batches are judged with from now on.
func (m *metrics) judgesWith(l flag.Lexicon, released, now time.Time) {
	m.lexicon.Reset()
	m.lexicon.WithLabelValues(l.Name, l.Version, l.Digest).Set(1)
	m.loaded.Set(float64(now.Unix()))
	m.released.Reset()
	if !released.IsZero() {
		m.released.WithLabelValues().Set(float64(released.Unix()))
	}
}

// committed counts a batch whose receipt r was written and whose offset was
// committed. Its flags were confirmed at written.
func (m *metrics) committed(r *flag.Receipt, j *judgements, written time.Time, took time.Duration) {
	for c, n := range j.counts {
		m.events.WithLabelValues(string(c.kind), c.outcome).Add(float64(n))
	}
	m.events.WithLabelValues(string(unknownKind), outcomeAbsent).Add(float64(r.Absent))
	for class, n := range r.Dead {
		m.dead.WithLabelValues(class).Add(float64(n))
	}
	m.repaired.Add(float64(r.Repaired))
	for framing, n := range j.frames {
		m.frames.WithLabelValues(framing).Add(float64(n))
	}
	for i := range j.flagged {
		f := &j.flagged[i]
		m.flags.WithLabelValues(f.flag.Route).Inc()
		if f.stamp > 0 {
			m.endToEnd.WithLabelValues(f.flag.Route).Observe(max(written.Sub(time.UnixMilli(f.stamp)).Seconds(), 0))
		}
		for k := range f.flag.Findings {
			if found := &f.flag.Findings[k]; found.Status == flag.Asserted {
				m.findings.WithLabelValues(found.Factor).Inc()
			}
		}
	}
	m.batches.Observe(took.Seconds())
}

// MetricsHandler serves the worker's metrics in Prometheus's format.
func (w *Worker) MetricsHandler() http.Handler {
	return promhttp.HandlerFor(w.metrics.registry, promhttp.HandlerOpts{})
}
