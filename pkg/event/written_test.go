package event

import (
	"strings"
	"testing"
)

func TestWritten(t *testing.T) {
	for _, test := range []struct {
		name    string
		written Written
		// want is the kind, then each part: its name, voice and text.
		want string
	}{
		{"a mail", Written{Text: "Bonjour,\nje suis malade"}, "email|text 0 Bonjour,\nje suis malade"},
		{"a call", Written{Text: "\n Agent : vous êtes ?\nCLIENT: oui\n  malade\n\ninconnu : euh"}, "transcript|turns[0].text 2 vous êtes ?|turns[1].text 0 oui malade|turns[2].text 1 euh"},
		{"a survey", Written{Text: "question : ça va ?\nréponse : non\nréponse : rien"}, "survey|answers[0].question 4 ça va ?|answers[0].text 0 non|answers[1].text 0 rien"},
		{"a question alone", Written{Text: "question : ça va ?"}, "survey"},
		{"a colon in a mail", Written{Text: "objet : le client\nclient : moi"}, "email|text 0 objet : le client\nclient : moi"},
		{"a mail all the same", Written{Kind: Email, Subject: "Dette", Text: "client : moi"}, "email|subject 0 Dette|text 0 client : moi"},
		{"a call in one piece", Written{Kind: Transcript, Text: "je suis\nmalade"}, "transcript|turns[0].text 0 je suis\nmalade"},
		{"an answer in one piece", Written{Kind: Survey, Text: "je suis malade"}, "survey|answers[0].text 0 je suis malade"},
		{"a letter", Written{Kind: Letter, Text: "Madame,"}, "letter|text 0 Madame,"},
		{"a declaration", Written{Kind: Complaint, Text: "Non.", Declared: []string{"health"}}, "complaint health|text 0 Non."},
		{"nothing", Written{}, "email"},
	} {
		e, err := test.written.Event("/essai", "1")
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Decode(Record{Value: e.Value})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got := string(doc.Kind)
		if len(doc.Declared) > 0 {
			got += " " + strings.Join(doc.Declared, ",")
		}
		for _, p := range doc.Parts {
			got += "|" + p.Name + " " + string('0'+rune(p.Voice)) + " " + p.Text
		}
		if got != test.want || e.Kind != doc.Kind {
			t.Errorf("%s: %q (%s), want %q", test.name, got, e.Kind, test.want)
		}
	}
}

// TestTypedPlaces looks up words of the event in the text as it was typed.
func TestTypedPlaces(t *testing.T) {
	for _, test := range []struct {
		kind Kind
		text string
	}{
		{"", "je suis malade"},
		{"", "😀 e\u0301te\u0301 malade, &amp; malade"},
		{"", "client\u00a0:  😀 très malade  \n   malade 😀 malade\nagent : ah\n\nclient : malade"},
		{"", "question : malade ?\nréponse :\n  oui\n\n malade"},
		{Transcript, "\n ma\nmalade"},
		{Complaint, "client : malade\r\n"},
	} {
		w := Written{Kind: test.kind, Text: test.text}
		e, err := w.Event("/essai", "1")
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Decode(Record{Value: e.Value})
		if err != nil {
			t.Fatal(err)
		}
		points, found := []rune(test.text), 0
		for _, p := range doc.Parts {
			for at, rest := 0, p.Text; p.Voice != Question; {
				before, after, ok := strings.Cut(rest, "malade")
				if !ok {
					break
				}
				at += len(before)
				from, to, ok := e.Place(p.Name, p.Point(at), p.PointEnd(at+len("malade")))
				if !ok || string(points[from:to]) != "malade" {
					t.Errorf("%q: %d to %d of %s, %v", test.text, from, to, p.Name, ok)
				}
				at += len("malade")
				rest = after
				found++
			}
		}
		if want := strings.Count(test.text, "malade") - strings.Count(test.text, "malade ?"); found != want {
			t.Errorf("%q: %d words, want %d", test.text, found, want)
		}
		if _, _, ok := e.Place("subject", 0, 3); ok {
			t.Errorf("%q: a place of the subject in the text", test.text)
		}
	}
}

// TestTypedLongText: the work grows with the text, not with its square.
func TestTypedLongText(t *testing.T) {
	w := Written{Text: "client : a\n" + strings.Repeat("b\n", 200_000)}
	e, err := w.Event("/essai", "1")
	if err != nil {
		t.Fatal(err)
	}
	if from, to, ok := e.Place("turns[0].text", 400_000, 400_001); !ok || from != 400_009 || to != 400_010 {
		t.Errorf("%d to %d, %v", from, to, ok)
	}
}
