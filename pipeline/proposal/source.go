package proposal

import (
	"bytes"
	"strings"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// source is a YAML file by its lines, numbered from 0, each with its end.
type source struct {
	lines [][]byte
	// eol is the end of the first line: "\n" or "\r\n".
	eol string
}

func newSource(data []byte) *source {
	s := &source{lines: bytes.SplitAfter(data, []byte("\n")), eol: "\n"}
	if n := len(s.lines); len(s.lines[n-1]) == 0 {
		s.lines = s.lines[:n-1]
	}
	if len(s.lines) > 0 && bytes.HasSuffix(s.lines[0], []byte("\r\n")) {
		s.eol = "\r\n"
	}
	return s
}

// text returns a line without its end and the spaces before it.
func (s *source) text(i int) string { return strings.TrimRight(string(s.lines[i]), " \t\r\n") }

// indent is the number of spaces that a line begins with.
func (s *source) indent(i int) int {
	text := s.text(i)
	return len(text) - len(strings.TrimLeft(text, " "))
}

// key is a key of a mapping in block style, with the lines of its value.
type key struct {
	name string
	// line is the key's own, last the last one of its value that is not blank.
	line, last int
	indent     int
	// value is what stands behind the colon, without a comment.
	value string
}

// mapping returns the keys of the mapping whose first key stands at line and
// indent.
func (s *source) mapping(line, indent int) []key {
	var keys []key
	for i := line; i < len(s.lines); i++ {
		text := s.text(i)
		at := s.indent(i)
		if i == line {
			at = indent // "- id:" begins before its key
		}
		if len(text) <= at || text == "" {
			continue
		}
		body := text[at:]
		switch {
		case at < indent && strings.HasPrefix(body, "#"):
		case at < indent:
			return keys
		case at > indent || body == "-" || strings.HasPrefix(body, "- "):
			if len(keys) > 0 {
				keys[len(keys)-1].last = i
			}
		case strings.HasPrefix(body, "#"):
		default:
			name, value, _ := strings.Cut(body, ":")
			if i := strings.Index(value, " #"); i >= 0 {
				value = value[:i]
			}
			keys = append(keys, key{
				name: strings.Trim(strings.TrimSpace(name), `"'`), line: i, last: i, indent: indent, value: strings.TrimSpace(value),
			})
		}
	}
	return keys
}

// factor returns the keys of a factor.
func (s *source) factor(at lexicon.Place) []key { return s.mapping(at.Line-1, at.Column-1) }

// inner returns the keys of the mapping that is the value of k.
func (s *source) inner(k key) []key {
	for i := k.line + 1; i <= k.last; i++ {
		if text := strings.TrimSpace(s.text(i)); text != "" && !strings.HasPrefix(text, "#") {
			return s.mapping(i, s.indent(i))
		}
	}
	return nil
}

func find(keys []key, name string) (key, bool) {
	for _, k := range keys {
		if k.name == name {
			return k, true
		}
	}
	return key{}, false
}

// style is how the value of a key is written.
type style uint8

const (
	other   style = iota // on the key's line, or in a way that is left to people
	literal              // "|" and lines
	list                 // "- " lines
	empty
)

// style says how the value of k is written, and by how many spaces its first
// line is indented.
func (s *source) style(k key) (style, int) {
	for i := k.line + 1; i <= k.last; i++ {
		text := strings.TrimSpace(s.text(i))
		switch {
		case text == "":
			continue
		case k.value == "|":
			return literal, s.indent(i)
		case k.value == "" && strings.HasPrefix(text, "#"):
			continue
		case k.value == "" && strings.HasPrefix(text, "- "):
			return list, s.indent(i)
		}
		return other, 0
	}
	switch k.value {
	case "", "null", "~":
		return empty, k.indent + 2
	case "|":
		return literal, k.indent + 2
	}
	return other, 0
}
