package config

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad reads any text as the configuration's file; what is accepted is
// valid.
func FuzzLoad(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("..", "..", "configs", "vigie.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, s := range []string{"kafka: {brokers: a:1}", "worker:\n  batch_records: [1]\n", "topics: {inputs: [a, a]}\n", "a: &a [*a]\n", "log: {level: no}\nx: 1\n"} {
		f.Add([]byte(s))
	}
	path := filepath.Join(f.TempDir(), "vigie.yaml")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(path, nil)
		if err != nil {
			return
		}
		if err := c.Validate(); err != nil {
			t.Errorf("accepted, but %v", err)
		}
	})
}
