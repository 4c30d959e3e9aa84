package lexicon

import (
	"bytes"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// windows is a directory with the line ends of Windows.
func windows(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(os.DirFS(dir), name)
		files[name] = &fstest.MapFile{Data: bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Line ends are not meaning: all places, mistakes and digests stay.
func TestWindowsLineEnds(t *testing.T) {
	_, err := Load(windows(t, "testdata/bad"), ".")
	if err == nil {
		t.Fatal("no error")
	}
	compareMarks(t, announced(t, "testdata/bad"), told(t, err))

	for _, dir := range []string{"testdata/good", "../../configs/lexicon"} {
		want, err := Load(os.DirFS(dir), ".")
		if err != nil {
			t.Fatal(err)
		}
		got, err := Load(windows(t, dir), ".")
		if err != nil {
			t.Fatal(err)
		}
		if digest(t, want) != digest(t, got) {
			t.Errorf("%s: another digest", dir)
		}
		for i, s := range want.Sections {
			for k, f := range s.Factors {
				g := got.Sections[i].Factors[k]
				entries := map[string][2][]Entry{"terms": {f.Terms, g.Terms}, "heard": {f.Heard, g.Heard}, "unless": {f.Unless, g.Unless}}
				for block, x := range entries {
					if diff := cmp.Diff(places(x[0]), places(x[1])); diff != "" {
						t.Errorf("%s: %s of %s (-\"\\n\" +\"\\r\\n\"):\n%s", dir, block, f.ID, diff)
					}
				}
				if diff := cmp.Diff(f.Examples, g.Examples); diff != "" {
					t.Errorf("%s: examples of %s (-\"\\n\" +\"\\r\\n\"):\n%s", dir, f.ID, diff)
				}
			}
		}
	}
}

func places(entries []Entry) []string {
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.String() + " " + e.Pattern.Source
	}
	return list
}
