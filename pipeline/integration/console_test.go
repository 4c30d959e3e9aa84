package integration

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pipeline/console"
	"github.com/vigie-project/vigie/pipeline/integration/browser"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// The flags that a real worker writes appear in an open page of the console; one
// opens with its words where the evidence topic is configured, and without them
// where it is not. Nothing of the pages names a case file or an event.
func TestConsoleFollows(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 3, evidenceOn)
		page := e.browse(e.cfg, "/flux")
		page.Await(t, `document.getElementById("direct").textContent === "En direct." && document.querySelectorAll("#alertes li").length === 0`)
		browser.Ask[string](t, page, `document.body.dataset.kept = "yes"`)
		w := e.start()
		e.accounted(e.fill(e.calls(), 3, 40))
		// Three of four texts make a flag, one of them an urgent one.
		page.Await(t, `document.querySelectorAll("#alertes li").length === 30 && document.querySelectorAll("#alertes .urgent[data-urgent]").length === 10`)
		page.Await(t, `document.querySelector("#chiffres .big").textContent !== "" && document.getElementById("chiffres").textContent.includes("40\u00a0événements lus")`)
		if browser.Ask[string](t, page, `document.body.dataset.kept`) != "yes" {
			t.Error("the page was loaded again")
		}
		w.end()
		if text := browser.Ask[string](t, page, `document.documentElement.outerHTML`); strings.Contains(text, "D-00") || strings.Contains(text, "event-") {
			t.Error("the page names case files or events")
		}
		const open = `document.querySelector("#alertes li.urgent a").click()`
		browser.Ask[string](t, page, open+`, ""`)
		page.Await(t, `document.querySelector("blockquote")?.textContent.includes("suicider")`)
		if text := browser.Ask[string](t, page, `document.documentElement.outerHTML`); strings.Contains(text, "D-00") || strings.Contains(text, "event-") {
			t.Error("the flag's page names its case file or event")
		}
		off := *e.cfg
		off.Topics.Evidence = ""
		page = e.browse(&off, "/flux")
		page.Await(t, `document.querySelectorAll("#alertes li").length === 30`)
		browser.Ask[string](t, page, open+`, ""`)
		page.Await(t, `document.querySelector("main").textContent.includes("aucun topic de preuves n’est configuré") && !document.querySelector("blockquote")`)
	})
}

// browse opens a page of a console that follows the flags of cfg's topics, in
// Debian's chromium. Its console must say nothing.
func (e *env) browse(cfg *config.Config, path string) *browser.Browser {
	e.t.Helper()
	server := httptest.NewServer(e.console(cfg).Handler())
	e.t.Cleanup(server.Close)
	return browser.Open(e.t, server.URL+path)
}

// console returns one with a feed that runs until the test ends.
func (e *env) console(cfg *config.Config) *console.Console {
	t := e.t
	t.Helper()
	rs, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	classifier, _, _ := judge(t)
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	feed := console.NewFeed(cluster, cfg, zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		feed.Run(ctx)
		cluster.Close()
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	c, err := console.New(console.Options{
		Rules: &console.Rules{Source: rs, Program: programOf(t, rs), Classifier: classifier, Files: os.DirFS("testdata"), Dir: "lexicon", Engine: "words"},
		Names: func(id string) string { return id }, Feed: feed, Now: time.Now, Log: zerolog.Nop(),
		Access: console.Access{Console: config.Console{Listen: "127.0.0.1:8464"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// readFeed reads as a console does until it knows how it stands with all that it
// reads, and returns the rights that it misses.
func readFeed(ctx context.Context, cfg *config.Config) error {
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		return err
	}
	defer cluster.Close()
	feed := console.NewFeed(cluster, cfg, zerolog.Nop())
	reading, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		feed.Run(reading)
	}()
	defer func() { stop(); <-done }()
	missing := &kafka.DeniedError{}
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(patience); ; <-ticker.C {
		g := feed.Figures()
		waiting := 0
		missing.Missing = nil
		for _, s := range []console.State{g.FlagsState, g.ReceiptsState, g.LagState, g.LettersState} {
			switch s.Condition {
			case console.Waiting, console.Unreachable, console.Missing:
				waiting++
			case console.Denied:
				missing.Missing = append(missing.Missing, s.Rights...)
			}
		}
		switch {
		case waiting > 0 && time.Now().After(deadline):
			return fmt.Errorf("after %v the feed still waits: %+v", patience, g)
		case waiting > 0:
		case len(missing.Missing) > 0:
			return missing
		default:
			return nil
		}
	}
}
