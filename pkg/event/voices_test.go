package event

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// letters are the voices as the tables have them.
var letters = map[Voice]string{Customer: "C", Unknown: "U", Agent: "G", Quoted: "Q", Question: "?", Aside: "A"}

// samples reads a table: a sample begins with "=== " and its name.
func samples(t *testing.T, path string) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]string)
	name := ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if n, ok := strings.CutPrefix(line, "=== "); ok {
			name = n
			if _, twice := all[name]; twice {
				t.Fatalf("%s: two samples %q", path, name)
			}
			all[name] = nil
		} else if name != "" {
			all[name] = append(all[name], line)
		}
	}
	return all
}

// TestMail splits the samples of testdata/mail.txt and compares the voice of
// each line.
func TestMail(t *testing.T) {
	all := samples(t, "testdata/mail.txt")
	if len(all) < 25 {
		t.Errorf("%d samples, want 25 at least", len(all))
	}
	for name, lines := range all {
		var b strings.Builder
		var want []string
		for _, l := range lines {
			voice, text, _ := strings.Cut(l, " ")
			b.WriteString(text + "\n")
			if plainBody(text) {
				want = append(want, voice+" "+text)
			}
		}
		parts := splitText(nil, b.String())
		checkParts(t, b.String(), parts)
		var got []string
		for _, p := range parts {
			for line := range strings.Lines(p.Text) {
				if line = strings.TrimRight(line, "\n"); plainBody(line) {
					got = append(got, letters[p.Voice]+" "+line)
				}
			}
		}
		if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
			t.Errorf("%s\n--- got\n%s\n--- want\n%s", name, g, w)
		}
	}
}

// plainBody reports whether a line holds more than quotation marks.
func plainBody(line string) bool {
	_, body := unquote(line)
	return strings.TrimSpace(body) != ""
}

// checkParts tests what holds of all parts of one carried text: each stands in
// it, whole, and no two overlap.
func checkParts(t *testing.T, carried string, parts []Part) {
	t.Helper()
	points := []rune(carried)
	last := 0
	for i := range parts {
		p := &parts[i]
		if !utf8.ValidString(p.Text) || strings.TrimSpace(p.Text) == "" || len(p.Shifts) == 0 || p.Shifts[0].Byte != 0 {
			t.Fatalf("part %d is not well formed: %q, shifts %v", i, p.Text, p.Shifts)
		}
		first, end := p.Point(0), p.PointEnd(len(p.Text))
		if first < last || end <= first || end > len(points) {
			t.Fatalf("part %d stands at [%d,%d) after %d of %d code points", i, first, end, last, len(points))
		}
		last = end
		before := first
		for b, r := range p.Text {
			from, to := p.Point(b), p.PointEnd(b+utf8.RuneLen(r))
			if from < before || to <= from || to > end {
				t.Fatalf("part %d: the character at %d stands at [%d,%d), the one before it ends at %d", i, b, from, to, before)
			}
			before = to
			if to == from+1 && r != ' ' && r != '\n' && points[from] != r {
				t.Fatalf("part %d: the character at %d is %q, in the carried part %q", i, b, r, points[from])
			}
		}
	}
}
