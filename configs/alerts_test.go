package configs

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// rule is an alert or a recording rule of prometheus/alerts.yml.
type rule struct {
	Alert, Record, Expr string
	Labels, Annotations map[string]string
}

func alerts(t *testing.T) (list []rule) {
	t.Helper()
	var file struct{ Groups []struct{ Rules []rule } }
	read(t, "prometheus/alerts.yml", &file)
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert != "" {
				list = append(list, r)
			}
		}
	}
	if len(list) == 0 {
		t.Fatal("no alert was read")
	}
	return list
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// Prometheus's own tool finds the configuration good, and each alert fires
// when it should.
func TestPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("VIGIE_REQUIRE_PROMETHEUS") == "1" {
			t.Fatal("VIGIE_REQUIRE_PROMETHEUS=1, but there is no promtool")
		}
		t.Skip("NOT CHECKED BY PROMTOOL: it is not installed (Debian's package prometheus has it)")
	}
	for _, args := range [][]string{
		{"check", "config", "prometheus/prometheus.yml"},
		{"check", "rules", "prometheus/alerts.yml"},
		{"test", "rules", "prometheus/alerts_test.yml"},
	} {
		if out, err := exec.Command(promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// Each alert is tried both ways: where it must fire and where it must not.
func TestEachAlertIsTried(t *testing.T) {
	var file struct {
		Tests []struct {
			Cases []struct {
				Name     string `yaml:"alertname"`
				Expected []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	read(t, "prometheus/alerts_test.yml", &file)
	fires, silent := map[string]bool{}, map[string]bool{}
	for _, test := range file.Tests {
		for _, c := range test.Cases {
			if len(c.Expected) > 0 {
				fires[c.Name] = true
			} else {
				silent[c.Name] = true
			}
		}
	}
	for _, a := range alerts(t) {
		if !fires[a.Alert] || !silent[a.Alert] {
			t.Errorf("%s is tried where it fires: %v, where it is silent: %v", a.Alert, fires[a.Alert], silent[a.Alert])
		}
	}
}

// Whoever is woken by an alert finds what it means and what to do, under its
// name; and no page is left of an alert that is gone.
func TestEachAlertHasItsParagraph(t *testing.T) {
	page, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(page), "\n## Alerts\n")
	if !ok {
		t.Fatal(`docs/operations.md has no section "Alerts"`)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	parts := strings.Split(section, "\n### ")[1:]
	texts := make(map[string]string)
	for _, p := range parts {
		name, text, _ := strings.Cut(p, "\n")
		texts[name] = text
	}
	whole := regexp.MustCompile(`(?s)^\s*\*Means:\* .{60,}\n\n\*Do:\* .{60,}$`)
	var names []string
	for _, a := range alerts(t) {
		names = append(names, a.Alert)
		if !whole.MatchString(texts[a.Alert]) {
			t.Errorf("docs/operations.md, Alerts, %s: it must say *Means:* and *Do:*", a.Alert)
		}
		if a.Annotations["summary"] == "" || !slices.Contains([]string{"critical", "warning"}, a.Labels["severity"]) {
			t.Errorf("%s has summary %q and severity %q", a.Alert, a.Annotations["summary"], a.Labels["severity"])
		}
	}
	for name := range texts {
		if !slices.Contains(names, name) {
			t.Errorf("docs/operations.md explains %s, which is no alert", name)
		}
	}
}
