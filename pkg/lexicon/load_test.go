package lexicon

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// mark announces in a comment what the next line that is no mark must report.
var mark = regexp.MustCompile(`^\s*# !(\d+): (.*)$`)

// announced returns "file:line:column" with the announced message for every mark under dir.
func announced(t *testing.T, dir string) map[string][]string {
	t.Helper()
	want := map[string][]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		lines := strings.Split(string(data), "\n")
		for i, l := range lines {
			m := mark.FindStringSubmatch(l)
			if m == nil {
				continue
			}
			next := i + 1
			for strings.HasPrefix(strings.TrimSpace(lines[next]), "#") {
				next++
			}
			at := fmt.Sprintf("%s:%d:%s", name, next+1, m[1])
			want[at] = append(want[at], m[2])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// compareMarks checks problems against marks, both ways.
func compareMarks(t *testing.T, want map[string][]string, got []*Problem) {
	t.Helper()
	for _, p := range got {
		at := p.String()
		i := slices.IndexFunc(want[at], func(m string) bool { return strings.Contains(p.Message, m) })
		if i < 0 {
			t.Errorf("not announced: %s: %s", at, p.Message)
			continue
		}
		want[at] = slices.Delete(want[at], i, i+1)
	}
	for at, messages := range want {
		for _, m := range messages {
			t.Errorf("announced, but not reported: %s: %s", at, m)
		}
	}
}

// told returns the problems that an error joins.
func told(t *testing.T, err error) []*Problem {
	t.Helper()
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("not a joined error: %v", err)
	}
	all := make([]*Problem, 0, len(joined.Unwrap()))
	for _, e := range joined.Unwrap() {
		var p *Problem
		if !errors.As(e, &p) {
			t.Fatalf("not a *Problem: %v", e)
		}
		all = append(all, p)
	}
	return all
}

func TestLoadTellsAllMistakes(t *testing.T) {
	_, err := Load(os.DirFS("testdata/bad"), ".")
	if err == nil {
		t.Fatal("no error")
	}
	compareMarks(t, announced(t, "testdata/bad"), told(t, err))
}

func TestLoadGood(t *testing.T) {
	rs, err := Load(os.DirFS("testdata"), "good")
	if err != nil {
		t.Fatal(err)
	}
	type view struct {
		*Ruleset
		Notation []string
	}
	v := view{Ruleset: rs}
	for _, s := range rs.Sections {
		for _, f := range s.Factors {
			for _, e := range slices.Concat(f.Terms, f.Heard, f.Unless) {
				v.Notation = append(v.Notation, e.String()+" "+e.Pattern.notation)
			}
			for _, st := range f.Structures {
				v.Notation = append(v.Notation, st.String()+" "+st.Kind.String()+" "+st.Notation())
			}
		}
	}
	got, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "good.json", append(got, '\n'))
}

// golden compares got with a file of testdata; with UPDATE set it is written.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; UPDATE=1 writes it):\n%s", file, diff)
	}
}

func TestLoadBrokenFiles(t *testing.T) {
	good := func(name string) []byte {
		data, err := os.ReadFile("testdata/good/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for name, c := range map[string]struct {
		file, content, want string
	}{
		"tab":         {"fr/health.yaml", "category: health\nlabel:\n\t- a\n", "fr/health.yaml:3:1: YAML mal formé"},
		"empty":       {"fr/health.yaml", "", "fr/health.yaml:1:1: le fichier doit contenir un document YAML"},
		"two":         {"fr/health.yaml", "a: 1\n---\nb: 1\n", "fr/health.yaml:1:1: le fichier doit contenir un document YAML"},
		"list":        {"fr/health.yaml", "- a\n", "fr/health.yaml:1:1: il faut ici des lignes"},
		"twice a key": {"fr/health.yaml", "label: a\nlabel: b\n", "fr/health.yaml:2:1: YAML mal formé"},
		"anchor":      {"fr/health.yaml", "category: &a health\nlabel: L\nfactors: [{id: a, label: A, fg21: health, terms: x y z}]\n", "fr/health.yaml:1:11: il faut ici"},
		"no category": {"fr/health.yaml", "label: a\n", "fr/health.yaml:1:1: il manque « category: »"},
		"again":       {"fr/x.yaml", string(good("fr/capacity.yaml")), "fr/x.yaml:1:1: la catégorie « capacity » a déjà un fichier"},
		"no release":  {"lexicon.yaml", "<none>", "lexicon.yaml:1:1: fichier illisible"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for _, f := range []string{"lexicon.yaml", "qualifiers.fr.yaml", "fr/capacity.yaml"} {
				fsys[f] = &fstest.MapFile{Data: good(f)}
			}
			fsys[c.file] = &fstest.MapFile{Data: []byte(c.content)}
			if c.content == "<none>" {
				delete(fsys, c.file)
			}
			_, err := Load(fsys, ".")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := Load(fstest.MapFS{"lexicon.yaml": {Data: good("lexicon.yaml")}}, "."); err == nil || !strings.Contains(err.Error(), "aucune catégorie") {
		t.Errorf("without categories: error %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"good/fr/health.yaml", "bad/fr/health.yaml", "bad/qualifiers.fr.yaml", "good/qualifiers.fr.yaml"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"fr/health.yaml", "qualifiers.fr.yaml"} {
			_, err := Load(fstest.MapFS{name: {Data: data}}, ".")
			for _, p := range told(t, err) {
				if p.File == "" || p.Line < 1 || p.Column < 1 {
					t.Errorf("no place: %v", p)
				}
			}
		}
	})
}
