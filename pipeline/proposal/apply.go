package proposal

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/aymanbagabas/go-udiff"

	"github.com/vigie-project/vigie/pkg/french"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Proposed is a lexicon with changes.
type Proposed struct {
	// Ruleset is the changed one, read back from the changed files.
	Ruleset *lexicon.Ruleset
	// Differences are what it says differently, by meaning.
	Differences []lexicon.Difference
	// Patch is a unified diff with paths from the lexicon's directory on, for
	// "patch -p1" in it and for "git apply --directory".
	Patch []byte
	// Factors are the ids of the changed factors, in the order of the changes.
	Factors []string
}

// Apply makes the changes to the lexicon rs that stands in files under dir. The
// error is a *[Refused] where the changes are not possible.
func Apply(files fs.FS, dir string, rs *lexicon.Ruleset, changes []Change) (*Proposed, error) {
	switch {
	case len(changes) == 0:
		return nil, refuse(-1, "aucun changement : ajoutez-en un")
	case len(changes) > MaxChanges:
		return nil, refuse(-1, "%s : une proposition en porte %d au plus ; faites-en plusieurs", french.Count(len(changes), "changement"), MaxChanges)
	}
	expected, err := expect(rs, changes)
	if err != nil {
		return nil, err
	}
	p := &Proposed{}
	loaded := fstest.MapFS{}
	var patch strings.Builder
	for _, name := range changedFiles(rs, changes) {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading the lexicon: %w", err)
		}
		e := newEdits(newSource(data))
		if err := e.file(rs, name, changes); err != nil {
			return nil, err
		}
		all := e.all()
		changed, err := udiff.ApplyBytes(data, all)
		if err != nil {
			return nil, fmt.Errorf("editing the lexicon: %w", err)
		}
		loaded[name] = &fstest.MapFile{Data: changed}
		short, err := shortName(dir, name)
		if err != nil {
			return nil, err
		}
		diff, err := udiff.ToUnified("a/"+short, "b/"+short, string(data), all, udiff.DefaultContextLines)
		if err != nil {
			return nil, fmt.Errorf("writing the patch: %w", err)
		}
		patch.WriteString(diff)
	}
	if p.Ruleset, err = readBack(files, dir, rs, loaded); err != nil {
		return nil, err
	}
	if !same(expected, p.Ruleset) {
		return nil, byHand(-1)
	}
	p.Differences = differences(rs, p.Ruleset)
	for _, c := range changes {
		if !slices.Contains(p.Factors, c.Factor) {
			p.Factors = append(p.Factors, c.Factor)
		}
	}
	p.Patch = []byte(head(rs, changes, inRepository(files, dir)) + patch.String())
	return p, nil
}

// changedFiles lists the files of the changed factors, in the order of the contract.
func changedFiles(rs *lexicon.Ruleset, changes []Change) []string {
	var names []string
	for _, s := range rs.Sections {
		for _, f := range s.Factors {
			of := func(c Change) bool { return c.Factor == s.ID+"."+f.ID }
			if slices.ContainsFunc(changes, of) && !slices.Contains(names, f.File) {
				names = append(names, f.File)
			}
		}
	}
	return names
}

// plainName are file names that no reader of patches takes for something else.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`)

// shortName is a file's name from the lexicon's directory on.
func shortName(dir, name string) (string, error) {
	short := strings.TrimPrefix(strings.TrimPrefix(name, path.Clean(dir)), "/")
	if !plainName.MatchString(short) {
		return "", refuse(-1, "un fichier du lexique a un nom qu’un correctif ne peut pas porter : n’y gardez que des lettres sans accent, des chiffres, « - », « _ » et « . »")
	}
	return short, nil
}

// readBack reads the changed files beside lexicon.yaml, and puts their
// categories in the place of those in rs: all else stays as it is.
func readBack(files fs.FS, dir string, rs *lexicon.Ruleset, changed fstest.MapFS) (*lexicon.Ruleset, error) {
	name := path.Join(dir, "lexicon.yaml")
	release, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("reading the lexicon: %w", err)
	}
	// An absolute directory is a name like another here.
	const here = "lexicon"
	moved := fstest.MapFS{here + "/lexicon.yaml": {Data: release}}
	for name, file := range changed {
		moved[here+"/fr/"+path.Base(name)] = file
	}
	part, err := lexicon.Load(moved, here)
	if err != nil { // the file was well before: the edit is at fault
		return nil, byHand(-1)
	}
	whole := *rs
	whole.Sections = slices.Clone(rs.Sections)
	for i := range whole.Sections {
		for _, s := range part.Sections {
			if s.ID == whole.Sections[i].ID {
				whole.Sections[i] = s
			}
		}
	}
	return &whole, nil
}

// home is where the shipped lexicon stands in its repository.
const home = "configs/lexicon"

// inRepository is the lexicon's directory in its repository, or what stands for
// it: of another lexicon than the shipped one nobody here knows.
func inRepository(files fs.FS, dir string) string {
	if u, ok := files.(*unchanged); ok {
		files = u.FS
	}
	if _, inProgram := files.(embed.FS); inProgram || path.Clean(dir) == home {
		return home
	}
	return "<dossier du lexique>"
}

// head explains the patch; readers of patches pass over it.
func head(rs *lexicon.Ruleset, changes []Change, dir string) string {
	clean := strings.NewReplacer("\n", " ", "\r", " ")
	noun := "changement"
	if len(changes) > 1 {
		noun += "s"
	}
	return fmt.Sprintf("# Proposition pour le lexique %s, version %s : %d %s.\n", clean.Replace(rs.Name), clean.Replace(rs.Version), len(changes), noun) +
		"# À appliquer dans le dossier du lexique (celui de lexicon.yaml) : patch -p1 < proposition.patch\n" +
		"# Avec git, depuis la racine du dépôt : git apply --directory=" + dir + " proposition.patch\n"
}
