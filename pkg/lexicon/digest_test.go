package lexicon

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/text"
)

// good loads testdata/good with its policy.
func good(t testing.TB) *Ruleset {
	t.Helper()
	rs, err := Load(os.DirFS("testdata"), "good")
	if err != nil {
		t.Fatal(err)
	}
	if rs.Policy, err = LoadPolicy(os.DirFS("testdata"), "policy.yaml"); err != nil {
		t.Fatal(err)
	}
	return rs
}

func digest(t testing.TB, rs *Ruleset) string {
	t.Helper()
	d, err := rs.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func pattern(t testing.TB, source string) Entry {
	t.Helper()
	p, err := ParsePattern(source)
	if err != nil {
		t.Fatal(err)
	}
	return Entry{Pattern: p}
}

// TestDigestCoversMeaning changes one thing at a time. What decides a flag
// moves the digest; what only people read, and the order, does not.
func TestDigestCoversMeaning(t *testing.T) {
	factor := func(rs *Ruleset) *FactorSource { return &rs.Sections[0].Factors[0] }
	for name, change := range map[string]func(rs *Ruleset){
		"label":           func(rs *Ruleset) { factor(rs).Label = "x"; rs.Sections[0].Label = "x" },
		"examples":        func(rs *Ruleset) { factor(rs).Examples = nil },
		"changelog":       func(rs *Ruleset) { rs.Changelog = nil },
		"authors":         func(rs *Ruleset) { rs.Author, rs.Reviewer = "x", "y" },
		"places":          func(rs *Ruleset) { factor(rs).Terms[0].Line += 7 },
		"order sections":  func(rs *Ruleset) { slices.Reverse(rs.Sections) },
		"order factors":   func(rs *Ruleset) { slices.Reverse(rs.Sections[0].Factors) },
		"order terms":     func(rs *Ruleset) { slices.Reverse(factor(rs).Terms) },
		"order structure": func(rs *Ruleset) { slices.Reverse(factor(rs).Structures) },
		"order cautions":  func(rs *Ruleset) { slices.Reverse(factor(rs).Cautions) },
		"order cues":      func(rs *Ruleset) { slices.Reverse(rs.Qualifiers.Cues) },
		"order classes":   func(rs *Ruleset) { slices.Reverse(rs.Qualifiers.Classes) },
		"order masks":     func(rs *Ruleset) { slices.Reverse(rs.Qualifiers.Masks) },
		"order forms":     func(rs *Ruleset) { slices.Reverse(rs.Qualifiers.Forms["avoir"]) },
		"order urgent":    func(rs *Ruleset) { slices.Reverse(rs.Policy.Urgent) },
		"term twice":      func(rs *Ruleset) { factor(rs).Terms = append(factor(rs).Terms, factor(rs).Terms[0]) },
		"spacing":         func(rs *Ruleset) { factor(rs).Terms[1] = pattern(t, " <parent>…  <hôpital> ") },
		"released":        func(rs *Ruleset) { rs.Released = rs.Released.AddDate(0, 1, 0) },
		"nil policy list": func(rs *Ruleset) { rs.Policy.Disabled = nil },

		"+formats":   func(rs *Ruleset) { rs.Formats = []byte(`{"calls":{"format":"srt"}}`) },
		"+name":      func(rs *Ruleset) { rs.Name = "x" },
		"+version":   func(rs *Ruleset) { rs.Version = "x" },
		"+term":      func(rs *Ruleset) { factor(rs).Terms[0] = pattern(t, "autre chose") },
		"+new term":  func(rs *Ruleset) { factor(rs).Terms = append(factor(rs).Terms, pattern(t, "autre chose")) },
		"+heard":     func(rs *Ruleset) { factor(rs).Heard = nil },
		"+unless":    func(rs *Ruleset) { factor(rs).Unless = nil },
		"+weight":    func(rs *Ruleset) { factor(rs).Weight = 0.7 },
		"+severity":  func(rs *Ruleset) { factor(rs).Severity = 3 },
		"+who":       func(rs *Ruleset) { factor(rs).Who = WhoAnyone },
		"+negatable": func(rs *Ruleset) { factor(rs).Negatable = true },
		"+fades":     func(rs *Ruleset) { factor(rs).FadesMonths = 4 },
		"+urgency":   func(rs *Ruleset) { rs.Sections[0].Factors[1].Urgency = "child" },
		"+cautions":  func(rs *Ruleset) { factor(rs).Cautions = nil },
		"+fg21":      func(rs *Ruleset) { factor(rs).FG21 = "resilience" },
		"+within":    func(rs *Ruleset) { factor(rs).Structures[0].WithinWords = 21 },
		"+ratio":     func(rs *Ruleset) { factor(rs).Structures[2].Ratio = 0.41 },
		"+at_least":  func(rs *Ruleset) { factor(rs).Structures[3].AtLeast = 5 },
		"+half":      func(rs *Ruleset) { factor(rs).Structures[1].Second[0] = pattern(t, "^si") },
		"+mask":      func(rs *Ruleset) { rs.Qualifiers.Masks = rs.Qualifiers.Masks[1:] },
		"+class":     func(rs *Ruleset) { rs.Qualifiers.Classes[0].Terms = rs.Qualifiers.Classes[1].Terms },
		"+forms":     func(rs *Ruleset) { rs.Qualifiers.Forms["avoir"] = []string{"ai"} },
		"+cue":       func(rs *Ruleset) { rs.Qualifiers.Cues[0].Window = 5 },
		"+cue terms": func(rs *Ruleset) { rs.Qualifiers.Cues[0].Terms = rs.Qualifiers.Cues[1].Terms },
		"+threshold": func(rs *Ruleset) { rs.Policy.Thresholds["health"] = 2 },
		"+disabled":  func(rs *Ruleset) { rs.Policy.Disabled = []string{"health.suicide"} },
		"+urgent":    func(rs *Ruleset) { rs.Policy.Urgent = nil },
	} {
		rs := good(t)
		before := digest(t, rs)
		change(rs)
		if moved, want := digest(t, rs) != before, strings.HasPrefix(name, "+"); moved != want {
			t.Errorf("%s: digest moved: %v, want %v", name, moved, want)
		}
	}
}

func TestCanonicalGolden(t *testing.T) {
	data, err := good(t).Canonical()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "canonical.json", append(data, '\n'))
}

