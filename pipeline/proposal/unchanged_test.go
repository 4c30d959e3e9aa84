package proposal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// No patch is made of files that are no longer those that were loaded: it would
// be of lines that have moved.
func TestUnchanged(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(dir, small([]byte(tryHealth))); err != nil {
		t.Fatal(err)
	}
	release, err := os.ReadFile(filepath.Join(dir, "lexicon.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	rs, err := lexicon.Load(os.DirFS(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	files, err := proposal.Unchanged(os.DirFS(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func()
		well   bool
	}{
		{"as it was", func() {}, true},
		{"a comment above", func() { write("fr/health.yaml", "# Relu.\n"+tryHealth) }, false},
		{"as it was again", func() { write("fr/health.yaml", tryHealth) }, true},
		{"a file of another category", func() { write("fr/capacity.yaml", "category: capacity\nlabel: x\n") }, true},
		{"another version", func() { write("lexicon.yaml", strings.Replace(string(release), "'1'", "'2'", 1)) }, false},
		{"gone", func() { write("lexicon.yaml", string(release)); _ = os.Remove(filepath.Join(dir, "fr/health.yaml")) }, false},
	} {
		c.change()
		_, err := proposal.Apply(files, ".", rs, bedridden)
		var refused *proposal.Refused
		if c.well != (err == nil) || err != nil && (!errors.As(err, &refused) || !strings.Contains(refused.Message, "démarrez-la de nouveau")) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := proposal.Unchanged(os.DirFS(dir), "ailleurs"); err == nil {
		t.Error("a directory without a lexicon")
	}
}
