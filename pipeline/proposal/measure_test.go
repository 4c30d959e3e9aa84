package proposal_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

const tryHealth = `category: health
label: Santé
factors:
  - id: maladie
    label: Maladie
    fg21: health
    severity: 2
    terms: |
      gravement malade
    unless: |
      chat
    examples:
      match:
        - Je suis gravement malade
      no_match:
        - Je suis très alité
  - id: souffle
    label: Souffle
    fg21: health
    severity: 2
    terms: |
      essoufflé
`

const tryCorpus = `{"id":"a-1","kind":"email","subject":"","body":"Bonjour, je suis alité depuis mars, merci.","labels":[{"category":"health","quote":"alité"}]}
{"id":"a-2","kind":"email","subject":"","body":"Bonjour, je suis gravement malade.","labels":[{"category":"health","quote":"gravement malade"}]}
{"id":"a-3","kind":"email","subject":"","body":"Le panneau alité est en rupture.","labels":[]}
{"id":"a-4","kind":"email","subject":"","body":"Je ne suis pas alité.","labels":[]}
{"id":"a-5","kind":"email","subject":"","body":"Rien à dire.","labels":[]}
`

// base makes a small lexicon ready to be changed, with texts to try it on.
func base(t *testing.T, events ...string) (proposal.Base, *proposal.Texts) {
	t.Helper()
	all := small([]byte(tryHealth))
	all["qualifiers.fr.yaml"].Data = []byte(cues)
	rs, err := lexicon.Load(all, ".")
	if err != nil {
		t.Fatal(err)
	}
	if rs.Policy, err = lexicon.LoadPolicy(configs.FS, "routing.yaml"); err != nil {
		t.Fatal(err)
	}
	rs.Policy.Referrals = nil
	b := proposal.Base{Ruleset: rs, Files: all, Dir: ".", Engine: "words"}
	if b.Program, err = lexicon.Compile(rs); err != nil {
		t.Fatal(err)
	}
	if b.Classifier, err = pipeline.NewClassifier(b.Program, b.Engine); err != nil {
		t.Fatal(err)
	}
	corpus, err := eval.Read(strings.NewReader(tryCorpus))
	if err != nil || len(corpus.Wrong) > 0 {
		t.Fatal(err, corpus.Wrong)
	}
	var records []event.Record
	for _, e := range events {
		r, err := eval.ExampleRecord(e)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	texts, unread := proposal.NewTexts(b.Classifier, corpus, records)
	if unread > 0 {
		t.Fatalf("%d texts cannot be read", unread)
	}
	return b, texts
}

const cues = `classes:
  durée: |
    longtemps
cues:
  - name: nié
    effect: negated
    position: before
    window: 6
    terms: |
      pas
`

var bedridden = []proposal.Change{{Op: proposal.Add, Factor: "health.maladie", Block: proposal.Terms, New: "alité"}}

func TestMeasure(t *testing.T) {
	b, texts := base(t, "Mon mari est alité.", "Rien.")
	m := proposal.NewMeasurer(b, texts)
	x, err := m.Measure(t.Context(), bedridden)
	if err != nil {
		t.Fatal(err)
	}
	if a := x.Annotated; a.Texts != 5 || a.More != 2 || a.Fewer != 0 || a.Changed != 0 || a.Same != 1 || len(a.Shown) != 2 {
		t.Errorf("annotated documents: %+v", a)
	} else {
		if s := a.Shown[0]; s.Name != "a-1" || s.Sort != proposal.More || s.Better != 1 || s.Worse != 0 || len(s.Gained) != 1 || s.Gained[0] != "health" || len(s.Terms) != 1 || found(s.Passages) != "alité" {
			t.Errorf("the first is %+v", s)
		}
		if s := a.Shown[1]; s.Name != "a-3" || s.Better != 0 || s.Worse != 1 {
			t.Errorf("the second is %+v", s)
		}
	}
	if e := x.Events; e.Texts != 2 || e.More != 1 || len(e.Shown) != 1 || e.Shown[0].Name != "1" || e.Shown[0].Better+e.Shown[0].Worse != 0 {
		t.Errorf("events: %+v", e)
	}
	if len(x.Terms) != 1 || x.Terms[0].Pattern != "alité" || x.Terms[0].Found.Asserted != 2 || x.Terms[0].Found.Wrong != 1 || x.Terms[0].Found.Qualified != 1 || x.Terms[0].Found.EventsAsserted != 1 {
		t.Errorf("the new terms: %+v", x.Terms)
	}
	before, after := x.Before.Micro, x.After.Micro
	if before.TP != 1 || before.FP != 0 || before.FN != 1 || after.TP != 2 || after.FP != 1 || after.FN != 0 || x.After.Clean.Flagged != 1 {
		t.Errorf("scores %+v, then %+v", before.Counts, after.Counts)
	}
	if x.Examples != 2 || len(x.Failed) != 1 || x.Failed[0].Example.Text != "Je suis très alité" || x.Failed[0].Before {
		t.Errorf("examples: %d, %+v", x.Examples, x.Failed)
	}
	x, err = m.Measure(t.Context(), []proposal.Change{{Op: proposal.Replace, Factor: "health.maladie", Block: proposal.Terms, Old: "gravement malade", New: "condamné"}})
	if err != nil || x.Annotated.Fewer != 1 || x.Annotated.Shown[0].Worse != 1 || found(x.Annotated.Shown[0].Passages) != "gravement malade" || len(x.Failed) != 1 {
		t.Errorf("a term that goes: %+v, %v", x, err)
	}
}

func found(passages []pipeline.Passage) (all string) {
	for _, p := range passages {
		for _, r := range p.Runs {
			if r.Found {
				all += r.Text
			}
		}
	}
	return all
}

// A changed lexicon that does not compile is told by its mistakes.
func TestMeasureMistakes(t *testing.T) {
	b, texts := base(t)
	m := proposal.NewMeasurer(b, texts)
	_, err := m.Measure(t.Context(), []proposal.Change{{Op: proposal.Add, Factor: "health.maladie", Block: proposal.Terms, New: "voir <inconnue>"}})
	var p *lexicon.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Message, "classe inconnue") {
		t.Errorf("an unknown class: %v", err)
	}
	var refused *proposal.Refused
	if _, err = m.Measure(t.Context(), nil); !errors.As(err, &refused) {
		t.Errorf("no change: %v", err)
	}
}

