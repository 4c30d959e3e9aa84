package pipeline

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pkg/event"
)

// FuzzClassify takes any two texts the whole way, as a call and as a mail:
// nothing fails, the same event gives the same flag, and every place is inside
// the text.
func FuzzClassify(f *testing.F) {
	for _, s := range [][2]string{
		{"vous êtes en arrêt maladie", "oui jusqu'en mars j'arrive plus à payer le loyer"},
		{"toutes mes condoléances", "ça fera six semaines jeudi"},
		{"", "r s a\u200b je je suis 3 114 mÃ©decin &nbsp;hopital ospitalizé"},
		{"\xff\u0300", "> Le 3 a écrit :\n>> je veux mourir\n-- \nM."},
		{"l'", "n'… plus, à (rien) «interné» 780€ par mois 12/11/2026"},
	} {
		f.Add(s[0], s[1])
	}
	c := classifier(f, "words")
	f.Fuzz(func(t *testing.T, asked, said string) {
		for _, data := range []any{
			map[string]any{"turns": []map[string]string{{"speaker": "agent", "text": asked}, {"speaker": "customer", "text": said}}},
			map[string]any{"subject": asked, "text": said},
		} {
			kind := "vigie.email.v1"
			if _, call := data.(map[string]any)["turns"]; call {
				kind = "vigie.transcript.v1"
			}
			value, err := json.Marshal(map[string]any{"specversion": "1.0", "id": "1", "source": "/s", "type": kind, "data": data})
			if err != nil {
				t.Fatal(err)
			}
			result, err := c.Classify(event.Record{Value: value})
			if err != nil {
				t.Fatalf("%v", err)
			}
			again, err := c.Classify(event.Record{Value: value})
			if err != nil || (result.Flag == nil) != (again.Flag == nil) {
				t.Fatalf("judged again: %v", err)
			}
			if result.Flag == nil {
				continue
			}
			if a, b := result.Flag.AppendJSON(nil), again.Flag.AppendJSON(nil); string(a) != string(b) {
				t.Fatalf("%s\n%s", a, b)
			}
			longest := max(utf8.RuneCountInString(asked), utf8.RuneCountInString(said))
			for _, x := range result.Flag.Findings {
				for _, s := range x.Spans {
					if s.Start < 0 || s.Start >= s.End || s.End > longest {
						t.Fatalf("%s of a text of %d: [%d,%d)", s.Part, longest, s.Start, s.End)
					}
				}
			}
		}
	})
}
