package console

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

var placesOf = regexp.MustCompile(`data-places="([^"]*)"`)

// FuzzTry reads any text as any kind of message: the page answers, its marks stand
// in the text in order, and no markup of the text is the page's.
func FuzzTry(f *testing.F) {
	for _, text := range []string{
		"Je suis en arrêt maladie 😀, je ne suis pas hospitalisée.", "client : malade\n\n  sourde\nagent : oui ?", "question : <b>\nréponse : \u0301\u200b",
		"> Bonjour\n> vous êtes hospitalisé\nmoi aussi\n--\nmalade", "\x00\xff\r\n\u2028", "r s a, j'arrive plus à payer. R.S.A. malade malade malade",
	} {
		for _, kind := range []string{"", "appel", "courriel", "courrier", "enquete", "reclamation"} {
			f.Add(text, kind, "Objet : malade")
		}
	}
	c := tryConsole(f, nil)
	f.Fuzz(func(t *testing.T, text, kind, subject string) {
		if kindNames[kind] == "" && kind != "" {
			return
		}
		w := send(t, c, post{fields: []string{"texte=" + text, "genre=" + kind, "objet=" + subject}})
		body := w.Body.String()
		switch w.Code {
		case http.StatusOK:
		case http.StatusRequestEntityTooLarge:
			return
		default:
			t.Fatalf("%d: %s", w.Code, body)
		}
		if strings.Contains(body, "<script") || strings.Contains(body, "<img") {
			t.Fatalf("markup of the text in %s", body)
		}
		found := placesOf.FindStringSubmatch(body)
		if found == nil {
			return // nothing to read
		}
		var marks [][4]any
		if err := json.Unmarshal([]byte(html.UnescapeString(found[1])), &marks); err != nil {
			t.Fatal(err)
		}
		end, size := 0, len(utf16.Encode([]rune(lines(text))))
		for _, m := range marks {
			from, to := int(m[0].(float64)), int(m[1].(float64))
			if from < end || to <= from || to > size {
				t.Fatalf("%v of %d units", marks, size)
			}
			end = to
		}
	})
}
