package console

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/vigie-project/vigie/pkg/config"
)

// The way in, by keyboard alone, and the page for what is not there.
func TestLoginInBrowser(t *testing.T) {
	c := testConsole(t, func(o *Options) {
		o.Access.Console = config.Console{Listen: "127.0.0.1:1", Token: testToken}
	})
	b := browse(t, c, "/nulle-part")
	b.accessible(t)
	b.Do(t, chromedp.SendKeys(chromedp.CSS("#jeton"), "faux\r"))
	b.Await(t, `document.querySelector("[role=alert]")?.textContent.includes("pas le jeton")`)
	b.Expect(t, "403")
	b.accessible(t)
	b.Do(t, chromedp.SendKeys(chromedp.CSS("#jeton"), testToken+"\r"))
	b.Await(t, `document.querySelector("h1").textContent === "Page introuvable"`)
	b.Expect(t, "404")
	b.accessible(t)
	b.Do(t, chromedp.Click(chromedp.CSS(".top form button")))
	b.Await(t, `document.querySelector("h1").textContent === "Connexion"`)
}
