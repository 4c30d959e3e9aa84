package console

import (
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
)

// waiting is a console that never works out more than its desk by itself.
func waiting(t *testing.T) *Console {
	t.Helper()
	c := testConsole(t, nil)
	c.study.once.Do(func() { c.study.desk.set(c.lay()) })
	return c
}

// Pages do not wait for what takes seconds: they say that it comes.
func TestLexiconWaits(t *testing.T) {
	c := waiting(t)
	for path, part := range map[string]string{
		"/lexique":                               "Avertissements\u00a0: calcul en cours",
		"/lexique/health.maladie_grave":          "Exemples et avertissements\u00a0: calcul en cours",
		"/lexique/health.maladie_grave/51c6a569": "Aucun corpus",
	} {
		if w := get(c, path); w.Code != 200 || !strings.Contains(w.Body.String(), part) {
			t.Errorf("%s: %d, and it lacks %q:\n%s", path, w.Code, part, inMain(w.Body.String()))
		}
	}
	if w := get(c, "/proposer"); !strings.Contains(w.Body.String(), "Aucun corpus n’est chargé") {
		t.Error("it does not say that there is no corpus")
	}
}

// What is worked out later comes into the open page, with what is wrong.
func TestLexiconComesLater(t *testing.T) {
	c := waiting(t)
	b := browse(t, c, "/lexique/health.maladie_grave")
	b.Await(t, `document.querySelector("#releve").getAttribute("aria-busy") === "true"`)
	d, _ := c.laid(t.Context())
	all := c.tryExamples(d)
	broken := all["health.maladie_grave"]
	broken.Failed, broken.Outcomes[0].Held = 1, false
	all["health.maladie_grave"] = broken
	c.study.tests.set(all)
	c.study.survey.set(proposal.Survey{})
	place := d.byID["health.maladie_grave"].source.Place
	c.study.warnings.set(map[string][]lexicon.Problem{"health.maladie_grave": {{Place: place, Severity: lexicon.Warning, Message: "un avis : <b>gras</b>"}}})
	b.Await(t, `document.querySelector("#releve").textContent.includes("1\u00a0échec") && document.querySelector("#releve .alert").textContent.includes("<b>gras</b>")`)
	b.accessible(t)
	b.open(t, "/lexique?alertes=1&echecs=1")
	if n := browser.Ask[int](t, b.Browser, `document.querySelectorAll(".facteurs tbody tr").length`); n != 1 {
		t.Errorf("%d factors have a warning and a failing example, want 1", n)
	}
}
