package console

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// The page lists flags, newest first, by filter; an open page gets what comes,
// by the same filter. Neither holds what names a person.
func TestFluxPageAndStream(t *testing.T) {
	s := started(t)
	server := s.serve(t, nil)
	s.flags(sampleFlag(1, nil))
	s.holds(1)
	s.flags(sampleFlag(2, urgent))
	s.holds(2)
	row := func(f *flag.Flag) string {
		p, o := s.place(f)
		return fmt.Sprintf(`id="alerte-%d-%d"`, p, o)
	}
	one, two := row(sampleFlag(1, nil)), row(sampleFlag(2, nil))
	_, all := fetchPage(t, server.URL+"/flux")
	if i, j := strings.Index(all, two), strings.Index(all, one); i < 0 || j < i {
		t.Errorf("the page does not list the newest first: %d, %d", i, j)
	}
	if !strings.Contains(all, "▲") || !strings.Contains(all, "risque") && !strings.Contains(all, "suicide") {
		t.Error("an urgent flag is not marked")
	}
	for query, want := range map[string][2]bool{
		"voie=urgent": {false, true}, "voie=care": {true, false}, "categorie=health": {true, true}, "categorie=capacity": {false, false},
		"gravite=3": {false, true}, "voie=<script>&gravite=x&categorie=%00": {true, true},
	} {
		_, page := fetchPage(t, server.URL+"/flux?"+query)
		if got := [2]bool{strings.Contains(page, one), strings.Contains(page, two)}; got != want {
			t.Errorf("by %s: %v, want %v", query, got, want)
		}
	}
	_, mark := s.feed.latest(1, Filter{})
	open, filtered := listen(t, server.URL+"/flux/evenements?apres="+mark, ""), listen(t, server.URL+"/flux/evenements?voie=urgent&apres="+mark, "")
	s.flags(sampleFlag(3, nil))
	s.holds(3)
	s.flags(sampleFlag(4, urgent))
	texts := []string{all}
	for _, f := range []*flag.Flag{sampleFlag(3, nil), sampleFlag(4, nil)} {
		texts = append(texts, open.next("alerte", row(f)).data)
	}
	texts = append(texts, filtered.next("alerte", row(sampleFlag(4, nil))).data, listen(t, server.URL+"/flux/evenements", "").next("chiffres", "Alertes").data, s.log.String())
	for _, text := range texts {
		secretFree(t, "what is sent", text)
	}
}

// The page says what is in the way, and what there is.
func TestFluxStates(t *testing.T) {
	off := httptest.NewServer(testConsole(t, nil).Handler())
	defer off.Close()
	for path, want := range map[string]int{"/flux": 200, "/flux/evenements": 404, "/flux/0/0": 404} {
		if status, page := fetchPage(t, off.URL+path); status != want || !strings.Contains(page, "Aucun courtier") {
			t.Errorf("without a broker %s is %d: %s", path, status, page)
		}
	}
	t.Run("waiting", func(t *testing.T) {
		s := newStage(t, []string{"127.0.0.1:1"}, nil)
		server := s.serve(t, nil)
		if _, page := fetchPage(t, server.URL+"/flux"); !strings.Contains(page, "en cours…") || !strings.Contains(page, "Aucune alerte pour l’instant") {
			t.Error("the page does not say that it waits")
		}
		s.run()
		until(t, "nobody answers", func() bool { return s.feed.Figures().FlagsState.Condition == Unreachable })
		if _, page := fetchPage(t, server.URL+"/flux"); !strings.Contains(page, "fragility.flags\u00a0: aucun courtier Kafka ne répond") {
			t.Errorf("the page does not say that nobody answers: %s", page)
		}
		if status, page := fetchPage(t, server.URL+"/flux/0/0"); status != 503 || !strings.Contains(page, "aucun courtier") {
			t.Errorf("a flag is then %d: %s", status, page)
		}
	})
	t.Run("missing", func(t *testing.T) {
		s := newStage(t, newFake(t).ListenAddrs(), nil)
		server := s.serve(t, nil)
		s.run()
		until(t, "the topic is missed", func() bool { return s.feed.Figures().FlagsState.Condition == Missing })
		if _, page := fetchPage(t, server.URL+"/flux"); !strings.Contains(page, "fragility.flags\u00a0: ce topic n’existe pas") {
			t.Errorf("the page does not miss the topic: %s", page)
		}
		s.create()
		until(t, "all is read", func() bool {
			g := s.feed.Figures()
			return g.FlagsState.OK() && g.ReceiptsState.OK() && g.LagState.OK() && g.LettersState.OK()
		})
		if _, page := fetchPage(t, server.URL+"/flux"); !strings.Contains(page, "Connecté\u00a0: fragility.flags est lu") {
			t.Errorf("the page does not find it: %s", page)
		}
	})
}

