package console

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
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
	b.do(t, chromedp.EmulateViewport(1280, 900))
	b.do(t, chromedp.SendKeys(chromedp.CSS("#texte"), "Bonjour,\rje suis en arrêt maladie 😀."))
	b.await(t, shownMarks+`.includes("arrêt maladie")`)
	b.await(t, `document.querySelector("#lecture mark.cat-health") && document.querySelector("#resume").textContent.includes("gravité")`)
	b.await(t, aligned)
	// What is typed before a sign moves it, before any answer: the request is held.
	ask[bool](t, b, `window.fetch = () => new Promise(() => {}), true`)
	ask[bool](t, b, `document.getElementById("texte").setSelectionRange(0, 0), true`)
	b.do(t, chromedp.KeyEvent("Madame 😀, "))
	b.await(t, `document.getElementById("texte").value.startsWith("Madame")`)
	if got := ask[string](t, b, shownMarks); !strings.HasSuffix(got, "arrêt maladie") {
		t.Errorf("marks are %q after what was typed before them", got)
	}
	b.await(t, aligned)
	// What is typed inside a sign takes it away.
	ask[bool](t, b, `(t => { const at = t.value.indexOf("maladie") + 3; t.setSelectionRange(at, at); })(document.getElementById("texte")), true`)
	b.do(t, chromedp.KeyEvent("x"))
	b.await(t, `document.getElementById("texte").value.includes("malxadie")`)
	if got := ask[string](t, b, shownMarks); strings.Contains(got, "malxadie") {
		t.Errorf("marks are %q after what was typed in one", got)
	}
	b.open(t, "/essayer")
	b.do(t, chromedp.SendKeys(chromedp.CSS("#texte"), "Je ne suis pas hospitalisée."))
	b.await(t, shownMarks+`.includes("~hospitalisée")`)
	b.await(t, `document.querySelector("#lecture del.cat-health") && document.querySelector(".signes").textContent.includes("nié")`)
	b.accessible(t)
}

// TestLongTextInBrowser types into 40 kB, and holds the layer in step with the
// text as it is scrolled and resized.
func TestLongTextInBrowser(t *testing.T) {
	c := tryConsole(t, nil)
	b := browse(t, c, "/essayer")
	text := longText(t, c, 40_000)
	ask[bool](t, b, fmt.Sprintf(`(t => { t.value = %q; t.dispatchEvent(new Event("input", {bubbles: true})); t.focus(); t.setSelectionRange(9, 9); })(document.getElementById("texte")), true`, text))
	b.await(t, `document.querySelectorAll("#couche .sign").length > 100 && !document.querySelector("#lecture[aria-busy]")`)
	ask[bool](t, b, `window.took = [], (form => {
		let typed;
		form.addEventListener("input", () => { typed = performance.now(); });
		form.addEventListener("live:done", () => { window.took.push(performance.now() - typed); });
	})(document.getElementById("essai")), true`)
	for i := range 5 {
		b.do(t, chromedp.KeyEvent("a "))
		b.await(t, fmt.Sprintf("window.took.length >= %d", i+1))
	}
	t.Logf("40 kB: from the last key to the answer shown, the wait of 120 ms included: %v ms", ask[[]float64](t, b, "window.took.map(Math.round)"))
	for _, size := range []int64{320, 700, 1280} {
		b.do(t, chromedp.EmulateViewport(size, 900))
		ask[bool](t, b, fmt.Sprintf(`(t => { t.style.height = "%dpx"; t.scrollTop = %d; })(document.getElementById("texte")), true`, 200+size/4, size*3))
		b.await(t, aligned+` && document.getElementById("couche").scrollTop > 0`)
	}
	ask[bool](t, b, `(t => { t.scrollTop = t.scrollHeight; })(document.getElementById("texte")), true`)
	b.await(t, aligned)
	if n := ask[int](t, b, `document.getElementById("lecture").innerHTML.length`); n > mostAnswer {
		t.Errorf("the answer is %d long", n)
	}
	ask[bool](t, b, fmt.Sprintf(`(t => { t.value = "a ".repeat(%d); t.dispatchEvent(new Event("input", {bubbles: true})); })(document.getElementById("texte")), true`, mostText/2+1))
	b.await(t, `document.querySelector("#lecture [role=alert]")?.textContent.includes("mégaoctet")`)
}

