package dashboard

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// panel is one of the dashboard, as far as it is drawn.
type panel struct {
	Type, Title string
	GridPos     struct{ X, Y, W, H int }
	Targets     []target
	FieldConfig struct {
		Defaults struct {
			Unit       string
			Decimals   *int
			Custom     struct{ Stacking struct{ Mode string } }
			Thresholds struct {
				Steps []struct {
					Color string
					Value *float64
				}
			}
		}
	}
}

type target struct {
	Expr, LegendFormat string
	Instant            bool
}

func panels(t *testing.T) []panel {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "configs/grafana/dashboards/vigie.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d struct{ Panels []panel }
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	return d.Panels
}

// filled is a query with what Grafana puts in the place of its variables.
func (q target) filled(interval time.Duration) string {
	return strings.NewReplacer("$job", "vigie", "$__rate_interval", interval.String()).Replace(q.Expr)
}

// A real run, scraped by a real Prometheus: every query of the dashboard has an
// answer, the figures are those of the run, every rule can be evaluated, the
// alerts that should fire do, and every metric is explained.
func TestDashboard(t *testing.T) {
	if testing.Short() {
		t.Skip("not run with -short: it takes a minute")
	}
	long := 15 * time.Second
	if given := os.Getenv("VIGIE_DASHBOARD_RUN"); given != "" {
		var err error
		if long, err = time.ParseDuration(given); err != nil {
			t.Fatal(err)
		}
	}
	f := newFleet(t, 2)
	s := startPrometheus(t, f.addresses)
	f.start(0)
	f.start(1)
	begin := time.Now()
	s.until("both workers are ready", func() bool { return s.number(`sum(vigie_ready)`) == 2 })
	sent := float64(f.feed(long, func() {
		f.stop(1)
		f.start(1)
	}))
	// Prometheus extrapolates, and misses what was counted in the last second
	// before a stop; TestFigures of the integration suite holds exact counts.
	s.until("nearly every event is counted and nothing is unread", func() bool {
		counted := s.number(`sum(increase(vigie_events_total[1h]))`)
		return counted > 0.9*sent && counted < 1.1*sent && s.number(`sum(vigie_lag_records)`) == 0
	})
	end := time.Now()
	w := window{from: begin, to: end, step: max(end.Sub(begin)/300, time.Second)}
	interval := max(w.step*5, 5*time.Second).Round(time.Second)

	var names []string
	if err := s.get("label/__name__/values", url.Values{}, &names); err != nil {
		t.Fatal(err)
	}
	answers := make(map[string][][]series)
	for _, p := range panels(t) {
		for _, q := range p.Targets {
			expr, over := q.filled(interval), w
			if q.Instant {
				over = window{to: end}
			}
			list, err := s.ask(expr, over)
			switch {
			case err != nil:
				t.Errorf("%s: %s: %v", p.Title, expr, err)
			case len(list) == 0:
				t.Errorf("%s: %s has no answer", p.Title, expr)
			}
			answers[p.Title] = append(answers[p.Title], list)
			known(t, p.Title, q.Expr, names)
		}
	}
	rulesHold(t, s, names)
	explained(t, names)
	if file := os.Getenv("VIGIE_DASHBOARD_SVG"); file != "" && !t.Failed() {
		if !filepath.IsAbs(file) {
			file = filepath.Join(root, file)
		}
		if err := os.WriteFile(file, draw(panels(t), answers, w), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var metric = regexp.MustCompile(`\b(vigie|process)_[a-z_]+`)

// known checks that all metrics of an expression are served.
func known(t *testing.T, where, expr string, names []string) {
	t.Helper()
	for _, m := range metric.FindAllString(expr, -1) {
		if !slices.Contains(names, m) {
			t.Errorf("%s asks for %s, which no worker shows", where, m)
		}
	}
}

// rulesHold checks the rules as Prometheus evaluated them on the run.
func rulesHold(t *testing.T, s *server, names []string) {
	t.Helper()
	var data struct {
		Groups []struct {
			Rules []struct{ Name, Type, Query, Health, LastError, State string }
		}
	}
	// The dead letters of the run raise their alert; nothing else has a reason to.
	firing := []string{"VigieDeadLetters"}
	s.until("the alert on dead letters fires", func() bool {
		return s.number(`ALERTS{alertname="VigieDeadLetters",alertstate="firing"}`) == 1
	})
	if err := s.get("rules", url.Values{}, &data); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range data.Groups {
		for _, r := range g.Rules {
			n++
			if r.Health != "ok" {
				t.Errorf("%s is %s: %s", r.Name, r.Health, r.LastError)
			}
			known(t, r.Name, strings.ReplaceAll(r.Query, "job:", ""), append(names, "vigie_flags_expected"))
			if want := slices.Contains(firing, r.Name); r.Type == "alerting" && want != (r.State == "firing") {
				t.Errorf("%s is %s on a run without that trouble, or not where there is", r.Name, r.State)
			}
		}
	}
	if n < 10 {
		t.Errorf("Prometheus has %d rules", n)
	}
}

// explained checks that docs/operations.md names each metric of ours.
func explained(t *testing.T, names []string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs/operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		bare := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"), "_sum")
		if strings.HasPrefix(name, "vigie_") && !strings.Contains(string(page), "`"+bare) {
			t.Errorf("docs/operations.md does not explain %s", bare)
		}
	}
}
