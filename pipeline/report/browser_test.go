package report

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is a chromium with one page open, and what its console said.
type browser struct {
	ctx context.Context
	mu  sync.Mutex
	// said are the errors and warnings of the console.
	said []string
}

// openPage writes a page to a file and opens it in Debian's chromium.
func openPage(t *testing.T, page *Page) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes half a minute")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("VIGIE_REQUIRE_CHROMIUM") != "" {
			t.Fatal(err)
		}
		t.Skip("NOT TESTED in a browser: chromium is not installed (apt-get install chromium); VIGIE_REQUIRE_CHROMIUM=1 makes this a failure")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "rapport.html")
	if err := os.WriteFile(file, []byte(written(t, page)), 0o600); err != nil {
		t.Fatal(err)
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(chromium), chromedp.UserDataDir(filepath.Join(dir, "profile")), chromedp.Headless,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.WindowSize(1200, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	patient, timeout := context.WithTimeout(allocated, 5*time.Minute)
	ctx, cancel := chromedp.NewContext(patient)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		timeout()
		stop()
	})
	b := &browser{ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.do(t, chromedp.Navigate("file://"+file))
	b.do(t, chromedp.WaitVisible(chromedp.CSS("footer")))
	return b
}

// hear keeps what the console says.
func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, fmt.Sprint("console.", e.Type))
	case *log.EventEntryAdded:
		b.said = append(b.said, e.Entry.Text)
	}
}

func (b *browser) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates a script in the page.
func ask[T any](t *testing.T, b *browser, script string) T {
	t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// silent checks that the console has said nothing.
func (b *browser) silent(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.said) > 0 {
		t.Errorf("the console says:\n%s", strings.Join(b.said, "\n"))
	}
}

// shown are the rows of a bar chart as the page shows them: the label, and
// of each bar its number and its width.
type shown struct {
	Label  string
	Values []string
	Widths []float64
}

// The page opens without an error, its charts show the numbers of the run, its
// tables sort by mouse and by keyboard, nothing but its own style and script
// runs in it, and it passes the rules of accessibility.
func TestBrowser(t *testing.T) {
	r, page := corpusPage(t)
	b := openPage(t, page)
	b.silent(t)
	checkCharts(t, b, page, recount(r))
	checkDays(t, b, r)
	checkSorting(t, b)
	if ran := ask[bool](t, b, `(() => {
		const s = document.createElement("script"); s.textContent = "window.foreign = true"; document.body.append(s);
		s.remove(); return window.foreign === true })()`); ran {
		t.Error("a script runs that is not the page's own")
	}
	b.mu.Lock()
	refused := slices.ContainsFunc(b.said, func(s string) bool { return strings.Contains(s, "Content Security Policy") })
	b.mu.Unlock()
	if !refused {
		t.Error("the console does not say that the foreign script was refused: is it read at all?")
	}
}

// The page of a replay with one lexicon shows its numbers alone.
func TestBrowserOneLexicon(t *testing.T) {
	r, _ := corpusPage(t)
	page := onePage(r)
	b := openPage(t, page)
	b.silent(t)
	counts := recount(r)
	for id, c := range counts {
		counts[id] = [2]map[string]int{nil, c[1]}
	}
	checkCharts(t, b, page, counts)
	if n := ask[int](t, b, `document.querySelectorAll("#termes tbody tr").length`); n < 100 {
		t.Errorf("the table has %d terms", n)
	}
	if n := ask[int](t, b, `document.querySelectorAll(".avant, #changements").length`); n > 0 {
		t.Errorf("%d things of a comparison are shown", n)
	}
}

