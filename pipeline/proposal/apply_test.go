package proposal_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// shipped is the lexicon in the program.
var shipped = sync.OnceValue(func() *lexicon.Ruleset {
	rs, err := lexicon.Load(configs.FS, "lexicon")
	if err == nil {
		rs.Policy, err = lexicon.LoadPolicy(configs.FS, "routing.yaml")
	}
	if err != nil {
		panic(err)
	}
	return rs
})

func file(t *testing.T, name string) *fstest.MapFile {
	t.Helper()
	data, err := fs.ReadFile(configs.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: data}
}

// factors are those of a ruleset by their ids.
func factors(rs *lexicon.Ruleset) (ids []string, of map[string]*lexicon.FactorSource) {
	of = map[string]*lexicon.FactorSource{}
	for i := range rs.Sections {
		s := &rs.Sections[i]
		for k := range s.Factors {
			id := s.ID + "." + s.Factors[k].ID
			ids = append(ids, id)
			of[id] = &s.Factors[k]
		}
	}
	return ids, of
}

// tools apply a patch in a directory as their users do.
var tools = map[string]func(dir, patch string) *exec.Cmd{
	"patch": func(dir, patch string) *exec.Cmd {
		return exec.Command("patch", "-p1", "--binary", "--fuzz=0", "-d", dir, "-i", patch)
	},
	"git": func(dir, patch string) *exec.Cmd {
		c := exec.Command("git", "apply", "--whitespace=nowarn", patch)
		c.Dir = dir
		c.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
		return c
	},
}

// patched applies a patch to a copy of files with each tool there is, and
// returns the directory: all make the same files.
func patched(t *testing.T, files fs.FS, patch []byte) string {
	t.Helper()
	var dirs []string
	for name, command := range tools {
		if _, err := exec.LookPath(name); err != nil {
			t.Logf("NOT APPLIED BY %s: it is not installed", name)
			continue
		}
		dir := filepath.Join(t.TempDir(), "lexicon")
		if err := os.CopyFS(dir, files); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "proposition.patch")
		if err := os.WriteFile(file, patch, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if out, err := command(dir, file).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s\n%s", name, err, out, patch)
		}
		dirs = append(dirs, dir)
	}
	if len(dirs) == 0 {
		t.Fatal("neither patch nor git is installed: no patch was applied")
	}
	names, err := fs.Glob(files, "fr/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		first, err := os.ReadFile(filepath.Join(dirs[0], name))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs[1:] {
			if other, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(first, other) {
				t.Errorf("%s: the tools do not make the same of the patch; %v", name, err)
			}
		}
	}
	return dirs[0]
}

