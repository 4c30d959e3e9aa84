package schemas

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/vigie-project/vigie/pkg/config"
)

// TestAsyncAPI: every reference of the page leads somewhere, every schema is
// used, and the topics are those of the default configuration.
func TestAsyncAPI(t *testing.T) {
	data, err := os.ReadFile("../asyncapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var page map[string]any
	if err := yaml.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	walk(page, func(ref string) {
		file, pointer, local := strings.Cut(ref, "#/")
		switch {
		case local && file == "":
			if !leads(page, strings.Split(pointer, "/")) {
				t.Errorf("%s leads nowhere", ref)
			}
		default:
			if _, err := os.Stat(filepath.Join("..", ref)); err != nil {
				t.Error(err)
			}
			used[filepath.Base(ref)] = true
		}
	})
	for kind := range schemas(t) {
		if !used[kind+".json"] {
			t.Errorf("%s.json is not on the page", kind)
		}
	}

	var addresses []string
	for name, c := range page["channels"].(map[string]any) {
		if name != "inputs" {
			addresses = append(addresses, c.(map[string]any)["address"].(string))
		}
	}
	topics := config.Default().Topics
	topics.Evidence = "fragility.evidence" // off by default
	outputs := topics.Outputs()
	slices.Sort(addresses)
	slices.Sort(outputs)
	if !slices.Equal(addresses, outputs) {
		t.Errorf("the page has the topics %q, the program %q", addresses, outputs)
	}
}

// walk calls found with every $ref below node.
func walk(node any, found func(ref string)) {
	switch n := node.(type) {
	case map[string]any:
		for key, value := range n {
			if ref, ok := value.(string); ok && key == "$ref" {
				found(ref)
			}
			walk(value, found)
		}
	case []any:
		for _, value := range n {
			walk(value, found)
		}
	}
}

// leads reports whether a path of keys leads somewhere below node.
func leads(node map[string]any, path []string) bool {
	for _, key := range path {
		next, ok := node[key].(map[string]any)
		if !ok {
			return false
		}
		node = next
	}
	return true
}
