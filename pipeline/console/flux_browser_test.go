package console

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/vigie-project/vigie/pipeline/integration/browser"
	"github.com/vigie-project/vigie/pkg/flag"
)

// rows is how many flags the open page lists.
const rows = `document.querySelectorAll("#alertes > li").length`

func (s *stage) console(t *testing.T) *Console {
	return testConsole(t, func(o *Options) { o.Feed = s.feed })
}

// Flags appear in an open page, by keyboard it pauses, goes on, filters and
// opens one; in every state the page passes the rules of accessibility.
func TestFluxInBrowser(t *testing.T) {
	s := started(t)
	c := s.console(t)
	b := browse(t, c, "/flux")
	b.Await(t, `document.getElementById("direct").textContent === "En direct."`)
	b.Await(t, `document.querySelector(".empty").checkVisibility()`)
	b.accessible(t)
	browser.Ask[bool](t, b.Browser, `(document.body.dataset.kept = "yes", true)`)
	s.flags(sampleFlag(1, nil))
	b.Await(t, rows+` === 1 && !document.querySelector(".empty").checkVisibility()`)
	s.flags(sampleFlag(2, urgent))
	b.Await(t, rows+` === 2 && document.querySelector("#alertes > li").classList.contains("urgent")`)
	b.Await(t, `document.querySelector("#chiffres details td.n") && document.body.dataset.kept === "yes"`)
	b.Await(t, `document.getElementById("annonce").textContent === "2 nouvelles alertes, dont 1 en urgence."`)
	browser.Ask[bool](t, b.Browser, `(document.querySelector("#chiffres details").open = true)`)
	b.accessible(t)

	// The pause button, by keyboard: what comes waits, and is not lost.
	b.Do(t, chromedp.Focus(chromedp.CSS("#pause")), chromedp.KeyEvent(kb.Enter))
	s.flags(sampleFlag(3, nil), sampleFlag(4, nil))
	b.Await(t, `document.getElementById("direct").textContent === "En pause, 2 en attente."`)
	if n := browser.Ask[int](t, b.Browser, rows); n != 2 {
		t.Errorf("%d flags are listed while the page pauses", n)
	}
	b.Do(t, chromedp.KeyEvent(kb.Enter))
	b.Await(t, rows+` === 4`)
	if open := browser.Ask[bool](t, b.Browser, `document.querySelector("#chiffres details").open`); !open {
		t.Error("new figures close what was open")
	}

	// A row that changes does so where it stands, and keeps the focus.
	p, o := s.place(sampleFlag(2, nil))
	b.Do(t, chromedp.Focus(chromedp.CSS(fmt.Sprintf("#alerte-%d-%d a", p, o))))
	s.flags(sampleFlag(5, func(f *flag.Flag) { f.Supersedes = sampleFlag(2, nil).ID }))
	b.Await(t, fmt.Sprintf(`document.querySelector("#alerte-%d-%d").textContent.includes("remplacée")`, p, o))
	if id := browser.Ask[string](t, b.Browser, `document.activeElement.closest("li")?.id ?? ""`); id != fmt.Sprintf("alerte-%d-%d", p, o) {
		t.Errorf("the focus is at %q", id)
	}
	b.Do(t, chromedp.KeyEvent(kb.Enter))
	b.Await(t, `document.querySelector("h1").textContent.includes("Alerte de gravité")`)
	b.accessible(t)

	// The filter, by keyboard, holds for what comes too.
	b.open(t, "/flux")
	b.Do(t, chromedp.Focus(chromedp.CSS("#voie")), chromedp.KeyEvent("U"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	b.Await(t, `location.search.includes("voie=urgent") && `+rows+` === 1`)
	s.flags(sampleFlag(6, nil), sampleFlag(7, urgent))
	b.Await(t, rows+` === 2 && [...document.querySelectorAll("#alertes > li")].every(r => r.classList.contains("urgent"))`)
}

// The list does not grow without end, and a page that is refused a stream says
// so and is let in later.
func TestFluxBoundsInBrowser(t *testing.T) {
	s := started(t)
	for n := range 30 {
		s.flags(sampleFlag(n, nil))
	}
	s.holds(30)
	c := s.console(t)
	c.streams.open = make(chan struct{}, 1)
	c.streams.open <- struct{}{}
	b := browse(t, c, "/flux")
	b.Await(t, `document.getElementById("direct").textContent.startsWith("Le flux ne répond pas")`)
	b.Await(t, `document.getElementById("actualiser").checkVisibility() && document.getElementById("annonce").textContent.startsWith("Le flux ne répond pas")`)
	b.Expect(t, "503")
	b.accessible(t)
	<-c.streams.open
	b.Await(t, `document.getElementById("direct").textContent === "En direct." && !document.getElementById("actualiser").checkVisibility()`)
	s.feed.mu.Lock()
	for n := range 200 {
		s.feed.ring.add(&Entry{ID: fmt.Sprint("many-", n), Offset: int64(1000 + n), Route: flag.RouteCare, Severity: 1, Written: time.Now()})
	}
	s.feed.broadcast()
	s.feed.mu.Unlock()
	b.Await(t, `document.querySelector("#alertes > li").id === "alerte-0-1199"`)
	b.Await(t, fmt.Sprintf(`%s === %d`, rows, shown))
}

// Without a broker, and while none answers, the page says so; a flag with
// words and a retraction pass the rules of accessibility too.
func TestFluxStatesInBrowser(t *testing.T) {
	off := testConsole(t, nil)
	b := browse(t, off, "/flux")
	b.Await(t, `document.querySelector(".empty").textContent.includes("Aucun courtier")`)
	b.accessible(t)

	away := newStage(t, []string{"127.0.0.1:1"}, nil)
	away.run()
	b = browse(t, away.console(t), "/flux")
	b.Await(t, `document.querySelector("#chiffres .alert")?.textContent.includes("aucun courtier")`)
	b.accessible(t)

	s := started(t)
	f := sampleFlag(1, urgent)
	s.evidence(quoted(f, "depuis la chimio je dors mal"))
	s.flags(f)
	p, o := s.place(f)
	b = browse(t, s.console(t), fmt.Sprintf("/flux/%d/%d", p, o))
	b.Await(t, `document.querySelector("blockquote").textContent.includes("depuis la chimio je dors mal")`)
	b.accessible(t)
}