// Each kind of change, in every factor of the shipped lexicon at once, applied
// by the tools that people have: the lexicon says just that, and nothing else
// of the files has changed.
func TestShippedPatches(t *testing.T) {
	whole := *shipped()
	whole.Indices = lexicon.IndicesSource{} // no patch is of them, and they take most of the time
	rs := &whole
	ids, of := factors(rs)
	root := fstest.MapFS{}
	for name, at := range map[string]string{"lexicon.yaml": "lexicon/lexicon.yaml", "qualifiers.fr.yaml": "lexicon/qualifiers.fr.yaml"} {
		root[name] = file(t, at)
	}
	names, _ := fs.Glob(configs.FS, "lexicon/fr/*.yaml")
	for _, name := range names {
		root[strings.TrimPrefix(name, "lexicon/")] = file(t, name)
	}
	const (
		term    = "motif {tout} neuf ...8 «éprouvé»"
		example = "Un exemple : avec « guillemets », \"droits\" et # dièse"
		call    = "agent : ça va ?\nclient : non, c'est \"dur\" # pas"
	)
	for _, c := range []struct {
		name string
		// of returns the change of a factor, whether there is one, and how many
		// lines more or fewer the file has.
		of    func(id string, f *lexicon.FactorSource) (proposal.Change, bool)
		added string // what a difference says that was added, "" for none
		what  string
	}{
		{"add terms", func(id string, f *lexicon.FactorSource) (proposal.Change, bool) {
			return proposal.Change{Op: proposal.Add, Factor: id, Block: proposal.Terms, New: term}, true
		}, term, "terme"},
		{"add heard", func(id string, f *lexicon.FactorSource) (proposal.Change, bool) {
			return proposal.Change{Op: proposal.Add, Factor: id, Block: proposal.Heard, New: term}, true
		}, term, "terme oral"},
		{"add unless", func(id string, f *lexicon.FactorSource) (proposal.Change, bool) {
			return proposal.Change{Op: proposal.Add, Factor: id, Block: proposal.Unless, New: term}, true
		}, term, "sauf"},
		{"replace the last term", func(id string, f *lexicon.FactorSource) (proposal.Change, bool) {
			if len(f.Terms) == 0 {
				return proposal.Change{}, false
			}
			last := f.Terms[len(f.Terms)-1]
			return proposal.Change{Op: proposal.Replace, Factor: id, Block: proposal.Terms, Old: last.Pattern.Source, New: term}, true
		}, term, "terme"},
		{"remove the first exclusion", func(id string, f *lexicon.FactorSource) (proposal.Change, bool) {
			if len(f.Unless) == 0 {
				return proposal.Change{}, false
			}
			return proposal.Change{Op: proposal.Remove, Factor: id, Block: proposal.Unless, Old: f.Unless[0].Pattern.Source}, true
		}, "", "sauf"},
		{"remove a term", func(id string, f *lexicon.FactorSource) (proposal.Change, bool) {
			if len(f.Terms) < 2 {
				return proposal.Change{}, false
			}
			return proposal.Change{Op: proposal.Remove, Factor: id, Block: proposal.Terms, Old: f.Terms[len(f.Terms)/2].Pattern.Source}, true
		}, "", "terme"},
		{"add an example", func(id string, f *lexicon.FactorSource) (proposal.Change, bool) {
			return proposal.Change{Op: proposal.Add, Factor: id, Block: "examples.no_match", New: example}, true
		}, "", ""},
		{"add a call", func(id string, f *lexicon.FactorSource) (proposal.Change, bool) {
			return proposal.Change{Op: proposal.Add, Factor: id, Block: "examples.uncertain", New: call}, true
		}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var changes []proposal.Change
			for _, id := range ids {
				if change, ok := c.of(id, of[id]); ok {
					changes = append(changes, change)
				}
			}
			if len(changes) < 100 {
				t.Fatalf("%d factors have such a change: too few to say that all were tried", len(changes))
			}
			p, err := proposal.Apply(configs.FS, "lexicon", rs, changes)
			if err != nil {
				t.Fatal(err)
			}
			dir := patched(t, root, p.Patch)
			again, err := lexicon.Load(os.DirFS(filepath.Dir(dir)), "lexicon")
			if err != nil {
				t.Fatal(err)
			}
			again.Policy = rs.Policy
			said := lexicon.Diff(rs, again)
			var want []lexicon.Difference
			for _, change := range changes {
				if c.what == "" {
					continue
				}
				d := lexicon.Difference{Where: change.Factor, What: c.what}
				if change.Old != "" {
					d.Removed = canonical(t, change.Old)
				}
				if change.New != "" {
					d.Added = canonical(t, change.New)
				}
				want = append(want, d)
			}
			if diff := cmp.Diff(split(want), split(said)); diff != "" {
				t.Errorf("what the lexicon says now (-want +got):\n%s", diff)
			}
			_, now := factors(again)
			for _, change := range changes {
				if expect := change.Block.Expect(); expect != "" {
					list := now[change.Factor].Examples
					if !slices.ContainsFunc(list, func(e lexicon.Example) bool { return e.Expect == expect && e.Text == change.New }) || len(list) != len(of[change.Factor].Examples)+1 {
						t.Errorf("%s: the example is not there", change.Factor)
					}
				}
			}
			sameLines(t, p.Patch, len(changes))
		})
	}
}

// sameLines checks that a patch takes no line away but for one of each change.
func sameLines(t *testing.T, patch []byte, changes int) {
	t.Helper()
	gone := 0
	for line := range strings.Lines(string(patch)) {
		if strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "--- ") {
			gone++
		}
	}
	if gone > 2*changes { // the last line of a block takes its key along
		t.Errorf("%d lines are taken away by %d changes", gone, changes)
	}
}

func canonical(t *testing.T, term string) string {
	t.Helper()
	p, err := lexicon.ParsePattern(term)
	if err != nil {
		t.Fatal(err)
	}
	return p.String()
}

// split writes each difference as what went and what came, sorted: Diff tells a
// lone term that was replaced as one, of several as two.
func split(list []lexicon.Difference) []string {
	all := []string{}
	for _, d := range list {
		if d.Removed != "" && d.Removed != "(rien)" {
			all = append(all, fmt.Sprint(d.Where, " ", d.What, " − ", d.Removed))
		}
		if d.Added != "" && d.Added != "(rien)" {
			all = append(all, fmt.Sprint(d.Where, " ", d.What, " + ", d.Added))
		}
	}
	slices.Sort(all)
	return all
}

// The patch of many changes in one factor, against the lexicon of the program.
func TestPatchText(t *testing.T) {
	p, err := proposal.Apply(configs.FS, "lexicon", shipped(), []proposal.Change{
		{Op: proposal.Add, Factor: "health.ald_longue_maladie", Block: proposal.Terms, New: "maladie au long court"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(p.Patch, []byte("--- a/fr/health.yaml\n+++ b/fr/health.yaml\n@@ ")) || bytes.Count(p.Patch, []byte("\n+")) != 2 {
		t.Errorf("the patch is\n%s", p.Patch)
	}
	files, err := proposal.Unchanged(configs.FS, "lexicon")
	if err != nil {
		t.Fatal(err)
	}
	again, err := proposal.Apply(files, "lexicon", shipped(), []proposal.Change{
		{Op: proposal.Add, Factor: "health.ald_longue_maladie", Block: proposal.Terms, New: "maladie au long court"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "git apply --directory=configs/lexicon proposition"; !bytes.Contains(p.Patch, []byte(want)) || !bytes.Equal(p.Patch, again.Patch) {
		t.Errorf("of the shipped lexicon the patch does not say %q:\n%s\n%s", want, p.Patch, again.Patch)
	}
}
