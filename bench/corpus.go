package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pkg/text"
)

// Where the corpus is looked for: the first that is there.
var corpora = []string{"../../shared/corpus/dev.jsonl", "../pipeline/eval/corpus/documents-*.jsonl"}

// document is what the annotated corpus says of one document.
type document struct {
	ID, Kind, Subject, Body, Question, Answer string
	Turns                                     []turn
}

type turn struct {
	Speaker string `json:"speaker"`
	Text    string `json:"text"`
}

// corpusFiles returns the corpus that is named; without a name, the first of corpora.
func corpusFiles(name string) ([]string, error) {
	if name != "" {
		return []string{name}, nil
	}
	for _, pattern := range corpora {
		if names, err := filepath.Glob(pattern); err != nil || len(names) > 0 {
			return names, err
		}
	}
	return nil, fmt.Errorf("no corpus at %q", corpora)
}

// readCorpus reads a corpus of JSON lines.
func readCorpus(name string) ([]document, error) {
	names, err := corpusFiles(name)
	if err != nil {
		return nil, err
	}
	var all []document
	for _, n := range names {
		data, err := os.ReadFile(n)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var d document
			if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
				return nil, fmt.Errorf("%s: %w", n, err)
			}
			all = append(all, d)
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no documents in %q", names)
	}
	return all, nil
}

// text is all that people wrote or said in a document.
func (d *document) text() string {
	texts := []string{d.Subject, d.Body, d.Answer}
	for _, t := range d.Turns {
		texts = append(texts, t.Text)
	}
	return strings.TrimSpace(strings.Join(texts, "\n"))
}

// event is the document as a producer would send it.
func (d *document) event() string {
	data := map[string]any{"subject": d.Subject, "text": d.Body}
	switch d.Kind {
	case "transcript":
		var turns []map[string]any
		for i, t := range d.Turns {
			turns = append(turns, map[string]any{
				"speaker": t.Speaker, "text": t.Text, "start_ms": 4000 * i, "end_ms": 4000*i + 3600, "confidence": 0.93,
			})
		}
		data = map[string]any{"language": "fr-FR", "turns": turns}
	case "survey":
		data = map[string]any{"answers": []map[string]string{{"question": d.Question, "text": d.Answer}}}
	}
	return envelope(d.ID, d.Kind, data)
}

func envelope(id, kind string, data any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]any{
		"specversion": "1.0", "id": id, "source": "/bench", "type": "vigie." + kind + ".v1", "subject": "D-20931",
		"time": "2026-11-03T10:00:00Z", "datacontenttype": "application/json", "data": data,
	}); err != nil {
		panic(err) // strings and numbers alone
	}
	return strings.TrimSpace(b.String())
}

// input is one set of documents, each in three shapes.
type input struct {
	name, title string
	raw         []string // as written
	events      []string // as sent
	folded      []string // folded words between blanks
}

// The sizes of the inputs made from the corpus, in bytes of text.
var sizes = []struct {
	name, title string
	bytes       int
}{{"300B", "300 B", 300}, {"4kB", "4 kB", 4 << 10}, {"20kB", "20 kB", 20 << 10}}

// makeInputs makes the corpus as it is and documents of each size, cut out of
// its texts in an order drawn with a fixed seed; at most so many of each.
func makeInputs(corpus []document, most int) []input {
	whole := input{name: "corpus", title: "corpus"}
	texts := make([]string, 0, len(corpus))
	for i := range corpus {
		texts = append(texts, corpus[i].text())
		whole.add(texts[i], corpus[i].event())
	}
	r := rand.New(rand.NewPCG(6, 2026))
	r.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	all := []input{whole.first(most)}
	joined := strings.Join(texts, "\n\n")
	for _, size := range sizes {
		in := input{name: size.name, title: size.title}
		for rest := joined; len(rest) > size.bytes; {
			end := size.bytes
			for !utf8.RuneStart(rest[end]) {
				end--
			}
			one := rest[:end]
			in.add(one, envelope(fmt.Sprintf("b-%d", len(in.raw)), "letter", map[string]any{"text": one}))
			rest = rest[end:]
		}
		all = append(all, in.first(most))
	}
	return all
}

// add adds a document; one without a word is left out.
func (in *input) add(raw, event string) {
	if folded := fold(raw); folded != "" {
		in.raw, in.events, in.folded = append(in.raw, raw), append(in.events, event), append(in.folded, folded)
	}
}

func (in input) first(most int) input {
	if most > 0 && most < len(in.raw) {
		in.raw, in.events, in.folded = in.raw[:most], in.events[:most], in.folded[:most]
	}
	return in
}

// fold returns the folded words of a text between blanks.
func fold(raw string) string {
	var t text.Text
	text.Fold(raw, &t)
	words := make([]string, len(t.Tokens))
	for i := range words {
		words[i] = string(t.Word(i))
	}
	return strings.Join(words, " ")
}

// words counts the words of an input.
func (in *input) words() (n int) {
	for _, d := range in.folded {
		n += strings.Count(d, " ") + 1
	}
	return n
}

// bytes counts the bytes of its texts as written.
func (in *input) bytes() (n int) {
	for _, d := range in.raw {
		n += len(d)
	}
	return n
}
