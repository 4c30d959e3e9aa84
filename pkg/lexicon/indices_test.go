package lexicon

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

const smallIndices = `# ce fichier
(base)	-0.500	.	.	.	.	-1.250
[passage]
loyer	.	1.250	.	.	.	.
# hospitalise	2.000	.	.	.	.	.
-malad-	0.750	.	.	.	.	.
#3	.	0.100	.	.	.	.
[document]
avant:arret	0.400	.	.	.	.	.
plus rien	.	0.400	.	-0.300	.	.
`

func TestIndicesFile(t *testing.T) {
	var ps problems
	x := parseIndices("i.tsv", []byte(smallIndices), &ps)
	if err := ps.err(); err != nil {
		t.Fatal(err)
	}
	if x.Base != (Weights{-500, 0, 0, 0, 0, -1250}) || len(x.Rows[Passage]) != 3 || len(x.Rows[Whole]) != 2 {
		t.Errorf("read %+v", x)
	}
	kinds := map[string]IndexKind{"loyer": IndexWord, "-malad-": IndexPart, "malad-": IndexPart, "-ade": IndexPart, "#3": IndexWord,
		"avant:arret": IndexBefore, "apres:courage": IndexAfter, "plus rien": IndexPair, "health.cancer": IndexFactor}
	for text, want := range kinds {
		if got := IndexKindOf(text); got != want {
			t.Errorf("%q is of kind %d, want %d", text, got, want)
		}
	}
	var first, second bytes.Buffer
	if err := x.Write(&first, "tête\n"); err != nil {
		t.Fatal(err)
	}
	again := parseIndices("", first.Bytes(), &ps)
	if err := again.Write(&second, "tête\n"); err != nil || ps.err() != nil {
		t.Fatal(err, ps.err())
	}
	if first.String() != second.String() {
		t.Errorf("written, read and written again:\n%s\n%s", first.String(), second.String())
	}
	if strings.Contains(first.String(), "hospitalise") {
		t.Error("a row that is struck out came back")
	}
}

func TestIndicesMistakes(t *testing.T) {
	for line, want := range map[string]string{
		"loyer\t1":                                 "i.tsv:2:1: il faut un indice et 6 poids séparés par des tabulations, il y a 2 colonnes",
		"loyer\tun\t.\t.\t.\t.\t.":                 "i.tsv:2:1: « un » n'est pas un poids : un nombre comme 0.250, ou « . » pour zéro",
		"loyer\t5000\t.\t.\t.\t.\t.":               "i.tsv:2:1: « 5000 » n'est pas un poids : un nombre comme 0.250, ou « . » pour zéro",
		"[ailleurs]":                               "i.tsv:2:1: partie inconnue « [ailleurs] » : [passage] ou [document]",
		"a\t.\t.\t.\t.\t.\t1\na\t.\t.\t.\t.\t.\t1": "i.tsv:3:1: « a » est déjà ligne 2 : ôtez l'une des deux",
	} {
		var ps problems
		parseIndices("i.tsv", []byte("[passage]\n"+line+"\n"), &ps)
		if err := ps.err(); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", line, err, want)
		}
	}
	var ps problems
	parseIndices("i.tsv", []byte("loyer\t.\t.\t.\t.\t.\t1\n"), &ps)
	if err := ps.err(); err == nil || err.Error() != "i.tsv:1:1: ligne avant [passage]" {
		t.Error(err)
	}
}

// withIndices returns a ruleset of one factor with a file of indices.
func withIndices(t *testing.T, file string) *Ruleset {
	t.Helper()
	rs, err := Load(fstest.MapFS{
		"l/lexicon.yaml":   {Data: []byte("name: essai\nversion: '1'\nauthor: a\nreviewer: b\n")},
		"l/fr/health.yaml": {Data: []byte("category: health\nlabel: Santé\nfactors:\n  - id: maladie\n    label: Maladie\n    fg21: health\n    terms: |\n      malade\n")},
		"l/" + IndicesFile: {Data: []byte(file)},
	}, "l")
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// TestIndicesDigest holds that every weight is in the digest, the order of the
// rows is not, and the canonical form brings the layer back.
func TestIndicesDigest(t *testing.T) {
	digest := func(file string) string {
		d, err := withIndices(t, file).Digest()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := digest(smallIndices)
	if digest(strings.Replace(smallIndices, "1.250", "1.251", 1)) == first {
		t.Error("another weight, the same digest")
	}
	rows := strings.Split(smallIndices, "\n")
	rows[3], rows[5] = rows[5], rows[3]
	if digest(strings.Join(rows, "\n")) != first {
		t.Error("another order, another digest")
	}
	canonical, err := withIndices(t, smallIndices).Canonical()
	if err != nil {
		t.Fatal(err)
	}
	back, err := FromCanonical(canonical)
	if err != nil {
		t.Fatal(err)
	}
	if d, _ := back.Digest(); d != first {
		t.Errorf("read back from the canonical form: %s, want %s", d, first)
	}
}

// TestIndicesLeaveTermsAlone holds that the words of indices are numbered
// apart, so that they do not change how terms read a text.
func TestIndicesLeaveTermsAlone(t *testing.T) {
	p, err := Compile(withIndices(t, smallIndices))
	if err != nil {
		t.Fatal(err)
	}
	if id := p.Vocabulary.ID([]byte("malade")); id == 0 || id > p.Spelled {
		t.Errorf("word of a term numbered %d, above %d", id, p.Spelled)
	}
	if id := p.Vocabulary.ID([]byte("loyer")); id <= p.Spelled {
		t.Errorf("word of an index numbered %d, not above %d", id, p.Spelled)
	}
	if p.NumberWords[3] != p.Vocabulary.ID([]byte("#3")) || p.NumberWords[4] != 0 {
		t.Errorf("numbers in digits: %v", p.NumberWords)
	}
}

func TestDiff(t *testing.T) {
	a, b := withIndices(t, smallIndices), withIndices(t, strings.Replace(smallIndices, "loyer\t.\t1.250", "loyer\t.\t1.300", 1))
	f := &b.Sections[0].Factors[0]
	f.Weight = 0.5
	p, err := ParsePattern("très malade")
	if err != nil {
		t.Fatal(err)
	}
	f.Terms = append(f.Terms, Entry{Pattern: p})
	b.Policy.Disabled = []string{"health.maladie"}
	var got []string
	for _, d := range Diff(a, b) {
		got = append(got, d.String())
	}
	want := []string{
		"health.maladie : poids 1 → 0.5",
		"health.maladie : + terme « très malade »",
		"politique : + facteur éteint « health.maladie »",
		"indices : [passage] loyer . 1.250 . . . . → . 1.300 . . . .",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if d := Diff(a, a); len(d) != 0 {
		t.Errorf("with itself: %v", d)
	}
}

// A long line hides nothing after it, and a file that cannot be read is told.
func TestIndicesAreReadWhole(t *testing.T) {
	row := "\t1\t.\t.\t.\t.\t.\n"
	var ps problems
	x := parseIndices("indices", []byte("[passage]\n"+strings.Repeat("a", 1<<17)+row+"malade"+row), &ps)
	if len(ps) > 0 || len(x.Rows[Passage]) != 2 {
		t.Errorf("%d rows, %v", len(x.Rows[Passage]), ps.err())
	}
	loadIndices(fstest.MapFS{IndicesFile: {Mode: fs.ModeDir}}, ".", &ps)
	if len(ps) != 1 {
		t.Error("a file that cannot be read is passed over")
	}
}
