package console

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pipeline/eval"
)

// What breaks in the background does not end the console: pages say that it will
// not come, and the log says where.
func TestLexiconBroken(t *testing.T) {
	broken := func(c *Console) {
		t.Helper()
		select {
		case <-c.studied().broken:
		case <-time.After(5 * time.Minute):
			t.Fatal("the study does not end")
		}
	}
	var log bytes.Buffer
	c := testConsole(t, func(o *Options) {
		o.Log = zerolog.New(&log)
		o.Corpus = &eval.Corpus{Documents: []*eval.Document{nil}}
	})
	broken(c)
	for _, path := range []string{"/lexique", "/lexique/health.maladie_grave", "/proposer", "/proposer/texte/0"} {
		if w := get(c, path); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "n’a pas pu être préparé") {
			t.Errorf("%s: %d\n%s", path, w.Code, inMain(w.Body.String()))
		}
	}
	if !strings.Contains(log.String(), "NewTexts") {
		t.Errorf("the log does not say where: %s", log.String())
	}

	c = testConsole(t, func(o *Options) { o.Rules = rulesOf(t, smallLexicon()) })
	c.study.once.Do(func() {
		d := c.lay()
		c.study.desk.set(d)
		d.texts, d.documents = nil, 1
		rules := *c.Rules
		rules.Source = nil // lint breaks
		c.Rules = &rules
		c.workOut(d)
	})
	broken(c)
	d, _ := c.laid(t.Context())
	for _, path := range []string{"/lexique", "/lexique/health.maladie", "/lexique/health.maladie/releve", d.byID["health.maladie"].Terms[0].Address()} {
		if w := get(c, path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "le calcul a échoué") || strings.Contains(w.Body.String(), "en cours") {
			t.Errorf("%s: %d\n%s", path, w.Code, inMain(w.Body.String()))
		}
	}
}
