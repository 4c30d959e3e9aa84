package pipeline

import "github.com/prometheus/client_golang/prometheus"

// state is what a worker is at the moment, as Prometheus asks.
type state struct{ worker *Worker }

func stateOf(w *Worker) state { return state{w} }

var (
	isReady = prometheus.NewDesc("vigie_ready",
		"1 while the worker is a member of its group and can write what it makes, else 0; the same as /readyz.", nil, nil)
	sinkFailing = prometheus.NewDesc("vigie_sink_failing",
		"1 while an output topic cannot be written to, else 0, by topic.", []string{"topic"}, nil)
	bytesInFlight = prometheus.NewDesc("vigie_bytes_in_flight",
		"Bytes of records held, as stored and decoded; worker.max_bytes_in_flight bounds them.", nil, nil)
)

// Describe implements prometheus.Collector.
func (state) Describe(ch chan<- *prometheus.Desc) {
	ch <- isReady
	ch <- sinkFailing
	ch <- bytesInFlight
}

// Collect implements prometheus.Collector.
func (s state) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	one := map[bool]float64{true: 1}
	gauge(isReady, one[len(s.worker.health.wrong()) == 0])
	for _, topic := range s.worker.cfg.Topics.Outputs() {
		_, fails := s.worker.health.fails(topic)
		gauge(sinkFailing, one[fails], topic)
	}
	gauge(bytesInFlight, float64(s.worker.held.Load()))
}
