package lexicon

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// rows returns the lines of a table in testdata without comments, cut at "=>".
func rows(t testing.TB, file string) [][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for i, l := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		row := strings.Split(l, "=>")
		if len(row) < 2 {
			t.Fatalf("testdata/%s:%d: no => in it", file, i+1)
		}
		all = append(all, row)
	}
	return all
}

func TestPattern(t *testing.T) {
	for _, row := range rows(t, "patterns.txt") {
		source, want := row[0], strings.TrimSpace(row[1])
		if !strings.HasPrefix(source, " ") {
			source = strings.TrimSuffix(source, " ")
		}
		p, err := ParsePattern(source)
		if mistake, bad := strings.CutPrefix(want, "! "); bad {
			var pe *PatternError
			column, message, _ := strings.Cut(mistake, ": ")
			if !errors.As(err, &pe) || fmt.Sprint(pe.Column) != column || !strings.Contains(pe.Message, message) {
				t.Errorf("%q: error %v, want column %s and %q", source, err, column, message)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", source, err)
			continue
		}
		if got := p.String(); got != want {
			t.Errorf("%q is %q, want %q", source, got, want)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, row := range rows(f, "patterns.txt") {
		f.Add(row[0])
	}
	f.Fuzz(func(t *testing.T, source string) {
		p, err := ParsePattern(source)
		if err != nil {
			var pe *PatternError
			if !errors.As(err, &pe) || pe.Column < 1 || pe.Column > len([]rune(source))+1 {
				t.Fatalf("error outside the term: %v", err)
			}
			return
		}
		once := p.String()
		again, err := ParsePattern(once)
		if err != nil {
			t.Fatalf("%q gives %q, which is refused: %v", source, once, err)
		}
		if twice := again.String(); twice != once {
			t.Fatalf("%q gives %q, then %q", source, once, twice)
		}
	})
}
