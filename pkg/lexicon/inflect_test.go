package lexicon

import (
	"slices"
	"strings"
	"testing"
)

// listed are irregular lemmas as a ruleset lists them.
var listed = map[string][]string{
	"tenir":   {"tiens", "tient", "tenons", "tenez", "tiennent", "tenais", "tenait", "tiendra", "tiendrai", "tenu", "tenue"},
	"venir":   {"viens", "vient", "venu", "venue"},
	"prendre": {"prends", "prend", "prenons", "pris", "prise", "prises"},
	"aller":   {"vais", "vas", "va", "allons", "allez", "vont", "ira", "allé"},
	"œil":     {"œil", "yeux"},
}

func TestInflection(t *testing.T) {
	in := newInflector(listed)
	for _, row := range rows(t, "inflection.txt") {
		lemma := strings.TrimSpace(row[0])
		forms := in.forms(lemma)
		for _, want := range strings.Fields(row[1]) {
			if !slices.Contains(forms, bare(want)) {
				t.Errorf("{%s} lacks %q: %q", lemma, want, forms)
			}
		}
		for _, wrong := range strings.Fields(row[2]) {
			if slices.Contains(forms, wrong) {
				t.Errorf("{%s} has %q", lemma, wrong)
			}
		}
		if !slices.IsSorted(forms) || len(slices.Compact(slices.Clone(forms))) != len(forms) {
			t.Errorf("{%s} is not a sorted set: %q", lemma, forms)
		}
	}
}

func TestInflectionOfAnything(t *testing.T) {
	in := newInflector(nil)
	for _, lemma := range []string{"er", "ir", "re", "a", "é", "e", "s", "oître", "aître", "yer", "œ", "x"} {
		if forms := in.forms(lemma); len(forms) == 0 || slices.Contains(forms, "") {
			t.Errorf("{%s} gives %q", lemma, forms)
		}
	}
}
