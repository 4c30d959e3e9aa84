package console

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
)

// page is a console open in a browser.
type page struct {
	*browser.Browser
	// at is the console's address.
	at string
}

// browse opens a page of a console in Debian's chromium.
func browse(t *testing.T, c *Console, path string) *page {
	t.Helper()
	server := httptest.NewServer(c.Handler())
	t.Cleanup(server.Close)
	return &page{browser.Open(t, server.URL+path), server.URL}
}

// open goes to another page of the console.
func (b *page) open(t *testing.T, path string) {
	t.Helper()
	b.Go(t, b.at+path)
}

// accessible checks the open page against axe-core's rules, light and dark, narrow
// and wide, and that nothing of it is wider than a narrow window.
func (b *page) accessible(t *testing.T) {
	t.Helper()
	axe := os.Getenv("VIGIE_AXE")
	if axe == "" {
		if os.Getenv("VIGIE_REQUIRE_CHROMIUM") != "" {
			t.Fatal("VIGIE_AXE names no axe.min.js")
		}
		t.Log("NOT TESTED for accessibility: VIGIE_AXE names no axe.min.js (npm pack axe-core)")
		return
	}
	rules, err := os.ReadFile(axe)
	if err != nil {
		t.Fatal(err)
	}
	browser.Ask[bool](t, b.Browser, string(rules)+"; true")
	for _, width := range []int64{320, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			b.Do(t, browser.Media(scheme, ""), chromedp.EmulateViewport(width, 900))
			type result struct {
				Violations []struct {
					ID, Help string
					Nodes    []string
				}
				Passes int
			}
			found := browser.Ask[result](t, b.Browser, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => ({passes: r.passes.length,
				violations: r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html + " " + (n.failureSummary || ""))}))}))`)
			for _, v := range found.Violations {
				t.Errorf("%d px, %s: %s: %s, at %d places: %s", width, scheme, v.ID, v.Help, len(v.Nodes), v.Nodes[0])
			}
			if found.Passes < 15 {
				t.Errorf("%d px, %s: only %d rules passed", width, scheme, found.Passes)
			}
		}
		if wide := browser.Ask[int64](t, b.Browser, "document.documentElement.scrollWidth"); wide > width {
			t.Errorf("at %d px the page is %d wide", width, wide)
		}
	}
}
