package proposal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// small is a lexicon of one file.
func small(health []byte) fstest.MapFS {
	return fstest.MapFS{
		"lexicon.yaml":       {Data: []byte("name: essai\nversion: '1'\nauthor: A\nreviewer: B\n")},
		"qualifiers.fr.yaml": {Data: []byte("classes:\n  parent: |\n    père\n")},
		"fr/health.yaml":     {Data: health},
	}
}

// TestApplyText holds the patched file against the one in testdata/apply, letter
// by letter, as both tools make it of the patch.
func TestApplyText(t *testing.T) {
	names, err := filepath.Glob("testdata/apply/*.txtar")
	if err != nil || len(names) < 6 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string][]byte{}
			for _, f := range archive.Files {
				part[f.Name] = f.Data
			}
			before, want := part["fr/health.yaml"], part["want"]
			switch filepath.Base(name) {
			case "crlf.txtar":
				before, want = bytes.ReplaceAll(before, []byte("\n"), []byte("\r\n")), bytes.ReplaceAll(want, []byte("\n"), []byte("\r\n"))
			case "noeol.txtar":
				before, want = bytes.TrimSuffix(before, []byte("\n")), bytes.TrimSuffix(want, []byte("\n"))
			}
			var changes []proposal.Change
			if err := json.Unmarshal(part["changes"], &changes); err != nil {
				t.Fatal(err)
			}
			for i := range changes {
				changes[i] = changes[i].Tidy()
			}
			files := small(before)
			rs, err := lexicon.Load(files, ".")
			if err != nil {
				t.Fatal(err)
			}
			p, err := proposal.Apply(files, ".", rs, changes)
			if err != nil {
				t.Fatal(err)
			}
			dir := patched(t, files, p.Patch)
			got, err := os.ReadFile(filepath.Join(dir, "fr", "health.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("the patched file (-want +got):\n%s", diff)
			}
		})
	}
}

const plainHealth = `category: health
label: Santé
factors:
  - id: maladie
    label: Maladie
    fg21: health
    severity: 2
    terms: |
      malade
      malade
      (très|fort) souffrant
    unless: jamais
    examples: {match: [malade]}
  - {id: serré, label: Serré, fg21: health, severity: 2, terms: [alité]}
`

