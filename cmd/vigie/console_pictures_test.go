package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	osexec "os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// TestConsolePictures makes the pictures of the console in docs where
// VIGIE_PICTURES is set: of invented messages, on the broker in this process.
func TestConsolePictures(t *testing.T) {
	if os.Getenv("VIGIE_PICTURES") == "" {
		t.Skip("VIGIE_PICTURES=1 makes the pictures of docs anew")
	}
	chromium, err := osexec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	topics := config.Default().Topics
	topics.Evidence = "fragility.evidence"
	broker, stop, err := kafka.Embedded(ctx, append(topics.Outputs(), topics.Inputs...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	_ = listener.Close()
	t.Setenv("VIGIE_KAFKA__BROKERS", broker)
	t.Setenv("VIGIE_TOPICS__EVIDENCE", topics.Evidence)
	t.Setenv("VIGIE_METRICS__LISTEN", "")
	if err := exec(ctx, []string{"demo", "--send-only"}, nil, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 2)
	for _, args := range [][]string{{"run"}, {"console", "--listen", at, "--corpus", "../../pipeline/eval/corpus/documents-01.jsonl"}} {
		go func() { ended <- exec(ctx, args, nil, io.Discard, io.Discard) }()
	}
	defer func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}()

	browsers, stopBrowsers := chromedp.NewExecAllocator(ctx, chromedp.ExecPath(chromium), chromedp.UserDataDir(filepath.Join(t.TempDir(), "profile")),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("hide-scrollbars", true))
	defer stopBrowsers()
	page, stopPage := chromedp.NewContext(browsers)
	defer stopPage()
	for deadline := time.Now().Add(time.Minute); ; {
		if answer, err := http.Get("http://" + at + "/livez"); err == nil {
			answer.Body.Close()
			break
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(page, actions...); err != nil {
			t.Fatal(err)
		}
	}
	ready := func(condition string) {
		t.Helper()
		script := fmt.Sprintf(`new Promise(yes => { const look = () => { try { if (%s) return yes(true); } catch {} setTimeout(look, 50); }; look(); })`, condition)
		if _, err := chromedp.Run(page, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
			t.Fatalf("%s: %v", condition, err)
		}
	}
	for _, p := range []struct {
		name, path, scheme string
		width, height      int64
		// act is done in the page before ready holds.
		act   []chromedp.Action[chromedp.Void]
		ready string
	}{
		{name: "essayer", path: "/essayer?exemple=message-1", width: 1200, height: 1150, ready: `document.querySelector("mark.sign")`},
		{name: "essayer-dark", path: "/essayer?exemple=message-1", scheme: "dark", width: 1200, height: 1150, ready: `document.querySelector("mark.sign")`},
		{name: "lexique", path: "/lexique?q=loyer", width: 1200, height: 1000, ready: `!document.body.textContent.includes("calcul en cours")`},
		{name: "facteur", path: "/lexique/resilience.loyer_impaye", width: 1200, height: 1000, ready: `!document.body.textContent.includes("calcul en cours")`},
		{
			name: "proposer", path: "/proposer?facteur=resilience.difficultes_financieres", width: 1200, height: 1400,
			act: []chromedp.Action[chromedp.Void]{
				chromedp.SendKeys(chromedp.CSS("#nouveau"), "(galère|galères|galérer|galérons)"),
				chromedp.Click(chromedp.CSS("button[value=ajouter]")),
				chromedp.WaitVisible(chromedp.CSS("#mesurer")),
				chromedp.Click(chromedp.CSS("#mesurer")),
			},
			ready: `document.querySelector("#mesure table")`,
		},
		{name: "flux", path: "/flux", width: 1200, height: 1100, ready: `document.querySelectorAll("#alertes > li").length >= 8`},
	} {
		scheme := p.scheme
		if scheme == "" {
			scheme = "light"
		}
		do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			return err
		}), chromedp.EmulateViewport(p.width, p.height), chromedp.Navigate("http://"+at+p.path), chromedp.WaitVisible(chromedp.CSS("footer")))
		do(p.act...)
		ready(p.ready)
		picture, err := chromedp.Run(page, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("../../docs", "console-"+p.name+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
