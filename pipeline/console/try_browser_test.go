package console

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
)

// shownMarks are the signs of the layer behind the text: struck ones with a "~".
const shownMarks = `[...document.querySelectorAll("#couche .sign")].map(x => (x.tagName === "DEL" ? "~" : "") + x.textContent).join("|")`

// aligned holds where the layer and the text area have the same size, and every
// line of one lies on the other's.
const aligned = `(() => {
	const t = document.getElementById("texte"), l = document.getElementById("couche");
	return t.clientWidth === l.clientWidth && t.scrollHeight === l.scrollHeight && t.scrollTop === l.scrollTop &&
		t.getBoundingClientRect().top === l.getBoundingClientRect().top && t.value + "\n" === l.textContent;
})()`

// TestTypingInBrowser: signs light up as one types, move with what is typed
// before them, and are struck through as soon as they are denied.
func TestTypingInBrowser(t *testing.T) {
	b := browse(t, tryConsole(t, nil), "/essayer")
	b.accessible(t)
	b.Do(t, chromedp.EmulateViewport(1280, 900))
	b.Do(t, chromedp.SendKeys(chromedp.CSS("#texte"), "Bonjour,\rje suis en arrêt maladie 😀."))
	b.Await(t, shownMarks+`.includes("arrêt maladie")`)
	b.Await(t, `document.querySelector("#lecture mark.cat-health") && document.querySelector("#resume").textContent.includes("gravité")`)
	b.Await(t, aligned)
	// What is typed before a sign moves it, before any answer: the request is held.
	browser.Ask[bool](t, b.Browser, `window.fetch = () => new Promise(() => {}), true`)
	browser.Ask[bool](t, b.Browser, `document.getElementById("texte").setSelectionRange(0, 0), true`)
	b.Do(t, chromedp.KeyEvent("Madame 😀, "))
	b.Await(t, `document.getElementById("texte").value.startsWith("Madame")`)
	if got := browser.Ask[string](t, b.Browser, shownMarks); !strings.HasSuffix(got, "arrêt maladie") {
		t.Errorf("marks are %q after what was typed before them", got)
	}
	b.Await(t, aligned)
	// What is typed inside a sign takes it away.
	browser.Ask[bool](t, b.Browser, `(t => { const at = t.value.indexOf("maladie") + 3; t.setSelectionRange(at, at); })(document.getElementById("texte")), true`)
	b.Do(t, chromedp.KeyEvent("x"))
	b.Await(t, `document.getElementById("texte").value.includes("malxadie")`)
	if got := browser.Ask[string](t, b.Browser, shownMarks); strings.Contains(got, "malxadie") {
		t.Errorf("marks are %q after what was typed in one", got)
	}
	b.open(t, "/essayer")
	b.Do(t, chromedp.SendKeys(chromedp.CSS("#texte"), "Je ne suis pas hospitalisée."))
	b.Await(t, shownMarks+`.includes("~hospitalisée")`)
	b.Await(t, `document.querySelector("#lecture del.cat-health") && document.querySelector(".signes").textContent.includes("nié")`)
	b.accessible(t)
}

// TestLongTextInBrowser types into 40 kB, and holds the layer in step with the
// text as it is scrolled and resized.
func TestLongTextInBrowser(t *testing.T) {
	c := tryConsole(t, nil)
	b := browse(t, c, "/essayer")
	text := longText(t, c, 40_000)
	browser.Ask[bool](t, b.Browser, fmt.Sprintf(`(t => { t.value = %q; t.dispatchEvent(new Event("input", {bubbles: true})); t.focus(); t.setSelectionRange(9, 9); })(document.getElementById("texte")), true`, text))
	b.Await(t, `document.querySelectorAll("#couche .sign").length > 100 && !document.querySelector("#lecture[aria-busy]")`)
	browser.Ask[bool](t, b.Browser, `window.took = [], (form => {
		let typed;
		form.addEventListener("input", () => { typed = performance.now(); });
		form.addEventListener("live:done", () => { window.took.push(performance.now() - typed); });
	})(document.getElementById("essai")), true`)
	for i := range 5 {
		b.Do(t, chromedp.KeyEvent("a "))
		b.Await(t, fmt.Sprintf("window.took.length >= %d", i+1))
	}
	t.Logf("40 kB: from the last key to the answer shown, the wait of 120 ms included: %v ms", browser.Ask[[]float64](t, b.Browser, "window.took.map(Math.round)"))
	for _, size := range []int64{320, 700, 1280} {
		b.Do(t, chromedp.EmulateViewport(size, 900))
		browser.Ask[bool](t, b.Browser, fmt.Sprintf(`(t => { t.style.height = "%dpx"; t.scrollTop = %d; })(document.getElementById("texte")), true`, 200+size/4, size*3))
		b.Await(t, aligned+` && document.getElementById("couche").scrollTop > 0`)
	}
	browser.Ask[bool](t, b.Browser, `(t => { t.scrollTop = t.scrollHeight; })(document.getElementById("texte")), true`)
	b.Await(t, aligned)
	if n := browser.Ask[int](t, b.Browser, `document.getElementById("lecture").innerHTML.length`); n > mostAnswer {
		t.Errorf("the answer is %d long", n)
	}
	browser.Ask[bool](t, b.Browser, fmt.Sprintf(`(t => { t.value = "a ".repeat(%d); t.dispatchEvent(new Event("input", {bubbles: true})); })(document.getElementById("texte")), true`, mostText/2+1))
	b.Await(t, `document.querySelector("#lecture [role=alert]")?.textContent.includes("mégaoctet")`)
}