// A flag opens with its signs, their places and words; script in any of its
// fields is text.
func TestFluxFlagPage(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	s := started(t)
	server := s.serve(t, nil)
	f := sampleFlag(1, func(f *flag.Flag) {
		urgent(f)
		f.Urgency, f.Cautions, f.Referrals = []string{evil}, []string{evil}, []string{evil}
		f.Event.Type, f.Event.Origin.Topic, f.Lexicon = evil, evil, flag.Lexicon{Name: evil, Version: evil, Digest: evil}
		x := f.Findings[0]
		x.Factor, x.Term, x.Status, x.Spans = evil, evil, evil, []flag.Span{{Part: evil, Start: 1, End: 2}}
		f.Findings = append(f.Findings, x, flag.Finding{Category: "health", Factor: "health.declared", Term: "health.declared/00000000", Severity: 1, Status: flag.Asserted})
		f.Findings[0].Spans = []flag.Span{{Part: "turns[9].text", Start: 71, End: 1080}}
		f.FindingsTotal = 300
	})
	e := quoted(f, "la chimio "+evil)
	s.evidence(e)
	s.flags(f)
	p, o := s.place(f)
	status, page := fetchPage(t, fmt.Sprintf("%s/flux/%d/%d", server.URL, p, o))
	if status != 200 {
		t.Fatalf("the flag is %d: %s", status, page)
	}
	for _, want := range []string{
		"la chimio &#34;&gt;&lt;script&gt;", "Tour de parole n°\u00a010, caractères 71 à 1\u202f080", f.ID, "▲",
		"300 signes en tout, 3 dans l’alerte",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	_, list := fetchPage(t, server.URL+"/flux")
	_, mark := s.feed.latest(0, Filter{})
	row := listen(t, server.URL+"/flux/evenements", "").next("liste", "alerte-").data
	for name, text := range map[string]string{"flag": page, "list": list, "event": row, "mark": mark} {
		if strings.Contains(text, "<script>alert") {
			t.Errorf("the %s holds a script", name)
		}
		secretFree(t, "the "+name, text)
	}
	for path, want := range map[string]int{
		"/flux/0/999": 404, "/flux/99/0": 404, "/flux/-1/0": 404, "/flux/x/y": 404, "/flux/0/99999999999999999999": 404, "/flux/0/0/0": 404, "/flux/%2e%2e/0": 404,
	} {
		if status, _ := fetchPage(t, server.URL+path); status != want {
			t.Errorf("%s is %d, want %d", path, status, want)
		}
	}
	secretFree(t, "the log", s.log.String())
}

// The page says whether a flag still stands, and why no words are shown.
func TestFluxFlagPageSays(t *testing.T) {
	s := newStage(t, newFake(t).ListenAddrs(), func(c *config.Config) { c.Topics.Evidence = "" })
	s.create()
	s.run()
	server := s.serve(t, nil)
	f := sampleFlag(1, func(f *flag.Flag) { f.Findings[0].Factor = "health.cancer" })
	s.flags(f)
	p, o := s.place(f)
	address := fmt.Sprintf("%s/flux/%d/%d", server.URL, p, o)
	if _, page := fetchPage(t, address); !strings.Contains(page, "aucun topic de preuves n’est configuré") || strings.Contains(page, "a été retirée") {
		t.Errorf("the page does not say why there are no words: %s", page)
	}
	s.send(s.cfg.Topics.Flags, pipeline.RetractionMessage(&flag.Retraction{Event: f.Event, Case: f.Case, Retracts: f.ID, Reason: flag.ReasonErasure, Lexicon: f.Lexicon}, "test"))
	s.holds(2)
	_, page := fetchPage(t, address)
	link := fmt.Sprintf(`href="/flux/%d/%d"`, p, o+1)
	if !strings.Contains(page, "a été retirée\u00a0: le dossier a été effacé") || !strings.Contains(page, link) {
		t.Errorf("the page does not say that the flag was retracted: %s", page)
	}
	if _, page := fetchPage(t, fmt.Sprintf("%s/flux/%d/%d", server.URL, p, o+1)); !strings.Contains(page, fmt.Sprintf(`href="/flux/%d/%d"`, p, o)) {
		t.Errorf("the retraction does not lead to its flag: %s", page)
	}
	s.send(s.cfg.Topics.Flags, kafkago.Message{Key: []byte(f.Case), Value: []byte("{")})
	until(t, "it is counted", func() bool { return s.feed.Figures().Strange == 1 })
	if status, page := fetchPage(t, fmt.Sprintf("%s/flux/%d/%d", server.URL, p, o+2)); status != 404 || !strings.Contains(page, "ni une alerte ni") {
		t.Errorf("what is no flag is %d: %s", status, page)
	}
}

// What the lexicon of the console has leads to its pages, and nothing else does.
func TestFluxFlagPageLeadsToTheLexicon(t *testing.T) {
	s := started(t)
	c := s.console(t)
	server := httptest.NewServer(c.Handler())
	t.Cleanup(server.Close)
	program := c.Rules.Program
	term := program.Terms[len(program.Terms)/2]
	factor := program.Factors[term.Factor].ID
	f := sampleFlag(1, func(f *flag.Flag) {
		known, gone := f.Findings[0], f.Findings[0]
		known.Factor, known.Term = factor, term.ID
		gone.Factor, gone.Term = factor, factor+"/00000001"
		f.Findings = []flag.Finding{known, gone, {Category: "health", Factor: "health.faisceau", Term: "health.faisceau/00000000", Severity: 1, Status: flag.Asserted}}
		f.FindingsTotal = 3
	})
	s.flags(f)
	p, o := s.place(f)
	_, page := fetchPage(t, fmt.Sprintf("%s/flux/%d/%d", server.URL, p, o))
	_, main, _ := strings.Cut(page, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	if n := strings.Count(main, `href="/lexique/`); n != 3 || strings.Count(main, fmt.Sprintf(`href="/lexique/%s"`, factor)) != 2 {
		t.Errorf("%d links lead to the lexicon, want 3: %s", n, main)
	}
	for _, path := range []string{"/lexique/" + factor, "/lexique/" + term.ID} {
		if status, _ := fetchPage(t, server.URL+path); !strings.Contains(main, `href="`+path+`"`) || status != 200 {
			t.Errorf("%s is %d", path, status)
		}
	}
}

// With as many flags as it lists, the page and what it loads stay small.
func TestFluxPageIsSmall(t *testing.T) {
	s := newStage(t, []string{"127.0.0.1:1"}, nil)
	fillRing(s.feed)
	server := s.serve(t, nil)
	_, page := fetchPage(t, server.URL+"/flux")
	size := len(page)
	for _, m := range regexp.MustCompile(`(?:href|src)="(/actifs/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		_, asset := fetchPage(t, server.URL+m[1])
		size += len(asset)
	}
	if rows := strings.Count(page, "<li id="); rows != shown || size > 100_000 {
		t.Errorf("with %d flags page and assets have %d bytes", rows, size)
	}
	t.Logf("page %d bytes, with its assets %d", len(page), size)
}

// A server makes the page in well under the 50 ms that a reader may wait.
func BenchmarkFluxPage(b *testing.B) {
	cluster, err := kafka.Connect(config.Default())
	if err != nil {
		b.Fatal(err)
	}
	feed := NewFeed(cluster, config.Default(), zerolog.Nop())
	fillRing(feed)
	handler := http.HandlerFunc(testConsole(b, func(o *Options) { o.Feed = feed }).fluxPage)
	r := httptest.NewRequest(http.MethodGet, "/flux", nil)
	for b.Loop() {
		w := httptest.NewRecorder()
		handler(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

// fillRing puts as many flags as are kept into a feed, each with much to say.
func fillRing(f *Feed) {
	for n := range ringSize {
		f.ring.add(&Entry{
			ID: fmt.Sprint(n), Partition: n % 6, Offset: int64(1_000_000 + n), Route: flag.RouteUrgent, Severity: 4, Kind: "vigie.transcript.v1",
			Categories: categories, Urgency: []string{"suicide"}, Referrals: []string{"partner"},
			Factors: []string{"health.maladie_grave", "health.hospitalisation", "resilience.loyer", "life_events.deuil"},
		})
	}
}