// TestFilesInBrowser chooses files, drops one, and takes them away again.
func TestFilesInBrowser(t *testing.T) {
	b := browse(t, tryConsole(t, nil), "/essayer")
	path, err := filepath.Abs("../../pkg/format/testdata/webvtt.vtt")
	if err != nil {
		t.Fatal(err)
	}
	b.do(t, chromedp.Click(chromedp.CSS("details.fichier summary")))
	b.do(t, chromedp.SetUploadFiles(chromedp.CSS("#fichier"), []string{path}))
	b.await(t, `document.querySelector("#lecture")?.textContent.includes("au format webvtt")`)
	b.accessible(t)
	b.do(t, chromedp.Click(chromedp.CSS("#retirer")))
	b.await(t, `document.querySelector("#lecture .empty") && document.getElementById("retirer").hidden`)
	ask[bool](t, b, `(() => {
		const moved = new DataTransfer();
		moved.items.add(new File(["Je suis en arrêt maladie."], "<img src=x onerror=alert(1)>.txt", {type: "text/plain"}));
		for (const name of ["dragover", "drop"]) document.dispatchEvent(new DragEvent(name, {dataTransfer: moved, bubbles: true, cancelable: true}));
		return true;
	})()`)
	b.await(t, `document.querySelector("#lecture .texte mark:not(.indices)")?.textContent.includes("arrêt maladie")`)
	if got := ask[string](t, b, shownMarks); got != "" {
		t.Errorf("the marks of a file stand in the text area: %q", got)
	}
	broken := filepath.Join(t.TempDir(), "x.bin")
	if err := os.WriteFile(broken, []byte{0, 1, 2}, 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(t, chromedp.SetUploadFiles(chromedp.CSS("#fichier"), []string{broken}))
	b.await(t, `document.querySelector("#lecture [role=alert]")?.textContent.includes("ne se devine pas")`)
	b.expect(t, "400")
	b.accessible(t)
	ask[bool](t, b, `(() => {
		const moved = new DataTransfer();
		moved.items.add(new File([new Uint8Array(4 << 20)], "x.json"));
		document.dispatchEvent(new DragEvent("drop", {dataTransfer: moved, bubbles: true, cancelable: true}));
		return true;
	})()`)
	b.await(t, `document.querySelector("#lecture [role=alert]")?.textContent.includes("trois mégaoctets")`)
}

// TestTryByKeyboard comes from the top of the page to an example, and back to the
// text, without a mouse.
func TestTryByKeyboard(t *testing.T) {
	sample := Sample{"Un courrier", []byte(`{"type":"vigie.letter.v1","data":{"text":"Je suis en arrêt maladie, mon mari est décédé."}}`)}
	b := browse(t, tryConsole(t, func(o *Options) { o.Samples = []Sample{sample} }), "/essayer")
	to := func(selector string) {
		t.Helper()
		for range 40 {
			b.do(t, chromedp.KeyEvent("\t"))
			if ask[bool](t, b, fmt.Sprintf("document.activeElement?.matches(%q) ?? false", selector)) {
				return
			}
		}
		t.Fatalf("no tab leads to %s", selector)
	}
	to("details.exemples summary")
	b.do(t, chromedp.KeyEvent("\r"))
	to(".exemples a")
	b.do(t, chromedp.KeyEvent("\r"))
	b.await(t, `location.search === "?exemple=message-1" && document.querySelector("#couche mark.cat-life_events")`)
	b.await(t, aligned)
	b.accessible(t)
	to("#texte")
	b.do(t, chromedp.KeyEvent("Secret. "))
	b.await(t, `document.querySelector("#lecture .note:last-child a")?.getAttribute("href") === "/essayer?genre=courrier"`)
	to("#lecture .decision a")
	to("#lecture sup a")
	b.do(t, chromedp.KeyEvent("\r"))
	b.await(t, `document.querySelector(".signes li:target") !== null`)
	if ask[bool](t, b, `location.href.includes("Secret") || document.title.includes("Secret")`) {
		t.Error("a text stands in the address")
	}
	b.do(t, media("light", "print"))
	if ask[bool](t, b, `getComputedStyle(document.getElementById("essai")).display !== "none" || getComputedStyle(document.querySelector(".decision")).display === "none"`) {
		t.Error("printed is the form, not the decision")
	}
}
