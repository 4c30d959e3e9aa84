package integration

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline"
)

// figures is what a worker shows to Prometheus: values by name and labels as
// written, such as `vigie_flags_total{route="care"}`.
type figures map[string]float64

func scrape(t *testing.T, w *pipeline.Worker) figures {
	t.Helper()
	answer := httptest.NewRecorder()
	w.MetricsHandler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	all := make(figures)
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		line := lines.Text()
		at := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || at < 0 {
			continue
		}
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all[line[:at]] = value
	}
	return all
}

// lag is the name of a figure of one partition.
func lag(unit, topic string, partition int) string {
	return fmt.Sprintf("vigie_lag_%s{partition=\"%d\",topic=\"%s\"}", unit, partition, topic)
}

// count returns how many figures begin so.
func (f figures) count(prefix string) (n int) {
	for name := range f {
		if strings.HasPrefix(name, prefix) {
			n++
		}
	}
	return n
}

// ready asks as a probe does.
func ready(w *pipeline.Worker) (ok bool, why string) {
	answer := httptest.NewRecorder()
	w.ReadyHandler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	return answer.Code == http.StatusOK, answer.Body.String()
}
