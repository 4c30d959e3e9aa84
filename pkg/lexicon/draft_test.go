package lexicon

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func drafts(t testing.TB) *Drafts {
	t.Helper()
	files := fstest.MapFS{
		"l/lexicon.yaml":       {Data: []byte("name: essai\nversion: 1\nauthor: A\nreviewer: B\n")},
		"l/qualifiers.fr.yaml": {Data: []byte("classes:\n  parent: |\n    (père|mère)\n")},
		"l/fr/health.yaml": {Data: []byte(`category: health
label: Santé
factors:
  - id: maladie
    label: Maladie
    fg21: health
    severity: 2
    terms: |
      très malade
      gravement malade
    heard: |
      cancer
  - id: faible
    label: Signe faible
    fg21: health
    severity: 1
    weight: 0.3
    terms: |
      fatigue
`)},
		"l/fr/resilience.yaml": {Data: []byte(`category: resilience
label: Argent
factors:
  - id: dette
    label: Dette
    fg21: health
    severity: 2
    terms: |
      une dette
      fatigue des comptes
`)},
	}
	rs, err := Load(files, "l")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	return NewDrafts(rs, p)
}

func TestDraftProblems(t *testing.T) {
	d := drafts(t)
	for _, c := range []struct {
		factor, block, source string
		column                int
		severity              Severity
		message               string // "" for no problem
	}{
		{"health.maladie", "terms", "mon <parent> est alité", 0, 0, ""},
		{"health.maladie", "terms", "", 1, Error, "terme vide"},
		{"health.maladie", "terms", "  mal (de dos", 7, Error, "jamais fermée"},
		{"health.maladie", "terms", "mal # de dos", 5, Error, "commentaire"},
		{"health.maladie", "terms", "#mal", 1, Error, "commentaire"},
		{"health.maladie", "terms", "le n#3", 0, 0, ""},
		{"health.maladie", "terms", "voir <parant>", 6, Error, "vouliez-vous dire <parent>"},
		{"health.maladie", "terms", "j'ai", 1, Error, "une ou deux lettres"},
		{"health.maladie", "terms", "(très|)", 1, Error, "peut ne rien demander"},
		{"health.maladie", "unless", "j'ai", 0, 0, ""},
		{"health.maladie", "terms", "sud", 1, Warning, "trop court"},
		{"health.maladie", "terms", "RSA", 0, 0, ""},
		{"health.maladie", "terms", "(grippe)", 1, Warning, "une seule possibilité"},
		{"health.maladie", "terms", "{résoudre} tout", 1, Warning, "irrégulier"},
		{"health.maladie", "terms", "treize (pour cent|%)", 8, Warning, "ne se lit pas"},
		{"health.maladie", "terms", "Très  Malade", 1, Warning, "déjà écrit ligne 9"},
		{"health.maladie", "terms", "vraiment très malade", 1, Warning, "ne trouve rien de plus que « très malade »"},
		{"health.maladie", "terms", "(très|un peu) malade", 0, 0, ""},
		{"health.maladie", "terms", "un cancer", 0, 0, ""},
		{"health.maladie", "heard", "cancer", 1, Warning, "déjà écrit"},
		{"health.maladie", "terms", "une dette", 1, Warning, "compte aussi pour resilience.dette"},
		{"resilience.dette", "terms", "fatigue", 0, 0, ""}, // a weak sign may stand in two categories
	} {
		got := d.Read(c.factor, c.block, c.source, 5)
		if c.message == "" {
			if len(got.Problems) > 0 {
				t.Errorf("%s, %s, %q: %v", c.factor, c.block, c.source, got.Problems[0].Message)
			}
			continue
		}
		if len(got.Problems) == 0 {
			t.Errorf("%s, %s, %q: no problem, want %q", c.factor, c.block, c.source, c.message)
			continue
		}
		p := got.Problems[0]
		if p.Column != c.column || p.Severity != c.severity || !strings.Contains(p.Message, c.message) || got.Wrong() != (c.severity == Error) {
			t.Errorf("%s, %s, %q: column %d, %s, %q; want column %d, %s, %q", c.factor, c.block, c.source, p.Column, p.Severity, p.Message, c.column, c.severity, c.message)
		}
	}
}

func TestDraftWordings(t *testing.T) {
	d := drafts(t)
	for _, c := range []struct {
		source string
		want   []string
		total  int
	}{
		{"(très|) malade ...8 <parent>", []string{"très malade … <parent>", "malade … <parent>"}, 2},
		{"hospitalis(é|ée)", []string{"hospitalisé", "hospitalisée"}, 2},
		{"(a|b) (c|d) (e|f)", []string{"a c e", "a d f", "b c e", "b d f"}, 8}, // spread over all
		{"{été}", []string{"ete", "etee", "etees", "eter"}, 6},
		{strings.Repeat("(a|b|c|d|e|f|g|h) ", 20), nil, mostWordings},
	} {
		got := d.Read("health.maladie", "terms", c.source, 4)
		if got.Total != c.total {
			t.Errorf("%q: %d wordings, want %d", c.source, got.Total, c.total)
		}
		if c.want != nil {
			if diff := cmp.Diff(c.want, got.Wordings); diff != "" {
				t.Errorf("%q: wordings (-want +got):\n%s", c.source, diff)
			}
		} else if len(got.Wordings) != 4 {
			t.Errorf("%q: %d wordings are given, want 4", c.source, len(got.Wordings))
		}
	}
}

// FuzzDraft: a draft has an error exactly where a lexicon with that term has
// one, and at a place in the term.
func FuzzDraft(f *testing.F) {
	for _, s := range []string{"mon <parent> est alité", "(a|b) ... {payer}", "«interné» RSA", "^oui", "(très|)", "j'ai", "<autre>", "...8 mal", "mal # non", "  mal (de", "((a|b)(c|d)|e ... f) g"} {
		f.Add(s)
	}
	d := drafts(f)
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 300 {
			return
		}
		got := d.Read("health.maladie", "terms", source, 8)
		for _, p := range got.Problems {
			if n := utf8.RuneCountInString(source); p.Column < 1 || p.Column > n+1 || p.Message == "" {
				t.Errorf("%q: a problem at column %d of %d: %q", source, p.Column, n, p.Message)
			}
		}
		body := strings.TrimSpace(source)
		pattern, err := ParsePattern(body)
		if err == nil && !strings.Contains(" "+body, " #") {
			rs := *d.rs
			section := rs.Sections[0]
			factor := section.Factors[0]
			factor.Terms, factor.Heard = []Entry{{Pattern: pattern}}, nil
			section.Factors = []FactorSource{factor}
			rs.Sections = []Section{section}
			_, err = Compile(&rs)
		} else if err == nil {
			return // a comment is no mistake of a file, but is one of a term
		}
		if got.Wrong() != (err != nil) {
			t.Errorf("%q: the draft says %v, the lexicon %v", source, got.Problems, err)
		}
		if err == nil && (got.Total < 1 || len(got.Wordings) == 0) {
			t.Errorf("%q: no wording of %d", source, got.Total)
		}
	})
}
