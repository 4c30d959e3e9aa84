package event

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// carried is what the corpus's documents hold, put together.
type carried struct {
	turns []string
	text  string
}

// corpus returns what the first documents of the corpus hold.
func corpus(tb testing.TB) (all carried) {
	tb.Helper()
	f, err := os.Open("../../pipeline/eval/corpus/documents-01.jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	var texts []string
	for lines.Scan() {
		var d struct {
			Body  string
			Turns []struct{ Text string }
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			tb.Fatal(err)
		}
		for _, t := range d.Turns {
			all.turns = append(all.turns, t.Text)
		}
		texts = append(texts, d.Body)
	}
	all.text = strings.Join(texts, "\n")
	return all
}

// shapes make the data of events of a size, the nth of them each time another.
var shapes = []struct {
	name, typ string
	data      func(c *carried, size, n int) any
}{
	{"transcript", "vigie.transcript.v1", func(c *carried, size, n int) any {
		var turns []map[string]any
		for i := 0; size > 0; i++ {
			text := c.turns[(7*n+i)%len(c.turns)]
			turns = append(turns, map[string]any{
				"speaker": []string{"agent", "customer"}[i%2], "text": text, "start_ms": 4000 * i, "end_ms": 4000*i + 3600, "confidence": 0.93,
			})
			size -= len(text) + 90 // what stands around it
		}
		return map[string]any{"language": "fr-FR", "turns": turns}
	}},
	{"letter", "vigie.letter.v1", func(c *carried, size, n int) any {
		return map[string]any{"subject": "Dossier D-20931", "text": c.some(size, n)}
	}},
	{"email", "vigie.email.v1", func(c *carried, size, n int) any {
		quoted := strings.ReplaceAll(c.some(size/2, n+1), "\n", "\n> ")
		return map[string]any{
			"subject": "RE: Votre dossier",
			"text": c.some(size/2, n) + "\nCordialement,\nJeanne Morel\n" +
				"Le mar. 4 nov. 2025 à 09:12, Service Amiable <contact@exemple.invalid> a écrit :\n> " + quoted,
		}
	}},
	{"html", "vigie.email.v1", func(c *carried, size, n int) any {
		return map[string]any{
			"subject": "Dossier D-20931",
			"html":    "<html><body><p>" + strings.ReplaceAll(c.some(size, n), "\n", "</p>\n<p>") + "</p></body></html>",
		}
	}},
}

// some returns the nth run of so many bytes of the corpus's bodies.
func (c *carried) some(size, n int) string {
	at := n * size % (len(c.text) - size)
	return strings.ToValidUTF8(c.text[at:at+size], "")
}
