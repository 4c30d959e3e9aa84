package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
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
