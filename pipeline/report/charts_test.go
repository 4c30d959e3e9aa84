package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
	"github.com/vigie-project/vigie/pkg/french"
)

// shown are the rows of a bar chart as the page shows them: the label, and
// of each bar its number and its width.
type shown struct {
	Label  string
	Values []string
	Widths []float64
}

// checkCharts holds every bar chart against counts by its id.
func checkCharts(t *testing.T, b *browser.Browser, page *Page, all map[string][2]map[string]int) {
	t.Helper()
	for id, counts := range all {
		rows := browser.Ask[[]shown](t, b, fmt.Sprintf(`[...document.querySelectorAll("#%s .row")].map(row => ({
			Label: row.querySelector(".label").textContent,
			Values: [...row.querySelectorAll(".value")].map(x => x.textContent),
			Widths: [...row.querySelectorAll("rect")].map(x => x.getBoundingClientRect().width)}))`, id))
		checkBars(t, id, rows, counts, page)
	}
}

// recount counts the flags of a run by the ids of the charts, without the tally.
func recount(r *run) map[string][2]map[string]int {
	all := make(map[string][2]map[string]int)
	for _, id := range []string{"categorie", "voie", "gravite", "canal"} {
		all[id] = [2]map[string]int{{}, {}}
	}
	for _, e := range r.events {
		if f := e.before; f != nil {
			for _, c := range f.Categories {
				all["categorie"][0][c]++
			}
			all["voie"][0][f.Route]++
			all["gravite"][0][fmt.Sprint(f.Severity)]++
			all["canal"][0][f.Event.Type]++
		}
		if f := e.after; f != nil {
			for _, c := range f.Categories {
				all["categorie"][1][c]++
			}
			all["voie"][1][f.Route]++
			all["gravite"][1][fmt.Sprint(f.Severity)]++
			all["canal"][1][f.Event.Type]++
		}
	}
	return all
}

func checkBars(t *testing.T, id string, rows []shown, counts [2]map[string]int, page *Page) {
	t.Helper()
	most := 0
	for _, side := range counts {
		for _, n := range side {
			most = max(most, n)
		}
	}
	if most == 0 || len(rows) < len(counts[1]) {
		t.Fatalf("%s: %d rows for %v", id, len(rows), counts)
	}
	widest := 0.0
	for _, row := range rows {
		widest = max(widest, slices.Max(row.Widths))
	}
	seen := 0
	for _, row := range rows {
		for key := range counts[1] {
			if !strings.EqualFold(row.Label, page.Names(key)) && !strings.HasPrefix(row.Label, key+" · ") {
				continue
			}
			seen++
			want := []int{counts[0][key], counts[1][key]}
			if counts[0] == nil {
				want = want[1:]
			}
			if len(row.Values) != len(want) {
				t.Fatalf("%s, %s: %d bars, want %d", id, row.Label, len(row.Values), len(want))
			}
			for side, n := range want {
				if row.Values[side] != french.Number(n) {
					t.Errorf("%s, %s: the chart says %s, the run %d", id, row.Label, row.Values[side], n)
				}
				if want := widest * float64(n) / float64(most); row.Widths[side] < want-2 || row.Widths[side] > want+2 {
					t.Errorf("%s, %s: the bar of %d is %.1f wide, want %.1f", id, row.Label, n, row.Widths[side], want)
				}
			}
		}
	}
	if seen != len(counts[1]) {
		t.Errorf("%s: %d of %d keys have a row", id, seen, len(counts[1]))
	}
}

// checkDays holds the chart by day and its table against the run.
func checkDays(t *testing.T, b *browser.Browser, r *run) {
	t.Helper()
	want := make(map[string][2]int)
	for _, e := range r.events {
		day := french.Date(e.stamp)
		n := want[day]
		if e.before != nil {
			n[0]++
		}
		if e.after != nil {
			n[1]++
		}
		want[day] = n
	}
	rows := browser.Ask[[][]string](t, b, `[...document.querySelectorAll("#jours tbody tr")].map(r => [...r.cells].map(c => c.textContent))`)
	bins := browser.Ask[[][]float64](t, b, `[...document.querySelectorAll("#jour .bin")].map(g => [...g.querySelectorAll("rect")].map(x => x.getBoundingClientRect().height))`)
	if len(rows) < 30 || len(rows) != len(bins) {
		t.Fatalf("%d rows, %d groups of columns", len(rows), len(bins))
	}
	most, highest := 0, 0.0
	for i, row := range rows {
		n := want[row[0]]
		if row[1] != french.Number(n[0]) || row[2] != french.Number(n[1]) {
			t.Errorf("%s: the table says %v, the run %v", row[0], row[1:], n)
		}
		most, highest = max(most, n[0], n[1]), max(highest, slices.Max(bins[i]))
	}
	for i, row := range rows {
		n := want[row[0]]
		for side := range 2 {
			if got, want := bins[i][side], highest*float64(n[side])/float64(most); got < want-2 || got > want+2 {
				t.Errorf("%s: the column of %d is %.1f high, want %.1f", row[0], n[side], got, want)
			}
		}
	}
}
