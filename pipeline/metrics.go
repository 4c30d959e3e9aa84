package pipeline

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/vigie-project/vigie/pkg/flag"
)

// metrics counts what a worker does. Labels are bounded: outcomes, routes,
// classes of errors, and the topics and partitions that are read.
type metrics struct {
	registry *prometheus.Registry
	events   *prometheus.CounterVec
	flags    *prometheus.CounterVec
	dead     *prometheus.CounterVec
	retries  *prometheus.CounterVec
	reloads  *prometheus.CounterVec
	batches  prometheus.Histogram
	lag      *prometheus.GaugeVec
}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		events:   counter("vigie_events_total", "Offsets accounted for, by outcome.", "outcome"),
		flags:    counter("vigie_flags_total", "Flags written, by route.", "route"),
		dead:     counter("vigie_dead_letters_total", "Dead letters written, by class of error.", "class"),
		retries:  counter("vigie_retries_total", "Reads and writes tried again, by topic.", "topic"),
		reloads:  counter("vigie_lexicon_reloads_total", "Lexicons loaded while running, by what came of it.", "outcome"),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "vigie_batch_seconds", Help: "Time from a batch read to its commit.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 16),
		}),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "vigie_lag_records", Help: "Offsets between the last commit and the end of the log.",
		}, []string{"topic", "partition"}),
	}
	m.registry.MustRegister(m.events, m.flags, m.dead, m.retries, m.reloads, m.batches, m.lag,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// committed counts a batch whose receipt r was written and whose offset was
// committed; end is the end of the log as last known.
func (m *metrics) committed(r *flag.Receipt, routes []string, end int64, took time.Duration) {
	add := func(outcome string, n int) { m.events.WithLabelValues(outcome).Add(float64(n)) }
	add("flagged", r.Flagged)
	add("clean", r.Clean)
	add("absent", r.Absent)
	for cause, n := range r.Skipped {
		add("skipped_"+cause, n)
	}
	for class, n := range r.Dead {
		add("dead", n)
		m.dead.WithLabelValues(class).Add(float64(n))
	}
	for _, route := range routes {
		m.flags.WithLabelValues(route).Inc()
	}
	m.batches.Observe(took.Seconds())
	m.lag.WithLabelValues(r.Topic, strconv.Itoa(r.Partition)).Set(float64(max(end-r.To-1, 0)))
}

// MetricsHandler serves the worker's metrics in Prometheus's format.
func (w *Worker) MetricsHandler() http.Handler {
	return promhttp.HandlerFor(w.metrics.registry, promhttp.HandlerOpts{})
}
