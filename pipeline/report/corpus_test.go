package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// run is a replay of invented documents with two lexicons, as the page gets it,
// and what it was made of.
type run struct {
	before, after *lexicon.Program
	events        []judged
	page          Page
}

type judged struct {
	stamp         time.Time
	value         []byte
	before, after *flag.Flag
}

// began is when the first of the documents is taken to be sent; one follows
// every hour and a half.
var began = time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)

// corpusRun judges a writer's invented documents with the shipped lexicon and
// with one that differs from it in some terms. Every third document belongs to
// the case file of the one before.
var corpusRun = sync.OnceValues(func() (*run, error) {
	old, err := shipped()
	if err != nil {
		return nil, err
	}
	next, err := shipped()
	if err != nil {
		return nil, err
	}
	revise(next)
	r := &run{}
	var sides [2]*pipeline.Classifier
	for side, rs := range []*lexicon.Ruleset{old, next} {
		program, err := lexicon.Compile(rs)
		if err != nil {
			return nil, err
		}
		*[]**lexicon.Program{&r.before, &r.after}[side] = program
		if sides[side], err = pipeline.NewClassifier(program, "words"); err != nil {
			return nil, err
		}
	}
	data, err := os.ReadFile("../eval/corpus/documents-20.jsonl")
	if err != nil {
		return nil, err
	}
	corpus, err := eval.Read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	tally := NewTally(r.before, r.after)
	topic := Topic{Name: "corpus", Partitions: 1}
	documents := corpus.Documents
	if testing.Short() {
		documents = documents[:400]
	}
	for i, d := range documents {
		j, err := judge(sides, d, i)
		if err != nil {
			return nil, err
		}
		r.events = append(r.events, j)
		tally.add(j)
		topic.Read++
		topic.Last = j.stamp
		if j.after != nil {
			topic.Flagged++
		} else {
			topic.Clean++
		}
	}
	topic.First = began
	r.page = Page{
		Tally: tally, Topics: []Topic{topic}, Share: 1, Names: namesOf(r.after),
		Before: lexiconOf(r.before, old), After: lexiconOf(r.after, next), Differences: lexicon.Diff(old, next),
		Made: time.Date(2026, 11, 27, 21, 5, 0, 0, time.UTC), Version: "essai",
	}
	return r, nil
})

// add counts an event, if a side flags it.
func (t *Tally) add(j judged) {
	if j.before != nil || j.after != nil {
		t.Add(&replay.Outcome{Origin: event.Origin{Timestamp: j.stamp.UnixMilli()}, Before: j.before, After: j.after})
	}
}

func judge(sides [2]*pipeline.Classifier, d *eval.Document, i int) (j judged, err error) {
	var envelope map[string]any
	if err := json.Unmarshal(d.Record().Value, &envelope); err != nil {
		return j, err
	}
	j.stamp = began.Add(time.Duration(i) * 90 * time.Minute)
	envelope["subject"], envelope["time"] = fmt.Sprint("D-", i-i/3), j.stamp.Format(time.RFC3339)
	if j.value, err = json.Marshal(envelope); err != nil {
		return j, err
	}
	origin := event.Origin{Topic: "corpus", Offset: int64(i), Timestamp: j.stamp.UnixMilli()}
	for side, to := range []**flag.Flag{&j.before, &j.after} {
		result, err := sides[side].Classify(event.Record{Value: j.value, Origin: &origin})
		if err != nil {
			return j, err
		}
		*to = result.Flag
	}
	return j, nil
}

func shipped() (*lexicon.Ruleset, error) {
	rs, err := lexicon.Load(configs.FS, "lexicon")
	if err != nil {
		return nil, err
	}
	rs.Policy, err = lexicon.LoadPolicy(configs.FS, "routing.yaml")
	return rs, err
}