// TestRefused: what is no change, and what cannot be made, is refused with a
// message for whoever wrote it; nothing else comes of it.
func TestRefused(t *testing.T) {
	health := strings.Replace(plainHealth, "serré,", "serre,", 1)
	files := small([]byte(health))
	rs, err := lexicon.Load(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	add := func(block, text string) []proposal.Change {
		return []proposal.Change{{Op: proposal.Add, Factor: "health.maladie", Block: proposal.Block(block), New: text}}
	}
	for _, c := range []struct {
		name    string
		changes []proposal.Change
		want    string
	}{
		{"nothing", nil, "aucun changement"},
		{"too many", make([]proposal.Change, 10_000), "10\u202f000\u00a0changements"},
		{"no operation", []proposal.Change{{}}, "changement inconnu"},
		{"another block", add("label", "x"), "changement inconnu"},
		{"another expectation", add("examples.assert", "x"), "changement impossible"},
		{"an example taken out", []proposal.Change{{Op: proposal.Remove, Factor: "health.maladie", Block: "examples.match", Old: "malade"}}, "changement impossible"},
		{"no such factor", []proposal.Change{{Op: proposal.Add, Factor: "health.autre", Block: "terms", New: "x"}}, "pas de facteur"},
		{"a path for a factor", []proposal.Change{{Op: proposal.Add, Factor: "../../etc/passwd", Block: "terms", New: "x"}}, "pas de facteur"},
		{"empty", add("terms", ""), "texte vide"},
		{"long", add("terms", strings.Repeat("é", proposal.MaxTerm+1)), "trop long : 2\u202f000\u00a0caractères"},
		{"a long example", add("examples.match", strings.Repeat("é", proposal.MaxExample+1)), "trop long : 4\u202f000\u00a0caractères"},
		{"two lines", add("terms", "un\ndeux"), "retour à la ligne"},
		{"a lone carriage return", add("terms", "un\rdeux"), "retour à la ligne"},
		{"a tab", add("terms", "un\tdeux"), "tabulation"},
		{"a null character", add("examples.match", "un\x00deux"), "caractère invisible"},
		{"a line separator", add("terms", "un\u2028deux"), "caractère invisible"},
		{"a next line", add("terms", "un\u0085deux"), "retour à la ligne"},
		{"a byte order mark", add("terms", "un\ufeffdeux"), "caractère invisible"},
		{"broken letters", add("terms", "un\xffdeux"), "UTF-8"},
		{"a comment", add("terms", "un # deux"), "commentaire"},
		{"only a comment", add("terms", "#un"), "commentaire"},
		{"a mistake", add("terms", "mal (de dos"), "colonne 5"},
		{"there already", add("terms", "(TRÈS|fort)  souffrant"), "déjà dans cette liste (ligne 11)"},
		{"added twice", append(add("terms", "neuf"), add("terms", "Neuf")...), "déjà dans cette liste"},
		{"an example that is there", add("examples.match", "malade"), "déjà cet exemple"},
		{"gone", []proposal.Change{{Op: proposal.Remove, Factor: "health.maladie", Block: "terms", Old: "guéri"}}, "n’est pas, ou plus"},
		{"removed three times", []proposal.Change{
			{Op: proposal.Remove, Factor: "health.maladie", Block: "terms", Old: "malade"},
			{Op: proposal.Remove, Factor: "health.maladie", Block: "terms", Old: "malade"},
			{Op: proposal.Remove, Factor: "health.maladie", Block: "terms", Old: "malade"},
		}, "n’est pas, ou plus"},
		{"replaced, then removed", []proposal.Change{
			{Op: proposal.Replace, Factor: "health.maladie", Block: "terms", Old: "(très|fort) souffrant", New: "souffrant"},
			{Op: proposal.Remove, Factor: "health.maladie", Block: "terms", Old: "souffrant"},
		}, "à la main"},
		{"the same", []proposal.Change{{Op: proposal.Replace, Factor: "health.maladie", Block: "terms", Old: "malade", New: "malade"}}, "reste le même"},
		{"a value on the key's line", add("unless", "non"), "à la main"},
		{"examples on one line", add("examples.match", "encore malade"), "à la main"},
		{"a factor on one line", []proposal.Change{{Op: proposal.Add, Factor: "health.serre", Block: "terms", New: "couché"}}, "à la main"},
		{"no term left", []proposal.Change{{Op: proposal.Remove, Factor: "health.serre", Block: "terms", Old: "alité"}}, "plus aucun terme"},
	} {
		p, err := proposal.Apply(files, ".", rs, c.changes)
		var refused *proposal.Refused
		if p != nil || !errors.As(err, &refused) || !strings.Contains(refused.Message, c.want) {
			t.Errorf("%s: %v, %v; want it refused with %q", c.name, p, err, c.want)
		}
	}
}

// An edit that says something else than the change does not leave: here the
// first line of a term of two lines would go.
func TestReadBack(t *testing.T) {
	files := small([]byte("category: health\nlabel: Santé\nfactors:\n  - id: maladie\n    label: Maladie\n    fg21: health\n    severity: 2\n    heard: |\n      mal\n    terms:\n      - très\n        malade\n"))
	rs, err := lexicon.Load(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := proposal.Apply(files, ".", rs, []proposal.Change{{Op: proposal.Remove, Factor: "health.maladie", Block: proposal.Terms, Old: "très malade"}})
	if p != nil || err == nil || !strings.Contains(err.Error(), "à la main") {
		t.Errorf("%v, %v", p, err)
	}
}

// A double line is taken out once, and a factor keeps what it needs.
func TestDoubleRemoved(t *testing.T) {
	files := small([]byte(strings.Split(plainHealth, "    unless")[0]))
	rs, err := lexicon.Load(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	remove := proposal.Change{Op: proposal.Remove, Factor: "health.maladie", Block: "terms", Old: "malade"}
	p, err := proposal.Apply(files, ".", rs, []proposal.Change{remove})
	if err != nil || len(p.Ruleset.Sections[0].Factors[0].Terms) != 2 {
		t.Errorf("%v, %v", p, err)
	}
	last := proposal.Change{Op: proposal.Remove, Factor: "health.maladie", Block: "terms", Old: "(très|fort) souffrant"}
	if _, err := proposal.Apply(files, ".", rs, []proposal.Change{remove, remove, last}); err == nil || !strings.Contains(err.Error(), "plus aucun terme") {
		t.Errorf("a factor without a term: %v", err)
	}
}

// A lexicon's names stand in the patch, and cannot make it say something else.
func TestPatchHead(t *testing.T) {
	files := small([]byte(strings.Split(plainHealth, "    unless")[0]))
	files["lexicon.yaml"].Data = []byte("name: \"x\\n--- a/fr/health.yaml\\n+++ /etc/passwd\\r\\n@@ -1 +1 @@\"\nversion: '1'\nauthor: A\nreviewer: B\n")
	rs, err := lexicon.Load(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := proposal.Apply(files, ".", rs, []proposal.Change{{Op: proposal.Add, Factor: "health.maladie", Block: "terms", New: "alité"}})
	if err != nil {
		t.Fatal(err)
	}
	patched(t, files, p.Patch)
	for i, line := range strings.Split(string(p.Patch), "\n")[:3] {
		if !strings.HasPrefix(line, "# ") {
			t.Errorf("line %d of the patch is %q", i+1, line)
		}
	}
	if want := "git apply --directory=<dossier du lexique> proposition"; !strings.Contains(string(p.Patch), want) {
		t.Errorf("of a lexicon from elsewhere the patch does not say %q:\n%s", want, p.Patch)
	}
	odd := small(nil)
	odd["fr/ma santé\n--- a.yaml"] = files["fr/health.yaml"]
	delete(odd, "fr/health.yaml")
	if rs, err = lexicon.Load(odd, "."); err == nil {
		_, err = proposal.Apply(odd, ".", rs, []proposal.Change{{Op: proposal.Add, Factor: "health.maladie", Block: "terms", New: "alité"}})
	}
	if err == nil || !strings.Contains(err.Error(), "nom") {
		t.Errorf("a file with a strange name: %v", err)
	}
}
