package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The documents and phrases of the tests: "en arret maladie" holds "arret maladie".
var (
	phrases   = []string{"arret maladie", "en arret maladie", "je suis", "maladie je"}
	documents = []string{"je suis en arret maladie je suis la", "rien", "arret maladie arret maladie"}
	expected  = reference{matches: 7, distinct: 5, documents: 2}
)

// Each matcher of this program finds all that there is, and counts as the
// protocol says.
func TestContend(t *testing.T) {
	terms, docs := filepath.Join(t.TempDir(), "terms"), filepath.Join(t.TempDir(), "docs")
	for file, lines := range map[string][]string{terms: phrases, docs: documents} {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, matches := range map[string]int{"words": expected.matches, "interned": expected.matches, "cloudflare": expected.distinct} {
		var out bytes.Buffer
		if err := contend([]string{name, terms, "a=" + docs}, strings.NewReader("count a\nround a 3\n"), &out); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(out.String(), "\n")
		var cpu, found int
		if _, err := fmt.Sscanf(lines[2], "round %d %d", &cpu, &found); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("count %d 2", matches); lines[1] != want || found != 3*matches || cpu <= 0 {
			t.Errorf("%s answered %q, want %q and three times that with a time above 0", name, lines, want)
		}
	}
}

func TestReference(t *testing.T) {
	got, err := newReference(phrases, &input{folded: documents})
	if err != nil || got != expected {
		t.Errorf("reference %+v, %v; want %+v", got, err, expected)
	}
	for _, c := range []struct {
		counts, matches, documents int
		ok                         bool
	}{
		{everyMatch, 7, 2, true}, {everyMatch, 6, 2, false}, {everyMatch, 7, 3, false},
		{distinct, 5, 2, true}, {distinct, 7, 2, false}, {longest, 4, 2, true},
	} {
		if words, ok := expected.agrees(peer{counts: c.counts}, &figures{matches: c.matches, documents: c.documents}); ok != c.ok {
			t.Errorf("%+v: agrees says %v, %q", c, ok, words)
		}
	}
}

// A contender that finds something else is named in the results and fails the run.
func TestWrongCountsFail(t *testing.T) {
	w := &workshop{options: &options{}, inputs: []input{{name: "corpus", raw: documents, folded: documents}}}
	r := newReport(w)
	of := func(matches int) *figures {
		return &figures{passes: []float64{2, 4, 3}, matches: matches, documents: 2}
	}
	m := &matched{
		lexicon:   terms{name: "shipped", phrases: phrases},
		peers:     []peer{own("interned", "vigie", everyMatch), own("words", "vigie too", everyMatch), {name: "other", title: "Other"}},
		processes: []*process{{}, {}, {}},
		inputs:    map[string]map[string]*figures{"corpus": {"interned": of(7), "words": of(7), "other": of(6)}},
	}
	if err := r.matching(m); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "RESULTS.md")
	err := r.write(file)
	if err == nil || !strings.Contains(err.Error(), "Other with shipped") {
		t.Errorf("the run ends with %v, want the contender's name", err)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), "**6 in 2 documents, not as vigie**") {
		t.Errorf("the results do not say it (%v):\n%s", err, text)
	}
	plot, err := os.ReadFile(strings.TrimSuffix(file, ".md") + ".svg")
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(plot)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the plot is no XML: %v", err)
		}
	}
}

func TestTimes(t *testing.T) {
	got := times(&figures{passes: []float64{10, 30, 20, 8}}, &figures{passes: []float64{5, 5, 5, 4}})
	if want := (spread{3, 2, 6}); got != want || got.String() != "3.00 (2.00–6.00)" {
		t.Errorf("times = %v (%s), want %v", got, got, want)
	}
}

// The inputs are the same in every run, of the size that they say, and none of
// their n-grams is a phrase that the lexicon's notation would read otherwise.
func TestInputs(t *testing.T) {
	corpus := []document{
		{ID: "a", Kind: "letter", Body: strings.Repeat("Je suis en arrêt maladie depuis mars, été 2026. ", 300)},
		{ID: "b", Kind: "transcript", Turns: []turn{{"customer", "j'ai plus rien"}}},
		{ID: "c", Kind: "survey", Answer: "!!!"},
	}
	all := makeInputs(corpus, 0)
	if n := len(all[0].events); n != 2 {
		t.Errorf("%d documents of the corpus, want the two that have words", n)
	}
	for i, size := range sizes[:2] {
		for _, raw := range all[i+1].raw {
			if len(raw) > size.bytes || len(raw) < size.bytes-1 {
				t.Errorf("%s: a document of %d bytes", size.title, len(raw))
			}
		}
	}
	if !slices.Equal(all[2].raw, makeInputs(corpus, 0)[2].raw) {
		t.Error("a second making gives other documents")
	}
	grams := ngrams(corpus)
	if len(grams) == 0 || !slices.Equal(grams, ngrams(corpus)) {
		t.Errorf("%d n-grams, or others in a second making", len(grams))
	}
	for _, g := range grams {
		if strings.ContainsAny(g, "0123456789") || len(strings.Fields(g)) < 2 {
			t.Errorf("n-gram %q", g)
		}
	}
}
