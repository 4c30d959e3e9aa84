// Package schemas tests the JSON Schemas and the AsyncAPI page of the contract.
package schemas

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/vigie-project/vigie/pkg/event"
)

// schemas compiles every schema, by type.
func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	files, err := filepath.Glob("vigie.*.json")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d schemas of a type, want 9: %v", len(files), err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	all := make(map[string]*jsonschema.Schema)
	for _, f := range files {
		s, err := c.Compile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(f, ".json")] = s
	}
	return all
}

// lines returns the lines of a file that are no comment.
func lines(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

func parse(t *testing.T, line string) (value any, kind string) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	kind, _ = value.(map[string]any)["type"].(string)
	return value, kind
}

// TestEvents: what the schemas take, the program reads, and what they refuse,
// it refuses.
func TestEvents(t *testing.T) {
	all := schemas(t)
	for file, good := range map[string]bool{"testdata/valid.txt": true, "testdata/invalid.txt": false} {
		for _, line := range lines(t, file) {
			value, kind := parse(t, line)
			if err := all[kind].Validate(value); (err == nil) != good {
				t.Errorf("%s: the schema says %v: %s", file, err, line)
			}
			if kind == "vigie.retraction.v1" || kind == "vigie.evidence.v1" {
				continue // written, never read
			}
			if _, err := event.Decode(event.Record{Value: []byte(line)}); (err == nil) != good {
				t.Errorf("%s: the program says %v: %s", file, err, line)
			}
		}
	}
}

// TestWritten holds what pkg/flag writes, byte for byte, against the schemas.
func TestWritten(t *testing.T) {
	all := schemas(t)
	for _, name := range []string{"flag", "receipt", "evidence", "retraction"} {
		value, kind := parse(t, lines(t, "../../pkg/flag/testdata/"+name+".json")[0])
		if err := all[kind].Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFlagsRefused spoils a good flag in one place at a time.
func TestFlagsRefused(t *testing.T) {
	schema := schemas(t)["vigie.flag.v1"]
	good := lines(t, "../../pkg/flag/testdata/flag.json")[0]
	for _, line := range lines(t, "testdata/flags.txt") {
		path, text, _ := strings.Cut(line, " ")
		flag, _ := parse(t, good)
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		set(t, flag.(map[string]any)["data"], strings.Split(path, "."), value)
		if schema.Validate(flag) == nil {
			t.Errorf("a flag with %s is taken", line)
		}
	}
}

// set puts value at the path below node.
func set(t *testing.T, node any, path []string, value any) {
	t.Helper()
	switch n := node.(type) {
	case map[string]any:
		if len(path) == 1 {
			n[path[0]] = value
			return
		}
		set(t, n[path[0]], path[1:], value)
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(n) {
			t.Fatalf("no element %s", path[0])
		}
		set(t, n[i], path[1:], value)
	default:
		t.Fatalf("no place for %q", path)
	}
}
