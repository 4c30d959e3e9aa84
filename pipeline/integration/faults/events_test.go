package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
)

// event is one that is fed, and what must become of it.
type event struct {
	value []byte
	// flag is the id of its flag, "" without one.
	flag string
	// broken events cannot be read: they must become dead letters.
	broken bool
}

// Of a hundred events, about ten are flagged and one of 199 is broken.
const (
	flaggedOf = 10
	brokenOf  = 199
)

var openings = []string{
	"Bonjour, je vous écris au sujet de mon dossier.", "Madame, Monsieur, je fais suite à votre courrier.",
	"Bonjour, j'ai bien reçu votre relance de la semaine dernière.", "Je vous appelle pour l'échéance de ce mois.",
}

var ordinary = []string{
	"J'ai fait le virement vendredi, merci de me confirmer la réception.", "Mon nouveau numéro de compte est joint à ce message.",
	"Je souhaite recevoir l'échéancier par courrier.", "Le montant indiqué ne correspond pas à ma facture.",
	"Pouvez-vous me rappeler demain après seize heures ?", "Le colis est arrivé abîmé et je n'ai pas été remboursé.",
}

var fragile = []string{
	"J'ai un cancer depuis le printemps et je suis seul à la maison.", "Mon mari est hospitalisé depuis lundi.",
	"Je suis en dépression depuis la fin de l'hiver.", "Je ne vois plus d'issue, je vais me suicider.",
}

// templates are the five kinds of event; each puts a text where people write.
var templates = []struct {
	kind string
	data func(text string) any
}{
	{"email", func(text string) any { return map[string]any{"subject": "Dossier", "text": text} }},
	{"letter", func(text string) any { return map[string]any{"subject": "Courrier", "text": text} }},
	{"survey", func(text string) any {
		return map[string]any{"score": 4, "answers": []any{map[string]any{"question": "Que pouvons-nous améliorer ?", "text": text}}}
	}},
	{"complaint", func(text string) any { return map[string]any{"subject": "Réclamation", "text": text} }},
	{"transcript", func(text string) any {
		return map[string]any{"language": "fr-FR", "turns": []any{
			map[string]any{"speaker": "agent", "text": "bonjour que puis-je faire pour vous"},
			map[string]any{"speaker": "customer", "text": text},
		}}
	}},
}

// newEvent is the i-th event, always the same.
func newEvent(i int) []byte {
	draw := rand.New(rand.NewPCG(uint64(i), 5))
	pick := func(list []string) string { return list[draw.IntN(len(list))] }
	text := pick(openings) + " " + pick(ordinary)
	if draw.IntN(flaggedOf) == 0 {
		text += " " + pick(fragile)
	}
	text += " " + pick(ordinary)
	kind := templates[draw.IntN(len(templates))]
	value, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": fmt.Sprintf("e-%d", i), "source": "/harness", "type": "vigie." + kind.kind + ".v1",
		"subject": fmt.Sprintf("D-%04d", i%997), "time": "2026-11-02T08:00:00Z", "data": kind.data(text),
	})
	if err != nil {
		panic(err)
	}
	if i%brokenOf == brokenOf/2 {
		value = value[:len(value)/2]
	}
	return value
}

// newEvents are the first n events that produce returns, with what `vigie classify`
// makes of them by some rules.
func newEvents(t *testing.T, n int, rules []string, produce func(i int) []byte) []event {
	t.Helper()
	events := make([]event, n)
	var lines bytes.Buffer
	broken := 0
	for i := range events {
		value := produce(i)
		events[i] = event{value: value, broken: !json.Valid(value)}
		if events[i].broken {
			broken++
		}
		lines.Write(append(value, '\n'))
	}
	flags, bad := classify(t, rules, lines.Bytes())
	if bad != broken {
		t.Fatalf("classify refused %d events, broken are %d", bad, broken)
	}
	if share := len(flags) * 100 / n; share < 7 || share > 13 {
		t.Fatalf("%d of %d events are flagged, want about a tenth", len(flags), n)
	}
	for _, line := range flags {
		var f flagged
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatal(err)
		}
		events[f.index(t)].flag = f.ID
	}
	return events
}

// flagged is what the harness reads of a flag.
type flagged struct {
	ID   string `json:"id"`
	Case string `json:"subject"`
	Data struct {
		Event struct {
			ID        string `json:"id"`
			Topic     string `json:"topic"`
			Partition int32  `json:"partition"`
			Offset    int64  `json:"offset"`
		} `json:"event"`
	} `json:"data"`
}

// index is the number of the flag's event.
func (f *flagged) index(t *testing.T) (i int) {
	t.Helper()
	if _, err := fmt.Sscanf(f.Data.Event.ID, "e-%d", &i); err != nil {
		t.Fatalf("a flag of an event that was never fed: %v", err)
	}
	return i
}
