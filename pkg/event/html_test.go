package event

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestHTML splits the samples of testdata/html.txt.
func TestHTML(t *testing.T) {
	for name, lines := range samples(t, "testdata/html.txt") {
		markup, want, _ := strings.Cut(strings.Join(lines, "\n")+"\n", "---\n")
		parts := splitHTML(nil, markup)
		checkParts(t, markup, parts)
		var got strings.Builder
		for _, p := range parts {
			if p.Name != "html" {
				t.Errorf("%s: a part called %q", name, p.Name)
			}
			text := strings.NewReplacer("\u00a0", " ", "\n", `\n`).Replace(strings.TrimRight(p.Text, " \n"))
			got.WriteString(letters[p.Voice] + " " + text + "\n")
		}
		if got.String() != want {
			t.Errorf("%s\n--- got\n%s--- want\n%s", name, got.String(), want)
		}
	}
}

// TestHTMLSpan names places of the text in the markup, entities whole.
func TestHTMLSpan(t *testing.T) {
	markup := `<p>déjà</p><p>J&rsquo;ai&nbsp;é<b>t&eacute;</b> mal&#97;de 👪 ici</p>`
	parts := splitHTML(nil, markup)
	if len(parts) != 1 {
		t.Fatalf("%d parts, want 1", len(parts))
	}
	p := &parts[0]
	for text, want := range map[string]string{
		"déjà": "déjà", "J’ai": "J&rsquo;ai", "été": "é<b>t&eacute;", "té": "t&eacute;", "é mal": "&eacute;</b> mal",
		"malade": "mal&#97;de", "a": "a", "👪": "👪", "ici": "ici",
	} {
		i := strings.Index(p.Text, text)
		if text == "é mal" {
			i = strings.Index(p.Text, "té mal") + 1
		}
		if text == "a" {
			i = strings.Index(p.Text, "ai")
		}
		got := string([]rune(markup)[p.Point(i):p.PointEnd(i+len(text))])
		if got != want {
			t.Errorf("%q stands at %q, want %q", text, got, want)
		}
	}
}

// TestPlaceLong finds places far into a long text.
func TestPlaceLong(t *testing.T) {
	text := strings.Repeat("é👪a", 3000) + "fin"
	p := &Part{Text: text, Shifts: straight(text)}
	if len(p.Shifts) < 10 {
		t.Errorf("%d shifts, want one for each %d bytes", len(p.Shifts), stride)
	}
	if from, to := p.Point(len(text)-3), p.PointEnd(len(text)); from != 9000 || to != 9003 {
		t.Errorf("the end stands at [%d,%d), want [9000,9003)", from, to)
	}
	q := Part{Text: text[7*1000 : 7*2000], Shifts: appendCut(nil, p, 7*1000, 7*2000)}
	if from, to := q.Point(7*500), q.PointEnd(7*500+2); from != 4500 || to != 4501 {
		t.Errorf("in a cut: [%d,%d), want [4500,4501)", from, to)
	}
}

// FuzzSplit splits any text as a mail's text and as its markup.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		"Oui\n> Le 3 a écrit :\n>> x\n-- \nM", "-----Message d'origine-----\nDe : x\nObjet : y\n\nz", "Cordialement\nA\nPS : x", "Assistant : x\nMoi : y\n\n[Chat du 3]\n",
		`<div class="gmail_quote">a<blockquote>b</blockquote>c</div>`, `<p>&eacute&#233;&notit;&NotEqualTilde;</p>`, `<div id=appendonsend>x<pre>y` + "\n", `<span hidden>a<div>b`, `<td>x<td>y<br><br><br><br>z`, "<!--x", "<title>", "\u2028> x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		checkParts(t, s, splitText(nil, s))
		checkParts(t, s, splitHTML(nil, s))
	})
}
