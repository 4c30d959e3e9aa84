package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
)

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

func checkRules(t *testing.T, b *browser.Browser, rules string) {
	t.Helper()
	for _, medium := range []struct{ scheme, kind string }{{"light", ""}, {"dark", ""}, {"dark", "print"}} {
		b.Do(t, browser.Media(medium.scheme, medium.kind))
		browser.Ask[bool](t, b, rules+"; true")
		type result struct {
			Violations []struct {
				ID, Help string
				Nodes    []string
			}
			Passes int
		}
		found := browser.Ask[result](t, b, `axe.run(document).then(r => ({passes: r.passes.length, violations:
			r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html)}))}))`)
		for _, v := range found.Violations {
			t.Errorf("%v: %s: %s, at %d places: %s", medium, v.ID, v.Help, len(v.Nodes), v.Nodes[0])
		}
		if found.Passes < 20 {
			t.Errorf("%v: only %d rules passed", medium, found.Passes)
		}
	}
}

// The page is dark where the browser prefers it, and on paper black on white;
// nothing is cut off there, and the numbers behind a chart by day are printed.
func TestMedia(t *testing.T) {
	_, page := corpusPage(t)
	b := openPage(t, page)
	const wide, paper = 1200, 718 // A4 in CSS pixels, without margins of a centimetre
	for _, test := range []struct {
		scheme, kind string
		width        int64
		colours      string
		numbers      bool
	}{
		{"light", "", wide, "rgb(255, 255, 255) rgb(27, 31, 36)", false},
		{"dark", "", wide, "rgb(20, 24, 29) rgb(232, 235, 238)", false},
		{"light", "print", paper, "rgb(255, 255, 255) rgb(0, 0, 0)", true},
		{"dark", "print", paper, "rgb(255, 255, 255) rgb(0, 0, 0)", true},
	} {
		name := test.scheme + " " + test.kind
		b.Do(t, chromedp.EmulateViewport(test.width, 1000), browser.Media(test.scheme, test.kind))
		if got := browser.Ask[string](t, b, `getComputedStyle(document.body).backgroundColor + " " + getComputedStyle(document.body).color`); got != test.colours {
			t.Errorf("%s: %s, want %s", name, got, test.colours)
		}
		if over := browser.Ask[float64](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%s: %v pixels stand beyond the right edge", name, over)
		}
		if got := browser.Ask[bool](t, b, `document.querySelector("#jours tbody td").checkVisibility({contentVisibilityAuto: true})`); got != test.numbers {
			t.Errorf("%s: the numbers by day are shown: %v", name, got)
		}
		for _, c := range browser.Ask[[]float64](t, b, contrasts) {
			if c < leastContrast {
				t.Errorf("%s: a bar has the contrast %.2f", name, c)
			}
		}
	}
	b.Silent(t)
	pdf, err := chromedp.Run(b.Ctx, chromedp.PrintToPDF())
	if err != nil || len(pdf) < 20_000 {
		t.Errorf("printed, the page has %d bytes: %v", len(pdf), err)
	}
}

// leastContrast of a bar with the page (WCAG 1.4.11), which axe-core does not ask
// of pictures.
const leastContrast = 3

// contrasts are those of each colour of the bars with the page, as WCAG counts.
const contrasts = `(() => {
	const light = c => c.match(/\d+/g).slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], .05)
	const page = light(getComputedStyle(document.body).backgroundColor)
	const fills = [...new Set([...document.querySelectorAll("svg rect")].map(r => getComputedStyle(r).fill))]
	return fills.map(f => light(f)).map(l => Math.max(l, page) / Math.min(l, page)) })()`

// TestPictures makes docs/report-light.png and docs/report-dark.png where
// VIGIE_PICTURES is set: the page of the invented documents, with their words.
func TestPictures(t *testing.T) {
	if os.Getenv("VIGIE_PICTURES") == "" {
		t.Skip("VIGIE_PICTURES=1 makes the pictures of docs anew")
	}
	r, page := corpusPage(t)
	r.withWords(t, page)
	b := openPage(t, page)
	browser.Ask[bool](t, b, `document.querySelector(".warning").textContent =
		"Exemple : lexique d’essai, messages inventés (le corpus de vigie). Aucun client réel n’est cité."; true`)
	for _, scheme := range []string{"light", "dark"} {
		b.Do(t, browser.Media(scheme, ""), chromedp.EmulateViewport(1100, 2400))
		picture, err := chromedp.Run(b.Ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("../../docs", "report-"+scheme+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
