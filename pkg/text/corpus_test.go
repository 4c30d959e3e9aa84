package text

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// corpus returns texts of the evaluation's documents, each as it is folded: a
// turn, a mail. Documents of all kinds stand in a row: it takes one in ten.
func corpus(tb testing.TB) (texts []string) {
	files, err := filepath.Glob("../../pipeline/eval/corpus/documents-*.jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(data))
		for n := 0; decoder.More(); n++ {
			var doc struct {
				Body, Answer string
				Turns        []struct{ Text string }
			}
			if err := decoder.Decode(&doc); err != nil {
				tb.Fatalf("%s: %v", path, err)
			}
			if n%10 != 0 {
				continue
			}
			for _, turn := range doc.Turns {
				texts = append(texts, turn.Text)
			}
			if text := doc.Body + doc.Answer; text != "" {
				texts = append(texts, text)
			}
		}
	}
	if len(texts) < 1000 {
		tb.Fatalf("%d texts, want 1000 at least", len(texts))
	}
	return texts
}
