// Package browser opens pages in Debian's chromium, for tests.
package browser

import (
	"context"
	"fmt"
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

// Browser is a chromium with a page open in it, and what it complained of.
type Browser struct {
	Ctx context.Context
	mu  sync.Mutex
	// said are the errors and warnings of the browser's console.
	said []string
}

// patience is how long a browser is there at most.
const patience = 5 * time.Minute

// Open opens an address. Without chromium the test is skipped, or fails where
// VIGIE_REQUIRE_CHROMIUM is set. When the test ends, the browser's console must
// have said nothing but what Expect took out.
func Open(t *testing.T, address string) *Browser {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("VIGIE_REQUIRE_CHROMIUM") != "" {
			t.Fatal(err)
		}
		t.Skip("NOT TESTED in a browser: chromium is not installed (apt-get install chromium); VIGIE_REQUIRE_CHROMIUM=1 makes this a failure")
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(chromium), chromedp.UserDataDir(filepath.Join(t.TempDir(), "profile")), chromedp.Headless,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.WindowSize(1280, 900),
		chromedp.Flag("hide-scrollbars", false), // they take room on most desks
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	patient, timeout := context.WithTimeout(allocated, patience)
	ctx, cancel := chromedp.NewContext(patient)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		timeout()
		stop()
	})
	b := &Browser{Ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.Go(t, address)
	t.Cleanup(func() { b.Silent(t) })
	return b
}

// Go goes to an address and waits until its page is there, down to the footer.
func (b *Browser) Go(t *testing.T, address string) {
	t.Helper()
	b.Do(t, chromedp.Navigate(address))
	b.Do(t, chromedp.WaitVisible(chromedp.CSS("footer")))
}

// hear keeps what the browser's console says.
func (b *Browser) hear(event any) {
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

// Expect takes out of what was said what a test provokes itself.
func (b *Browser) Expect(t *testing.T, part string) {
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

// Silent checks that the browser's console has said nothing.
func (b *Browser) Silent(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.said) > 0 {
		t.Errorf("the browser's console says:\n%s", strings.Join(b.said, "\n"))
	}
}

// Do does things in the page.
func (b *Browser) Do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.Ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// Ask evaluates a script in the page.
func Ask[T any](t *testing.T, b *Browser, script string) T {
	t.Helper()
	value, err := chromedp.Run(b.Ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return value
}

// Await waits until a condition holds in the page, or in the one that takes its
// place meanwhile.
func (b *Browser) Await(t *testing.T, condition string) {
	t.Helper()
	script := `new Promise(yes => {
		const end = Date.now() + 1000;
		const look = () => { try { if (` + condition + `) return yes(true); } catch {} Date.now() > end ? yes(false) : setTimeout(look, 20); };
		look();
	})`
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		// An error is a page that goes away, or a browser that did: then ctx says so.
		if held, err := chromedp.Run(b.Ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); held && err == nil {
			return
		}
		if err := b.Ctx.Err(); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("waited in vain for %s in %s", condition, Ask[string](t, b, "document.body.innerHTML"))
}

// Media makes the browser prefer light or dark, and show a kind of medium: ""
// for a screen, "print".
func Media(scheme, kind string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: kind, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
