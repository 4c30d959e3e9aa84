package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// server is a Prometheus that scrapes a fleet every second.
type server struct {
	t   *testing.T
	url string
}

// startPrometheus starts the program of that name, or skips the test and says
// why; with VIGIE_REQUIRE_PROMETHEUS=1 it fails instead.
func startPrometheus(t *testing.T, addresses []string) *server {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil {
		if os.Getenv("VIGIE_REQUIRE_PROMETHEUS") == "1" {
			t.Fatal("VIGIE_REQUIRE_PROMETHEUS=1, but there is no prometheus")
		}
		t.Skip("NOT RUN ON PROMETHEUS: it is not installed (Debian's package prometheus has it)")
	}
	rules, err := filepath.Abs(filepath.Join(root, "configs/prometheus/alerts.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var targets strings.Builder
	for i, a := range addresses {
		fmt.Fprintf(&targets, "      - {targets: [%q], labels: {instance: worker-%d}}\n", a, i+1)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "prometheus.yml")
	settings := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%s]\nscrape_configs:\n  - job_name: vigie\n    static_configs:\n%s",
		rules, &targets)
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	addr := freeAddress(t)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, "--config.file="+file, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+addr)
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("the end of Prometheus's log:\n%s", text[max(0, len(text)-1500):])
		}
	})
	s := &server{t: t, url: "http://" + addr}
	s.until("Prometheus is ready", func() bool {
		resp, err := http.Get(s.url + "/-/ready")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return s
}

// until waits for a condition, asking again four times a second.
func (s *server) until(what string, condition func() bool) {
	s.t.Helper()
	ticker := time.NewTicker(250 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for !condition() {
		select {
		case <-ticker.C:
		case <-deadline:
			s.t.Fatalf("after %v still not: %s", patience, what)
		}
	}
}

// get asks the HTTP API and decodes data; its error is Prometheus's.
func (s *server) get(path string, args url.Values, data any) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/v1/"+path+"?"+args.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Status, Error string
		Data          json.RawMessage
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Status != "success" {
		return fmt.Errorf("prometheus: %s", answer.Error)
	}
	return json.Unmarshal(answer.Data, data)
}

// series is one line of an answer.
type series struct {
	labels map[string]string
	points []point
}

type point struct {
	at    time.Time
	value float64
}

// last is the newest value.
func (s series) last() float64 { return s.points[len(s.points)-1].value }

// window is the time that a range query covers; the zero window is now.
type window struct {
	from, to time.Time
	step     time.Duration
}

// ask runs a query over a window and returns its series, without values that
// are no number.
func (s *server) ask(expr string, w window) ([]series, error) {
	args, path := url.Values{"query": {expr}}, "query"
	if w.step > 0 {
		path = "query_range"
		args.Set("start", stamp(w.from))
		args.Set("end", stamp(w.to))
		args.Set("step", strconv.FormatFloat(w.step.Seconds(), 'f', 3, 64))
	} else if !w.to.IsZero() {
		args.Set("time", stamp(w.to))
	}
	var data struct {
		Result []struct {
			Metric map[string]string
			Value  *[2]any
			Values [][2]any
		}
	}
	if err := s.get(path, args, &data); err != nil {
		return nil, err
	}
	var list []series
	for _, r := range data.Result {
		one := series{labels: r.Metric}
		if r.Value != nil {
			r.Values = append(r.Values, *r.Value)
		}
		for _, v := range r.Values {
			seconds, _ := v[0].(float64)
			text, _ := v[1].(string)
			value, err := strconv.ParseFloat(text, 64)
			if err == nil && !math.IsNaN(value) && !math.IsInf(value, 0) {
				one.points = append(one.points, point{time.UnixMilli(int64(seconds * 1000)), value})
			}
		}
		if len(one.points) > 0 {
			list = append(list, one)
		}
	}
	return list, nil
}

func stamp(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }

// number is the value of a query with one series, NaN without one.
func (s *server) number(expr string) float64 {
	s.t.Helper()
	list, err := s.ask(expr, window{})
	if err != nil {
		s.t.Fatalf("%s: %v", expr, err)
	}
	if len(list) != 1 {
		return math.NaN()
	}
	return list[0].last()
}
