package console

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
)

// The lexicon is searched and filtered as one types, and its details are opened
// by keyboard.
func TestLexiconInBrowser(t *testing.T) {
	b := browse(t, shared()(t), "/lexique")
	b.accessible(t)
	rows := `document.querySelectorAll(".facteurs tbody tr").length`
	all := browser.Ask[int](t, b.Browser, rows)
	b.Do(t, chromedp.SendKeys(chromedp.CSS("#q"), "leucémie"))
	b.Await(t, rows+" < 20 && document.querySelector('#liste').textContent.includes('Maladie grave') && location.search === ''")
	b.Do(t, empty("#q"))
	browser.Ask[bool](t, b.Browser, `(() => { const c = document.querySelector("#categorie"); c.value = "capacity"; c.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
	b.Await(t, "document.querySelectorAll('.facteurs').length === 1 && "+rows+" > 5 && location.search === '?categorie=capacity'")
	b.Do(t, chromedp.SendKeys(chromedp.CSS("#q"), "zzzz"))
	b.Await(t, `document.querySelector("#liste .empty")`)
	b.accessible(t)
	b.open(t, "/lexique")
	if n := browser.Ask[int](t, b.Browser, rows); n != all {
		t.Errorf("%d factors, then %d", all, n)
	}
	b.Do(t, chromedp.Click(chromedp.CSS(`a[href="/lexique/health.maladie_grave"]`)))
	b.Await(t, `document.querySelector("h1").textContent === "Maladie grave" && document.querySelector("#releve details")`)
	b.accessible(t)
	browser.Ask[bool](t, b.Browser, `(() => { const s = [...document.querySelectorAll(".termes summary")].find(s => s.textContent.includes("cancer(s|)")); s.focus(); return true })()`)
	b.Do(t, chromedp.KeyEvent("\r"))
	b.Await(t, `document.activeElement.parentElement.textContent.includes("cancers") && document.activeElement.parentElement.querySelector("mark")`)
	b.accessible(t)
	b.Do(t, chromedp.Click(chromedp.CSS(`details[open] a.button`)))
	b.Await(t, `document.querySelector("#ancien")?.value === "cancer(s|)"`)
	b.accessible(t)
}

// A term is typed wrong, then right, added, measured and taken away.
func TestProposeInBrowser(t *testing.T) {
	b := browse(t, shared()(t), "/proposer")
	b.accessible(t)
	browser.Ask[bool](t, b.Browser, `(() => { document.querySelector("#facteur").value = "health.idees_suicidaires"; return true })()`)
	b.Do(t, chromedp.SendKeys(chromedp.CSS("#nouveau"), "(vinaigre|sel de vaisselle"))
	b.Await(t, `document.querySelector("#reponse .alert")?.textContent.includes("Colonne 1")`)
	b.accessible(t)
	b.Do(t, empty("#nouveau"), chromedp.SendKeys(chromedp.CSS("#nouveau"), "(vinaigre|sel) de vaisselle"))
	b.Await(t, `document.querySelector("#reponse .suites")?.textContent.includes("sel de vaisselle")`)
	b.Await(t, `document.querySelector("#lieux mark")?.textContent === "vinaigre de vaisselle"`)
	b.accessible(t)
	b.Do(t, chromedp.Click(chromedp.CSS(`button[value="ajouter"]`)))
	b.Await(t, `document.querySelector(".changements")?.textContent.includes("(vinaigre|sel) de vaisselle")`)
	b.Do(t, chromedp.Click(chromedp.CSS("#mesurer")))
	b.Await(t, `document.querySelector("#mesure table") && document.activeElement.id === "t-mesure" && document.querySelector("#mesure").textContent.includes("1 de plus")`)
	b.accessible(t)
	dir := t.TempDir()
	b.Do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir})
		return err
	}), chromedp.Click(chromedp.CSS(`button[formaction="/proposer/correctif"]`)))
	patch := ""
	for end := time.Now().Add(time.Minute); patch == "" && time.Now().Before(end); {
		data, _ := os.ReadFile(filepath.Join(dir, "proposition.patch"))
		patch = string(data)
		browser.Ask[bool](t, b.Browser, "new Promise(yes => setTimeout(() => yes(true), 50))")
	}
	if !strings.Contains(patch, "\n+      (vinaigre|sel) de vaisselle\n") {
		t.Errorf("the patch is %q", patch)
	}
	b.Do(t, chromedp.Click(chromedp.CSS(`button[value="oter:0"]`)))
	b.Await(t, `document.querySelector(".panel .empty")`)
}

// The whole way by keyboard.
func TestProposeByKeyboard(t *testing.T) {
	b := browse(t, shared()(t), "/proposer?facteur=health.maladie_grave")
	at := func(id string) {
		t.Helper()
		for range 60 {
			if browser.Ask[string](t, b.Browser, "document.activeElement.id || document.activeElement.value || ''") == id {
				return
			}
			b.Do(t, chromedp.KeyEvent("\t"))
		}
		t.Fatalf("%s cannot be reached by keyboard", id)
	}
	at("nouveau")
	b.Do(t, chromedp.KeyEvent("zigouigoui bleu"))
	b.Await(t, `document.querySelector("#reponse .suites")`)
	at("ajouter")
	b.Do(t, chromedp.KeyEvent("\r"))
	b.Await(t, `document.querySelector(".changements")?.textContent.includes("zigouigoui bleu")`)
	at("oter:0")
	b.Do(t, chromedp.KeyEvent("\r"))
	b.Await(t, `document.querySelector(".panel .empty")`)
}

// empty selects what stands in a field and takes it out, as a reader does.
func empty(field string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(() => { const f = document.querySelector("`+field+`"); f.focus(); f.select(); return true })()`))
		if err != nil {
			return err
		}
		return chromedp.Do(ctx, chromedp.KeyEvent("\b"))
	})
}
