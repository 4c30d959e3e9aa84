package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// The bounds of a printed shape: a value may be 10 MB of nested lists.
const (
	shapeDepth = 12
	shapeLines = 100
)

// knownFields are the names that a shape may print: those of the contract. A
// name that an upstream system made up may be a person's.
var knownFields = []string{
	"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data", "data_base64",
	"traceparent", "language", "turns", "speaker", "text", "start_ms", "end_ms", "confidence", "html", "score",
	"answers", "question", "declared",
}

// shape is what a JSON value is made of, without what it says: each path of
// fields with the types that stand there and how long they are.
type shape struct {
	paths map[string]*shapeAt
	order []string
	// cut says that not all paths are listed.
	cut bool
}

// shapeAt is what stands at one path.
type shapeAt struct {
	kinds []string
	kind  map[string]*extent
}

// extent is how often a type stands at a path, and its lengths.
type extent struct{ n, low, high int }

// shapeOf walks a value as far as it is JSON; its error says where that ends.
func shapeOf(value []byte) (*shape, error) {
	s := &shape{paths: make(map[string]*shapeAt)}
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	err := s.walk(d, "", 0)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more follows")
		}
	}
	if err != nil {
		return s, fmt.Errorf("broken at byte %d of %d", d.InputOffset(), len(value))
	}
	return s, nil
}

// walk takes one value at path. Its error may quote the value.
func (s *shape) walk(d *json.Decoder, path string, depth int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case json.Delim:
		return s.inside(d, v, path, depth)
	case string:
		s.add(path, "string", utf8.RuneCountInString(v))
	case json.Number:
		s.add(path, "number", len(v))
	case bool:
		s.add(path, "boolean", 0)
	default:
		s.add(path, "null", 0)
	}
	return nil
}

// inside takes the fields of an object or the elements of a list.
func (s *shape) inside(d *json.Decoder, opened json.Delim, path string, depth int) error {
	kind, n := "object", 0
	if opened == '[' {
		kind = "list"
	}
	at := s.reserve(path)
	defer func() { at.add(kind, n) }()
	for d.More() {
		n++
		below := path + "[]"
		if kind == "object" {
			name, err := d.Token()
			if err != nil {
				return err
			}
			below = s.name(path, name.(string))
		}
		if depth >= shapeDepth {
			s.cut = true
			below = path
		}
		if err := s.walk(d, below, min(depth+1, shapeDepth)); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// name is the path of a field below path.
func (s *shape) name(path, field string) string {
	if !slices.Contains(knownFields, field) {
		field = fmt.Sprintf("(unknown name of %s)", characters(utf8.RuneCountInString(field), 0))
	}
	if path == "" {
		return field
	}
	return path + "." + field
}

// reserve returns what stands at path, listed in the order of first sight.
func (s *shape) reserve(path string) *shapeAt {
	at, ok := s.paths[path]
	if !ok {
		at = &shapeAt{kind: make(map[string]*extent)}
		if len(s.order) < shapeLines {
			s.paths[path] = at
			s.order = append(s.order, path)
		} else {
			s.cut = true
		}
	}
	return at
}

func (s *shape) add(path, kind string, length int) { s.reserve(path).add(kind, length) }

func (at *shapeAt) add(kind string, length int) {
	e, ok := at.kind[kind]
	if !ok {
		e = &extent{low: length, high: length}
		at.kind[kind] = e
		at.kinds = append(at.kinds, kind)
	}
	e.n++
	e.low, e.high = min(e.low, length), max(e.high, length)
}

// print prints a line a path.
func (s *shape) print(w io.Writer, indent string) {
	for _, path := range s.order {
		name := path
		if name == "" {
			name = "(value)"
		}
		fmt.Fprintf(w, "%s%-24s", indent, name)
		for i, kind := range s.paths[path].kinds {
			e := s.paths[path].kind[kind]
			if i > 0 {
				fmt.Fprint(w, ",")
			}
			if e.n > 1 {
				fmt.Fprintf(w, " %d ×", e.n)
			}
			fmt.Fprintf(w, " %s", kind)
			switch kind {
			case "string":
				fmt.Fprintf(w, " of %s", characters(e.low, e.high))
			case "list":
				fmt.Fprintf(w, " of %s", span(e.low, e.high))
			}
		}
		fmt.Fprintln(w)
	}
	if s.cut {
		fmt.Fprintf(w, "%s…\n", indent)
	}
}

func characters(low, high int) string {
	if low == 1 && high <= 1 {
		return "1 character"
	}
	return span(low, high) + " characters"
}

func span(low, high int) string {
	if high <= low {
		return strconv.Itoa(low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}
