package lexicon

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// line is one line of a block with its place.
type line struct {
	Place
	text string
}

// block splits a value into lines with their places. A block "terms: |" is the
// common form; a list of texts or a single text is taken too.
func (r *reader) block(n ast.Node) []line {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.SequenceNode:
		var all []line
		for _, v := range n.Values {
			all = append(all, r.block(v)...)
		}
		return all
	case *ast.LiteralNode:
		if !strings.HasPrefix(n.Start.Value, "|") {
			r.add(r.place(n), "« > » joindrait les lignes : écrivez « | »")
			return nil
		}
		var all []line
		first := n.Start.Position.Line + 1
		for i, text := range strings.Split(strings.TrimRight(n.Value.Value, "\n"), "\n") {
			at := Place{File: r.file, Line: first + i, Column: 1}
			if at.Line <= len(r.lines) {
				at.Column += utf8.RuneCount(r.lines[at.Line-1]) - utf8.RuneCountInString(text)
			}
			all = append(all, line{at, text})
		}
		return all
	}
	text, ok := r.scalar(n, "des termes, un par ligne, sous « | »")
	if !ok {
		return nil
	}
	return []line{{r.place(n), text}}
}

// entries parses the lines of a block of terms. "#" at the beginning of a line
// or after a space starts a comment.
func (r *reader) entries(n ast.Node) []Entry {
	var all []Entry
	for _, l := range r.block(n) {
		text := l.text
		if i := strings.Index(" "+text, " #"); i >= 0 {
			text = text[:i]
		}
		body := strings.TrimSpace(text)
		if body == "" {
			continue
		}
		before, _, _ := strings.Cut(text, body)
		at := l.after(utf8.RuneCountInString(before))
		pattern, err := ParsePattern(body)
		if err != nil {
			var mistake *PatternError
			if errors.As(err, &mistake) {
				r.add(at.after(mistake.Column-1), "%s", mistake.Message)
			}
			continue
		}
		all = append(all, Entry{Place: at, Pattern: pattern})
	}
	return all
}