// TestFromCanonical reads a ruleset back and compares everything that the engine runs.
func TestFromCanonical(t *testing.T) {
	rs := good(t)
	rs.Formats = []byte(`{"calls":{"format":"srt"}}`)
	data, err := rs.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	back, err := FromCanonical(data)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Compile(back)
	if err != nil {
		t.Fatal(err)
	}
	want.Released = got.Released
	for i := range want.Factors {
		want.Factors[i].Label = got.Factors[i].Label
	}
	words := cmp.Transformer("words", func(v *text.Vocabulary) []string {
		all := make([]string, 0, v.Len())
		for id := range v.Len() {
			all = append(all, v.Word(uint32(id+1)))
		}
		return all
	})
	// The source's spelling of a pattern is lost, its canonical one is not.
	spelling := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Pattern" }, cmp.Ignore())
	if diff := cmp.Diff(want, got, words, spelling); diff != "" {
		t.Errorf("program after a round trip (-want +got):\n%s", diff)
	}
}

func TestFromCanonicalRefuses(t *testing.T) {
	for data, want := range map[string]string{
		`{`:                                "canonical form",
		`{"engine": 0}`:                    "version 0 of the engine's rules",
		`{"engine": 4, "masks": ["a (b"]}`: "jamais fermée",
	} {
		if _, err := FromCanonical([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", data, err, want)
		}
	}
}

// TestTermIDs holds ids fixed: case systems have stored them.
func TestTermIDs(t *testing.T) {
	rs := ruleset(t, "en arrêt maladie", "(très|)   malade", "RSA", "l’eau  ... coupée")
	rs.Sections[0].Factors[0].Heard = []Entry{pattern(t, "en arrêt maladie")}
	p, err := Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, term := range p.Terms {
		got[term.Pattern] = append(got[term.Pattern], term.ID)
	}
	want := map[string][]string{
		// SHA-256 of "en arrêt maladie" and of "heard en arrêt maladie", "(très|) malade", "rsa", "l'eau ... coupée"
		"en arrêt maladie":  {"health.a/829dc43d", "health.a/72a093dd"},
		"(très|)   malade":  {"health.a/adf11c66"},
		"RSA":               {"health.a/f5f69168"},
		"l’eau  ... coupée": {"health.a/871215ac"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}