// revise makes a next version of the shipped lexicon: some factors lose half of
// their terms, one has new ones, others weigh less or more, one is urgent now.
func revise(rs *lexicon.Ruleset) {
	rs.Version, rs.Released = "2026.12.0", rs.Released.AddDate(0, 1, 0)
	rs.Changelog = slices.Insert(slices.Clone(rs.Changelog), 0, lexicon.Change{
		Version: rs.Version,
		Text:    "Essai : échéances manquées ajoutées ; deuil, découvert, coupure vitale et violences réduits ; chômage plus léger, séparation plus lourde ; expulsion en urgence.",
	})
	for i := range rs.Sections {
		for k := range rs.Sections[i].Factors {
			switch f := &rs.Sections[i].Factors[k]; f.ID {
			case "deuil", "decouvert", "traitement_lourd", "coupure_vitale", "violence_en_cours":
				f.Terms = f.Terms[len(f.Terms)/2:]
			case "ne_peut_plus_payer":
				for _, text := range []string{"en retard", "mise en demeure", "(deuxième|troisième) relance", "prélèvement ... (refusé|rejeté)", "un (délai|report)", "échéancier"} {
					if p, err := lexicon.ParsePattern(text); err == nil {
						f.Terms = append(f.Terms, lexicon.Entry{Pattern: p})
					}
				}
			case "chomage", "naissance":
				f.Weight = 0.3
			case "separation":
				f.Weight, f.Severity = 2, 3
			case "expulsion":
				f.Urgency, f.Severity, f.Weight = "vital_supply", 4, 2
			}
		}
	}
}

func lexiconOf(p *lexicon.Program, rs *lexicon.Ruleset) *Lexicon {
	return &Lexicon{
		Name: p.Name, Version: p.Version, Digest: p.Digest, Released: p.Released,
		Author: rs.Author, Reviewer: rs.Reviewer, Changelog: rs.Changelog,
	}
}

func namesOf(p *lexicon.Program) func(string) string {
	names := map[string]string{
		"urgent": "urgence", "care": "équipe d’accompagnement", "partner": "accompagnement budgétaire par l’association partenaire",
		"negated": "nié", "hypothetical": "hypothétique", "past": "passé", "other_person": "autre personne",
		"vigie.transcript.v1": "appel", "vigie.email.v1": "courriel", "vigie.letter.v1": "courrier",
		"vigie.survey.v1": "enquête", "vigie.complaint.v1": "réclamation",
	}
	for _, c := range p.Categories {
		names[c.ID], names[c.ID+".faisceau"], names[c.ID+".declared"] = c.Label, "Faisceau d’indices", "Déclaré par la personne"
	}
	for _, f := range p.Factors {
		names[f.ID] = f.Label
	}
	return func(id string) string {
		if name := names[id]; name != "" {
			return name
		}
		return id
	}
}

// corpusPage returns the page of the run with the two lexicons.
func corpusPage(t *testing.T) (*run, *Page) {
	t.Helper()
	r, err := corpusRun()
	if err != nil {
		t.Fatal(err)
	}
	page := r.page
	return r, &page
}

// onePage is the page of the same run with the tried lexicon alone.
func onePage(r *run) *Page {
	page := r.page
	page.Before, page.Differences, page.Tally = nil, nil, NewTally(nil, r.after)
	for _, e := range r.events {
		e.before = nil
		page.Tally.add(e)
	}
	return &page
}

// withWords gives a page the passages of its examples.
func (r *run) withWords(t *testing.T, page *Page) {
	t.Helper()
	var sides [2]*pipeline.Classifier
	for side, p := range []*lexicon.Program{r.before, r.after} {
		var err error
		if sides[side], err = pipeline.NewClassifier(p, "words"); err != nil {
			t.Fatal(err)
		}
	}
	page.Passages = func(f *flag.Flag) ([]pipeline.Passage, error) {
		c := sides[0]
		if f.Lexicon.Digest == r.after.Digest {
			c = sides[1]
		}
		result, err := c.Classify(event.Record{Value: r.events[f.Event.Origin.Offset].value})
		if err != nil {
			return nil, err
		}
		return c.Passages(result.Flag, 10), nil
	}
}

func written(t *testing.T, page *Page) string {
	t.Helper()
	var b strings.Builder
	if err := page.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
