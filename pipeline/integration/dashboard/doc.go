// Package dashboard holds the Grafana dashboard and the alert rules against a
// real run: workers as processes with the shipped lexicon, a broker, and a
// Prometheus that scrapes them. It has only tests, and one command among them,
// which draws the dashboard's panels from Prometheus's answers:
//
//	VIGIE_DASHBOARD_RUN=6m VIGIE_DASHBOARD_SVG=docs/dashboard.svg \
//	  go test ./pipeline/integration/dashboard -run TestDashboard -timeout 20m
//
// Without the variables the run is short and nothing is drawn. The broker is the
// embedded one, or that of VIGIE_TEST_BROKERS, whose topics are then those of
// configs/vigie.yaml.
package dashboard
