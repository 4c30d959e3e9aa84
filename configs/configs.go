// Package configs embeds the configuration shipped with the program, so that
// the binary runs anywhere: vigie.yaml, routing.yaml and the French lexicon,
// and the program that is compiled of the two.
package configs

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
)

// FS holds the shipped files: "vigie.yaml", "routing.yaml" and "lexicon".
//
//go:embed *.yaml lexicon
var FS embed.FS

// program is the sum of the files that it was made of, then the program as
// [lexicon.Program.Pack] has it.
//
//go:generate go run ./generate
//go:embed shipped.program
var program []byte

// Program returns the packed program of the shipped routing and lexicon, nil
// where it was made of other files than those or for another version of the
// engine's rules: it must then be compiled.
func Program(engine int) []byte {
	sum, err := Sum(engine)
	if err != nil || !bytes.HasPrefix(program, sum) {
		return nil
	}
	return program[len(sum):]
}

// Sum is the SHA-256 of the shipped routing and lexicon and of the version of
// the engine's rules.
func Sum(engine int) ([]byte, error) {
	sum := sha256.New()
	_, _ = fmt.Fprintln(sum, "engine", engine)
	add := func(name string) error {
		data, err := FS.ReadFile(name)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintln(sum, name, len(data))
		_, _ = sum.Write(data)
		return nil
	}
	if err := add("routing.yaml"); err != nil {
		return nil, err
	}
	err := fs.WalkDir(FS, "lexicon", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return add(name)
	})
	return sum.Sum(nil), err
}
