package console

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a chromium with a console open in it, and what it complained of.
type browser struct {
	ctx context.Context
	// at is the console's address.
	at string
	mu sync.Mutex
	// said are the errors and warnings of the browser's console.
	said []string
}

// browse opens a page of a console in Debian's chromium. When the test ends, the
// browser's console must have said nothing.
func browse(t *testing.T, c *Console, path string) *browser {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("VIGIE_REQUIRE_CHROMIUM") != "" {
			t.Fatal(err)
		}
		t.Skip("NOT TESTED in a browser: chromium is not installed (apt-get install chromium); VIGIE_REQUIRE_CHROMIUM=1 makes this a failure")
	}
	server := httptest.NewServer(c.Handler())
	t.Cleanup(server.Close)
	allocated, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(chromium), chromedp.UserDataDir(filepath.Join(t.TempDir(), "profile")), chromedp.Headless,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.WindowSize(1280, 900),
		chromedp.Flag("hide-scrollbars", false), // they take room on most desks
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
	b := &browser{ctx: ctx, at: server.URL}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.open(t, path)
	t.Cleanup(func() {
		if b.mu.Lock(); len(b.said) > 0 {
			t.Errorf("the browser's console says:\n%s", strings.Join(b.said, "\n"))
		}
		b.mu.Unlock()
	})
	return b
}

// open goes to a page and waits until it is there.
func (b *browser) open(t *testing.T, path string) {
	t.Helper()
	b.do(t, chromedp.Navigate(b.at+path))
	b.do(t, chromedp.WaitVisible(chromedp.CSS("footer")))
}

// hear keeps what the browser's console says.
func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, fmt.Sprint("console.", e.Type))
	case *log.EventEntryAdded:
		b.said = append(b.said, e.Entry.Text+" "+e.Entry.URL)
	}
}

// expect takes out of what was said what a test provokes itself.
func (b *browser) expect(t *testing.T, part string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, s := range b.said {
		if strings.Contains(s, part) {
			b.said = append(b.said[:i], b.said[i+1:]...)
			return
		}
	}
	t.Errorf("the browser's console does not say %q: %q", part, b.said)
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
		t.Fatalf("%s: %v", script, err)
	}
	return value
}

// await waits until a condition holds in the page, or in the one that takes its
// place meanwhile.
func (b *browser) await(t *testing.T, condition string) {
	t.Helper()
	script := `new Promise(yes => {
		const end = Date.now() + 1000;
		const look = () => { try { if (` + condition + `) return yes(true); } catch {} Date.now() > end ? yes(false) : setTimeout(look, 20); };
		look();
	})`
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		// An error is a page that goes away, or a browser that did: then ctx says so.
		if held, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); held && err == nil {
			return
		}
		if err := b.ctx.Err(); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("waited in vain for %s in %s", condition, ask[string](t, b, "document.body.innerHTML"))
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

// accessible checks the open page against axe-core's rules, light and dark, narrow
// and wide, and that nothing of it is wider than a narrow window.
func (b *browser) accessible(t *testing.T) {
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
	ask[bool](t, b, string(rules)+"; true")
	for _, width := range []int64{320, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			b.do(t, media(scheme, ""), chromedp.EmulateViewport(width, 900))
			type result struct {
				Violations []struct {
					ID, Help string
					Nodes    []string
				}
				Passes int
			}
			found := ask[result](t, b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => ({passes: r.passes.length,
				violations: r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html + " " + (n.failureSummary || ""))}))}))`)
			for _, v := range found.Violations {
				t.Errorf("%d px, %s: %s: %s, at %d places: %s", width, scheme, v.ID, v.Help, len(v.Nodes), v.Nodes[0])
			}
			if found.Passes < 15 {
				t.Errorf("%d px, %s: only %d rules passed", width, scheme, found.Passes)
			}
		}
		if wide := ask[int64](t, b, "document.documentElement.scrollWidth"); wide > width {
			t.Errorf("at %d px the page is %d wide", width, wide)
		}
	}
}
