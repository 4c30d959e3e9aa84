package pipeline

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

func quotesOf(t *testing.T, kind string, data any, around int) (*flag.Flag, []flag.Quote) {
	t.Helper()
	value, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": "1", "source": "/s", "type": "vigie." + kind + ".v1", "subject": "D-1", "data": data,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := classifier(t, "words")
	result, err := c.Classify(event.Record{Value: value})
	if err != nil || result.Flag == nil {
		t.Fatalf("no flag: %v", err)
	}
	return result.Flag, c.Quotes(result.Flag, around)
}

func TestQuotes(t *testing.T) {
	type m = map[string]any
	turn := func(speaker, text string) m { return m{"speaker": speaker, "text": text} }
	for _, tt := range []struct {
		name, kind string
		data       any
		around     int
		want       []string
	}{
		{"some words on either side", "letter", m{"text": "un deux trois. Quatre j'ai un cancer. Cinq, six sept huit neuf"}, 4, []string{"Quatre j'ai un cancer. Cinq, six sept huit"}},
		{"the words alone", "letter", m{"text": "un deux trois. Quatre j'ai un cancer. Cinq"}, 0, []string{"cancer"}},
		{"the edges of a text", "letter", m{"text": "J'ai un cancer"}, 9, []string{"J'ai un cancer"}},
		{"not what another says", "transcript", m{"turns": []m{turn("agent", "bonjour madame"), turn("customer", "j'ai un cancer"), turn("agent", "je note")}}, 9, []string{"j'ai un cancer"}},
		{"not the quoted mail", "email", m{"text": "J'ai un cancer depuis mai.\n\n> Votre dossier 4103 est en retard\n\nMerci"}, 9, []string{"J'ai un cancer depuis mai"}},
		{"html as it is read", "email", m{"html": "<p>Je suis, depuis l&rsquo;&eacute;t&eacute;, <b>malade d'un cancer</b> grave</p>"}, 3, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, quotes := quotesOf(t, tt.kind, tt.data, tt.around)
			var texts []string
			spans := 0
			for _, q := range quotes {
				texts = append(texts, q.Text)
			}
			for _, x := range f.Findings {
				spans += len(x.Spans)
			}
			if spans != len(quotes) {
				t.Errorf("%d spans, %d quotes", spans, len(quotes))
			}
			slices.Sort(texts)
			texts = slices.Compact(texts)
			if tt.want == nil {
				for _, text := range texts {
					if !strings.Contains(text, "cancer") && !strings.Contains(text, "malade") || strings.ContainsAny(text, "<>&;") {
						t.Errorf("quote %q", text)
					}
				}
				return
			}
			if diff := cmp.Diff(tt.want, texts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Evidence that is too large loses quotes, then text, and ends.
func TestShrinkEvidence(t *testing.T) {
	f, quotes := quotesOf(t, "letter", map[string]any{"text": strings.Repeat("J'ai un cancer. ", 40)}, 5)
	m, ok := evidenceMessage(&flag.Evidence{Flag: f, Quotes: quotes}, "v")
	if !ok || string(m.Key) != "D-1" {
		t.Fatalf("%v, key %q", ok, m.Key)
	}
	for tries := 0; ; tries++ {
		before := len(m.Value)
		var more bool
		if m, more = shrinkEvidence(m); !more {
			break
		}
		if len(m.Value) >= before || !json.Valid(m.Value) || tries > 20 {
			t.Fatalf("%d bytes after %d: %s", len(m.Value), before, m.Value)
		}
	}
	if e := m.WriterData.(*flag.Evidence); len(e.Quotes) != 1 || len(quotes) != 40 {
		t.Errorf("%d quotes of %d are left", len(e.Quotes), len(quotes))
	}
	if _, ok := evidenceMessage(&flag.Evidence{Flag: f}, "v"); ok {
		t.Error("evidence without a word is written")
	}
}
