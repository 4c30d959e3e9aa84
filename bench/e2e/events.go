package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
)

// document is what the annotated corpus says of one document.
type document struct {
	Kind, Subject, Body, Question, Answer string
	Score                                 int
	Turns                                 []turn
}

type turn struct {
	Speaker string `json:"speaker"`
	Text    string `json:"text"`
}

// The sizes of an event's value in bytes; one event in tenth is flagged.
const (
	smallest, largest = 3900, 4400
	tenth             = 10
)

// idPattern is the event's number in its id, eight digits that are replaced.
const idPattern = "bench-00000000"

// template is an event whose id is still to be numbered.
type template struct {
	value   []byte
	id      int // where the number stands
	flagged bool
}

// numbered is the event with number n in its id.
func (t template) numbered(n int) []byte {
	v := bytes.Clone(t.value)
	copy(v[t.id:], fmt.Sprintf("%08d", n))
	return v
}

// pool is the set of distinct events.
type pool struct {
	all []template
	// flagBytes is the mean size of a flag.
	flagBytes int
}

// any is one of them.
func (p *pool) any(rnd *rand.Rand) template { return p.all[rnd.IntN(len(p.all))] }

// newPool makes so many distinct events of documents of the corpus, several of one kind in one
// event, always the same ones. The classifier says which are flagged.
func newPool(path string, distinct int, c *pipeline.Classifier) (*pool, error) {
	docs, err := readCorpus(path)
	if err != nil {
		return nil, err
	}
	clean, flagged := map[string][]document{}, map[string][]document{}
	for _, d := range docs {
		f, _, err := judged(c, compose([]document{d}))
		if err != nil {
			return nil, err
		}
		if f {
			flagged[d.Kind] = append(flagged[d.Kind], d)
		} else {
			clean[d.Kind] = append(clean[d.Kind], d)
		}
	}
	rnd := rand.New(rand.NewPCG(4, 12))
	kinds := []string{"transcript", "email", "letter", "complaint"}
	p := &pool{}
	var flagSum, flags int
	for tries := 0; len(p.all) < distinct; tries++ {
		if tries > 200*distinct {
			return nil, fmt.Errorf("only %d events of the wanted size could be made of %s", len(p.all), path)
		}
		kind, want := kinds[len(p.all)%len(kinds)], len(p.all)%tenth == 0
		value := draw(rnd, clean[kind], flagged[kind], want)
		if value == nil {
			continue
		}
		is, size, err := judged(c, value)
		if err != nil {
			return nil, err
		}
		if is != want {
			continue
		}
		if is {
			flagSum, flags = flagSum+size, flags+1
		}
		at := bytes.Index(value, []byte(idPattern))
		p.all = append(p.all, template{value: value, id: at + len("bench-"), flagged: is})
	}
	p.flagBytes = flagSum / flags
	// Neighbours on a partition are not to be tied to the pattern in which they were drawn.
	rnd.Shuffle(len(p.all), func(i, j int) { p.all[i], p.all[j] = p.all[j], p.all[i] })
	return p, nil
}

// draw puts clean documents together, a flagged one among them where one is
// wanted; nil if the size is not right.
func draw(rnd *rand.Rand, clean, flagged []document, want bool) []byte {
	var docs []document
	if want {
		docs = append(docs, flagged[rnd.IntN(len(flagged))])
	}
	for {
		value := compose(docs)
		switch {
		case len(value) > largest:
			return nil
		case len(value) >= smallest:
			return value
		}
		docs = append(docs, clean[rnd.IntN(len(clean))])
		last := len(docs) - 1
		at := rnd.IntN(len(docs))
		docs[at], docs[last] = docs[last], docs[at]
	}
}

// compose is the event of documents of one kind, a structured CloudEvent.
func compose(docs []document) []byte {
	data := map[string]any{}
	kind := ""
	var bodies []string
	var turns []turn
	for _, d := range docs {
		kind = d.Kind
		bodies = append(bodies, d.Body)
		turns = append(turns, d.Turns...)
		if data["subject"] == nil {
			data["subject"] = d.Subject
		}
	}
	switch kind {
	case "transcript":
		data = map[string]any{"language": "fr-FR", "turns": turns}
	case "survey":
		data = map[string]any{"score": docs[0].Score, "answers": []map[string]string{{"question": docs[0].Question, "text": docs[0].Answer}}}
	default:
		data["text"] = strings.Join(bodies, "\n\n")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(struct {
		Spec    string `json:"specversion"`
		ID      string `json:"id"`
		Source  string `json:"source"`
		Type    string `json:"type"`
		Subject string `json:"subject"`
		Time    string `json:"time"`
		Data    any    `json:"data"`
	}{"1.0", idPattern, "/bench", "vigie." + kind + ".v1", "case-bench", "2026-01-15T09:00:00Z", data})
	if err != nil {
		panic(err) // strings and numbers only
	}
	return bytes.TrimSpace(b.Bytes())
}

// judged reports whether an event is flagged, and the size of its flag.
func judged(c *pipeline.Classifier, value []byte) (flagged bool, size int, err error) {
	result, err := c.Classify(event.Record{Value: value})
	if err != nil || result.Flag == nil {
		return false, 0, err
	}
	return true, len(result.Flag.AppendJSON(nil)), nil
}

func readCorpus(path string) (docs []document, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d document
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		docs = append(docs, d)
	}
	return docs, lines.Err()
}
