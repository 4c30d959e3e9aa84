package main

import (
	"cmp"
	"os"
	"slices"
	"strings"
)

// writeBenthos writes the configuration of Benthos to path, the terms in it,
// which are letters, digits and blanks, as one alternation, the longest first.
func writeBenthos(path string, terms []term) error {
	pipeline, err := os.ReadFile("benthos/pipeline.yaml")
	if err != nil {
		return err
	}
	list := make([]string, len(terms))
	for i, t := range terms {
		list[i] = t.Text
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	list = slices.Compact(list)
	return os.WriteFile(path, []byte(strings.Replace(string(pipeline), "TERMS", strings.Join(list, "|"), 1)), 0o644)
}
