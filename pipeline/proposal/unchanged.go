package proposal

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
)

// unchanged are the files of a lexicon, each as long as it stays what it was.
type unchanged struct {
	fs.FS
	sums map[string][sha256.Size]byte
}

// Unchanged returns files as they are for [Apply] later on: reading one of the
// lexicon's under dir fails with a *[Refused] once it is not what it is now, for
// then a ruleset that was loaded from it no longer says where its terms stand.
func Unchanged(files fs.FS, dir string) (fs.FS, error) {
	u := &unchanged{files, make(map[string][sha256.Size]byte)}
	names, err := fs.Glob(files, path.Join(dir, "fr", "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("reading the lexicon: %w", err)
	}
	for _, name := range append(names, path.Join(dir, "lexicon.yaml")) {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading the lexicon: %w", err)
		}
		u.sums[name] = sha256.Sum256(data)
	}
	return u, nil
}

// ReadFile implements fs.ReadFileFS.
func (u *unchanged) ReadFile(name string) ([]byte, error) {
	data, err := fs.ReadFile(u.FS, name)
	if err != nil || sha256.Sum256(data) != u.sums[name] {
		return nil, refuse(-1, "les fichiers du lexique ont changé depuis le démarrage de la console : démarrez-la de nouveau")
	}
	return data, nil
}