// checkCharts holds every bar chart against counts by its id.
func checkCharts(t *testing.T, b *browser, page *Page, all map[string][2]map[string]int) {
	t.Helper()
	for id, counts := range all {
		rows := ask[[]shown](t, b, fmt.Sprintf(`[...document.querySelectorAll("#%s .row")].map(row => ({
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
			if row.Label != page.Names(key) && !strings.HasPrefix(row.Label, key+" · ") {
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
				if row.Values[side] != number(n) {
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
func checkDays(t *testing.T, b *browser, r *run) {
	t.Helper()
	want := make(map[string][2]int)
	for _, e := range r.events {
		day := date(e.stamp)
		n := want[day]
		if e.before != nil {
			n[0]++
		}
		if e.after != nil {
			n[1]++
		}
		want[day] = n
	}
	rows := ask[[][]string](t, b, `[...document.querySelectorAll("#jours tbody tr")].map(r => [...r.cells].map(c => c.textContent))`)
	bins := ask[[][]float64](t, b, `[...document.querySelectorAll("#jour .bin")].map(g => [...g.querySelectorAll("rect")].map(x => x.getBoundingClientRect().height))`)
	if len(rows) < 30 || len(rows) != len(bins) {
		t.Fatalf("%d rows, %d groups of columns", len(rows), len(bins))
	}
	most, highest := 0, 0.0
	for i, row := range rows {
		n := want[row[0]]
		if row[1] != number(n[0]) || row[2] != number(n[1]) {
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

// checkSorting sorts the table of terms by mouse and by keyboard.
func checkSorting(t *testing.T, b *browser) {
	t.Helper()
	column := func(n int) []string {
		return ask[[]string](t, b, fmt.Sprintf(`[...document.querySelectorAll("#termes tbody tr")].map(r => r.cells[%d].dataset.v ?? r.cells[%[1]d].textContent)`, n))
	}
	numbers := func(n int) (list []int) {
		for _, text := range column(n) {
			var v int
			if _, err := fmt.Sscan(text, &v); err != nil {
				t.Fatal(err)
			}
			list = append(list, v)
		}
		return list
	}
	falling := func(list []int) bool { return slices.IsSortedFunc(list, func(a, b int) int { return b - a }) }
	button := func(n int) chromedp.CSS {
		return chromedp.CSS(fmt.Sprintf("#termes thead th:nth-child(%d) button", n+1))
	}
	const added, effect = 3, 6
	before := numbers(effect)
	if len(before) < 8 || !falling(before) || falling(numbers(added)) && slices.Max(before) == slices.Min(before) {
		t.Fatalf("the effects %v do not fall, or the table is too small to try", before)
	}
	b.do(t, chromedp.Click(button(effect)))
	if got := numbers(effect); !slices.IsSorted(got) || len(got) != len(before) {
		t.Errorf("clicked, the effects are %v", got)
	}
	b.do(t, chromedp.Focus(button(added)), chromedp.KeyEvent(kb.Enter))
	if got := numbers(added); !falling(got) {
		t.Errorf("after Enter, the new flags are %v", got)
	}
	if sort := ask[string](t, b, `document.querySelector("#termes [aria-sort]").textContent + " " + document.querySelector("#termes [aria-sort]").ariaSort`); sort != "Nouvelles descending" {
		t.Errorf("the table says that it is sorted by %q", sort)
	}
	b.do(t, chromedp.KeyEvent(" "))
	if got := numbers(added); !slices.IsSorted(got) {
		t.Errorf("after Space, the new flags are %v", got)
	}
	b.do(t, chromedp.Click(button(0)))
	if got := column(0); !ask[bool](t, b, fmt.Sprintf(`(l => l.every((x, i) => !i || l[i-1].localeCompare(x, "fr") <= 0))(%s)`, quoted(t, got))) {
		t.Errorf("clicked, the terms are %q", got)
	}
}

func quoted(t *testing.T, list []string) string {
	t.Helper()
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The page passes axe-core's rules, with and without words, light, dark and on
// paper.
func TestAccessible(t *testing.T) {
	axe := os.Getenv("VIGIE_AXE")
	if axe == "" {
		if os.Getenv("VIGIE_REQUIRE_CHROMIUM") != "" {
			t.Fatal("VIGIE_AXE names no axe.min.js")
		}
		t.Skip("NOT TESTED for accessibility: VIGIE_AXE names no axe.min.js (npm pack axe-core)")
	}
	rules, err := os.ReadFile(axe)
	if err != nil {
		t.Fatal(err)
	}
	r, page := corpusPage(t)
	r.withWords(t, page)
	for name, page := range map[string]*Page{"two lexicons": page, "one": onePage(r)} {
		t.Run(name, func(t *testing.T) { checkRules(t, openPage(t, page), string(rules)) })
	}
}

func checkRules(t *testing.T, b *browser, rules string) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		b.do(t, media(scheme, ""))
		ask[bool](t, b, rules+"; true")
		type result struct {
			Violations []struct {
				ID, Help string
				Nodes    []string
			}
			Passes int
		}
		found := ask[result](t, b, `axe.run(document).then(r => ({passes: r.passes.length, violations:
			r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html)}))}))`)
		for _, v := range found.Violations {
			t.Errorf("%s: %s: %s, at %d places: %s", scheme, v.ID, v.Help, len(v.Nodes), v.Nodes[0])
		}
		if found.Passes < 20 {
			t.Errorf("%s: only %d rules passed", scheme, found.Passes)
		}
	}
}

// On paper the page is black on white, whatever the screen is.
func TestPrinted(t *testing.T) {
	_, page := corpusPage(t)
	b := openPage(t, page)
	const seen = `getComputedStyle(document.body).backgroundColor + " " + getComputedStyle(document.body).color`
	for kind, want := range map[string]string{"": "rgb(20, 24, 29) rgb(232, 235, 238)", "print": "rgb(255, 255, 255) rgb(0, 0, 0)"} {
		b.do(t, media("dark", kind))
		if got := ask[string](t, b, seen); got != want {
			t.Errorf("medium %q, dark: %s, want %s", kind, got, want)
		}
	}
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	if err != nil || len(pdf) < 20_000 {
		t.Errorf("printed, the page has %d bytes: %v", len(pdf), err)
	}
}

// media makes the browser prefer light or dark, and show a kind of medium: ""
// for a screen, "print".
func media(scheme, kind string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: kind, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// TestPictures makes docs/report-light.png and docs/report-dark.png where
// VIGIE_PICTURES is set: the page of the invented documents, with their words.
func TestPictures(t *testing.T) {
	if os.Getenv("VIGIE_PICTURES") == "" {
		t.Skip("VIGIE_PICTURES=1 makes the pictures of docs anew")
	}
	r, page := corpusPage(t)
	r.withWords(t, page)
	b := openPage(t, page)
	ask[bool](t, b, `document.querySelector(".warning").textContent =
		"Exemple : lexique d’essai, messages inventés (le corpus de vigie). Aucun client réel n’est cité."; true`)
	for _, scheme := range []string{"light", "dark"} {
		b.do(t, media(scheme, ""), chromedp.EmulateViewport(1100, 2400))
		picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("../../docs", "report-"+scheme+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