// One is measured at a time, few wait, and who leaves does not hold up the rest.
func TestMeasureInTurn(t *testing.T) {
	b, texts := base(t)
	m := proposal.NewMeasurer(b, texts)
	release := m.Hold()
	ctx, cancel := context.WithCancel(t.Context())
	errs := make(chan error, 10)
	var started sync.WaitGroup
	for range 4 {
		started.Add(1)
		go func() {
			started.Done()
			_, err := m.Measure(ctx, bedridden)
			errs <- err
		}()
	}
	started.Wait()
	for deadline := time.Now().Add(time.Minute); m.Waiting() < 4; {
		if time.Now().After(deadline) {
			t.Fatal("nobody waits")
		}
		runtime.Gosched()
	}
	if _, err := m.Measure(t.Context(), bedridden); !errors.Is(err, proposal.ErrBusy) {
		t.Errorf("a fifth one waits: %v", err)
	}
	cancel()
	for range 4 {
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got %v", err)
		}
	}
	release()
	if _, err := m.Measure(t.Context(), bedridden); err != nil {
		t.Errorf("the next one got %v", err)
	}
}

// Who leaves while the lexicon as it is is judged by is not held up either, and
// gives the turn back.
func TestMeasureLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, texts := base(t)
		m := proposal.NewMeasurer(b, texts)
		release := m.HoldPreparing()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := m.Measure(ctx, bedridden); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who left got %v", err)
		}
		release()
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		if err := m.Prepare(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("preparing, then leaving: %v", err)
		}
		if x, err := m.Measure(t.Context(), bedridden); err != nil || x.Before.Micro.TP != 1 {
			t.Errorf("the next one got %v", err)
		}
	})
}

