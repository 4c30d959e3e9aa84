package validate

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

const dashboardFile = "../../configs/grafana/dashboards/vigie.json"

// The dashboard is what Grafana's published kinds say: every field is known and
// of its type, in the dashboard, its panels, their options and their queries.
func TestDashboard(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	data, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	d, err := decode(data)
	if err != nil {
		t.Fatalf("not of Grafana's schema: %v", err)
	}
	if want := dashboard.NewDashboard().SchemaVersion; d.SchemaVersion != want {
		t.Errorf("schemaVersion is %d, the kind is %d", d.SchemaVersion, want)
	}
	seen := make(map[uint32]bool)
	for _, p := range d.Panels {
		switch {
		case p.RowPanel != nil:
		case p.Panel == nil || p.Panel.Id == nil || seen[*p.Panel.Id]:
			t.Errorf("a panel has no id of its own: %+v", p.Panel)
		default:
			seen[*p.Panel.Id] = true
			if len(p.Panel.Targets) == 0 || p.Panel.Options == nil {
				t.Errorf("%s has no query or no options that its kind knows", *p.Panel.Title)
			}
		}
	}
	if len(seen) < 15 {
		t.Errorf("%d panels", len(seen))
	}
}

// decode reads a dashboard, strictly, and checks its values. The library's strict reading finds what is
// wrong, but leaves panels out: it wraps "no error" into a value that is not
// nil. So its errors are counted, and the dashboard is read once more.
//
//nolint:staticcheck // Grafana 12 provisions this kind from files; the library prefers the next one.
func decode(data []byte) (d dashboard.Dashboard, err error) {
	var wrong cog.BuildErrors
	err = new(dashboard.Dashboard).UnmarshalJSONStrict(data)
	if err != nil && (!errors.As(err, &wrong) || len(wrong) > 0) {
		return d, err
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return d, err
	}
	return d, d.Validate()
}

// What the schema is asked for it refuses too.
func TestDashboardIsRefused(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	data, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(d map[string]any){
		"a field nobody knows":        func(d map[string]any) { d["colour"] = "red" },
		"a field of another type":     func(d map[string]any) { d["refresh"] = 5 },
		"an option of no panel":       func(d map[string]any) { panel(d)["options"].(map[string]any)["graphs"] = "none" },
		"a query with a wrong format": func(d map[string]any) { query(d)["format"] = 1 },
		"a month that is none":        func(d map[string]any) { d["fiscalYearStartMonth"] = 13 },
		"a query's field":             func(d map[string]any) { query(d)["expression"] = "up" },
	} {
		var raw map[string]any
		if err := json.Unmarshal(data, &raw); err != nil {
			t.Fatal(err)
		}
		spoil(raw)
		spoiled, err := json.Marshal(raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decode(spoiled); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// panel is the first one that is no row, query its first one.
func panel(d map[string]any) map[string]any {
	for _, p := range d["panels"].([]any) {
		if p := p.(map[string]any); p["type"] != "row" {
			return p
		}
	}
	return nil
}

func query(d map[string]any) map[string]any {
	return panel(d)["targets"].([]any)[0].(map[string]any)
}