// TestFilesInBrowser chooses files, drops one, and takes them away again.
func TestFilesInBrowser(t *testing.T) {
	b := browse(t, tryConsole(t, nil), "/essayer")
	path, err := filepath.Abs("../../pkg/format/testdata/webvtt.vtt")
	if err != nil {
		t.Fatal(err)
	}
	b.Do(t, chromedp.Click(chromedp.CSS("details.fichier summary")))
	b.Do(t, chromedp.SetUploadFiles(chromedp.CSS("#fichier"), []string{path}))
	b.Await(t, `document.querySelector("#lecture")?.textContent.includes("au format webvtt")`)
	b.accessible(t)
	b.Do(t, chromedp.Click(chromedp.CSS("#retirer")))
	b.Await(t, `document.querySelector("#lecture .empty") && document.getElementById("retirer").hidden`)
	browser.Ask[bool](t, b.Browser, `(() => {
		const moved = new DataTransfer();
		moved.items.add(new File(["Je suis en arrêt maladie."], "<img src=x onerror=alert(1)>.txt", {type: "text/plain"}));
		for (const name of ["dragover", "drop"]) document.dispatchEvent(new DragEvent(name, {dataTransfer: moved, bubbles: true, cancelable: true}));
		return true;
	})()`)
	b.Await(t, `document.querySelector("#lecture .texte mark:not(.indices)")?.textContent.includes("arrêt maladie")`)
	if got := browser.Ask[string](t, b.Browser, shownMarks); got != "" {
		t.Errorf("the marks of a file stand in the text area: %q", got)
	}
	broken := filepath.Join(t.TempDir(), "x.bin")
	if err := os.WriteFile(broken, []byte{0, 1, 2}, 0o600); err != nil {
		t.Fatal(err)
	}
	b.Do(t, chromedp.SetUploadFiles(chromedp.CSS("#fichier"), []string{broken}))
	b.Await(t, `document.querySelector("#lecture [role=alert]")?.textContent.includes("ne se devine pas")`)
	b.Expect(t, "400")
	b.accessible(t)
	browser.Ask[bool](t, b.Browser, `(() => {
		const moved = new DataTransfer();
		moved.items.add(new File([new Uint8Array(4 << 20)], "x.json"));
		document.dispatchEvent(new DragEvent("drop", {dataTransfer: moved, bubbles: true, cancelable: true}));
		return true;
	})()`)
	b.Await(t, `document.querySelector("#lecture [role=alert]")?.textContent.includes("trois mégaoctets")`)
}

// TestTryByKeyboard comes from the top of the page to an example, and back to the
// text, without a mouse.
func TestTryByKeyboard(t *testing.T) {
	sample := Sample{"Un courrier", []byte(`{"type":"vigie.letter.v1","data":{"text":"Je suis en arrêt maladie, mon mari est décédé."}}`)}
	b := browse(t, tryConsole(t, func(o *Options) { o.Samples = []Sample{sample} }), "/essayer")
	to := func(selector string) {
		t.Helper()
		for range 40 {
			b.Do(t, chromedp.KeyEvent("\t"))
			if browser.Ask[bool](t, b.Browser, fmt.Sprintf("document.activeElement?.matches(%q) ?? false", selector)) {
				return
			}
		}
		t.Fatalf("no tab leads to %s", selector)
	}
	to("details.exemples summary")
	b.Do(t, chromedp.KeyEvent("\r"))
	to(".exemples a")
	b.Do(t, chromedp.KeyEvent("\r"))
	b.Await(t, `location.search === "?exemple=message-1" && document.querySelector("#couche mark.cat-life_events")`)
	b.Await(t, aligned)
	b.accessible(t)
	to("#texte")
	b.Do(t, chromedp.KeyEvent("Secret. "))
	b.Await(t, `document.querySelector("#lecture .note:last-child a")?.getAttribute("href") === "/essayer?genre=courrier"`)
	to("#lecture .decision a")
	to("#lecture sup a")
	b.Do(t, chromedp.KeyEvent("\r"))
	b.Await(t, `document.querySelector(".signes li:target") !== null`)
	if browser.Ask[bool](t, b.Browser, `location.href.includes("Secret") || document.title.includes("Secret")`) {
		t.Error("a text stands in the address")
	}
	b.Do(t, browser.Media("light", "print"))
	if browser.Ask[bool](t, b.Browser, `getComputedStyle(document.getElementById("essai")).display !== "none" || getComputedStyle(document.querySelector(".decision")).display === "none"`) {
		t.Error("printed is the form, not the decision")
	}
}