func TestFind(t *testing.T) {
	b, texts := base(t, "Mon mari est alité.", "Je ne suis pas alité.", "Le chat dort.")
	s := proposal.NewSearcher(b.Ruleset, texts, b.Engine)
	f, err := s.Find(t.Context(), "health.maladie", proposal.Terms, "alité", 1)
	if err != nil {
		t.Fatal(err)
	}
	if f.Asserted != 2 || f.Right != 1 || f.Wrong != 1 || f.Qualified != 1 || f.EventsAsserted != 1 || f.EventsQualified != 1 || len(f.Matches) != 5 {
		t.Errorf("found %+v", f)
	}
	for _, x := range f.Matches {
		if x.Asserted() != (x.Rule == "") || found(x.Passages) != "alité" {
			t.Errorf("%s: %s by %q, %v", x.Name, x.Status, x.Rule, x.Passages)
		}
	}
	if f, err = s.Find(t.Context(), "health.maladie", proposal.Heard, "alité", 1); err != nil || len(f.Matches) != 0 {
		t.Errorf("heard only in calls: %+v, %v", f, err)
	}
	if f, err = s.Find(t.Context(), "health.maladie", proposal.Unless, "panneau", 1); err != nil || f.Asserted != 1 {
		t.Errorf("an exclusion: %+v, %v", f, err)
	}
	// One that is in the lexicon does not void itself.
	if f, err = s.Find(t.Context(), "health.maladie", proposal.Unless, "chat", 1); err != nil || f.EventsAsserted != 1 {
		t.Errorf("an exclusion of the lexicon: %+v, %v", f, err)
	}
	for _, c := range []struct{ factor, term string }{{"health.autre", "alité"}, {"health.maladie", "(alité"}, {"health.maladie", "<autre>"}} {
		if _, err := s.Find(t.Context(), c.factor, proposal.Terms, c.term, 1); err == nil {
			t.Errorf("%v: no error", c)
		}
	}
}

func TestSurvey(t *testing.T) {
	b, texts := base(t, "Je ne suis pas gravement malade. Mon mari est gravement malade.")
	survey, err := texts.Survey(t.Context(), b.Classifier)
	if err != nil {
		t.Fatal(err)
	}
	term := lexicon.TermID("health.maladie", b.Ruleset.Sections[0].Factors[0].Terms[0].Pattern, false)
	f := survey[term]
	if len(survey) != 1 || f == nil || f.Asserted != 1 || f.Right != 1 || f.EventsAsserted != 1 || f.EventsQualified != 0 || len(f.Matches) != 2 || f.Matches[0].Status != flag.Asserted {
		t.Errorf("the survey is %+v", f)
	}
}

// BenchmarkProposal is what a page waits for, with the shipped lexicon and, in
// VIGIE_CORPUS, annotated documents.
func BenchmarkProposal(b *testing.B) {
	name := os.Getenv("VIGIE_CORPUS")
	if name == "" {
		b.Skip("VIGIE_CORPUS names no corpus")
	}
	file, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	corpus, err := eval.Read(file)
	if err != nil {
		b.Fatal(err)
	}
	x := proposal.Base{Ruleset: shipped(), Files: configs.FS, Dir: "lexicon", Engine: "words"}
	if x.Program, err = lexicon.Compile(x.Ruleset); err != nil {
		b.Fatal(err)
	}
	if x.Classifier, err = pipeline.NewClassifier(x.Program, x.Engine); err != nil {
		b.Fatal(err)
	}
	texts, _ := proposal.NewTexts(x.Classifier, corpus, nil)
	drafts := lexicon.NewDrafts(x.Ruleset, x.Program)
	const factor, term = "health.maladie_grave", "(très|bien|trop|) (malade|souffrant|alité) ...8 <durée>"
	b.Run("drafts", func(b *testing.B) {
		for b.Loop() {
			lexicon.NewDrafts(x.Ruleset, x.Program)
		}
	})
	b.Run("draft", func(b *testing.B) {
		for b.Loop() {
			drafts.Read(factor, "terms", term, 20)
		}
	})
	b.Run("find", func(b *testing.B) {
		s := proposal.NewSearcher(x.Ruleset, texts, x.Engine)
		for b.Loop() {
			if _, err := s.Find(b.Context(), factor, proposal.Terms, term, 10); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("survey", func(b *testing.B) {
		for b.Loop() {
			if _, err := texts.Survey(b.Context(), x.Classifier); err != nil {
				b.Fatal(err)
			}
		}
	})
	change := []proposal.Change{{Op: proposal.Add, Factor: factor, Block: proposal.Terms, New: term}}
	b.Run("apply", func(b *testing.B) {
		for b.Loop() {
			if _, err := proposal.Apply(x.Files, x.Dir, x.Ruleset, change); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("measure", func(b *testing.B) {
		for b.Loop() {
			m := proposal.NewMeasurer(x, texts)
			if err := m.Prepare(b.Context()); err != nil {
				b.Fatal(err)
			}
			if _, err := m.Measure(b.Context(), change); err != nil {
				b.Fatal(err)
			}
		}
	})
}
