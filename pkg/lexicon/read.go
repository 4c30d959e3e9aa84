package lexicon

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// reader walks the syntax tree of one YAML file. It keeps the place of all it
// reads and goes on after a mistake, so that all mistakes are told at once.
type reader struct {
	file string
	// lines of the file, to find the columns inside blocks.
	lines [][]byte
	*problems
}

// open parses a file and returns its mapping; ok is false after a problem.
func open(fsys fs.FS, name string, ps *problems) (r *reader, root mapping, ok bool) {
	r = &reader{file: name, problems: ps}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		ps.add(Place{File: name, Line: 1, Column: 1}, "fichier illisible : %v", errors.Unwrap(err))
		return r, root, false
	}
	// The parser counts a comment that ends in "\r\n" as two lines.
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	r.lines = bytes.Split(data, []byte("\n"))
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		at := Place{File: name, Line: 1, Column: 1}
		message := err.Error()
		var syntax yaml.Error
		if errors.As(err, &syntax) && syntax.GetToken() != nil {
			at.Line, at.Column = syntax.GetToken().Position.Line, syntax.GetToken().Position.Column
			message = syntax.GetMessage()
		}
		ps.add(at, "YAML mal formé (%s) : vérifiez les retraits et les deux-points", message)
		return r, root, false
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		ps.add(Place{File: name, Line: 1, Column: 1}, "le fichier doit contenir un document YAML, et un seul")
		return r, root, false
	}
	root, ok = r.mapping(tree.Docs[0].Body)
	return r, root, ok
}

// place returns where a node begins.
func (r *reader) place(n ast.Node) Place {
	p := Place{File: r.file, Line: 1, Column: 1}
	if t := n.GetToken(); t != nil && t.Position != nil {
		p.Line, p.Column = t.Position.Line, t.Position.Column
	}
	return p
}

// field is a key of a mapping with its value.
type field struct {
	key   string
	at    Place
	value ast.Node
}

// mapping is a YAML mapping in the order of the file.
type mapping struct {
	at     Place
	fields []field
}

// get returns the value of key, nil without one.
func (m mapping) get(key string) ast.Node {
	for _, f := range m.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

// mapping reads a mapping whose keys must be among known; without known any key will do.
func (r *reader) mapping(n ast.Node, known ...string) (mapping, bool) {
	m := mapping{at: r.place(n)}
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.add(m.at, "il faut ici des lignes « clé: valeur »")
		return m, false
	}
	for _, v := range values {
		f := field{key: v.Key.GetToken().Value, at: r.place(v.Key), value: v.Value}
		m.fields = append(m.fields, f)
	}
	if len(m.fields) > 0 {
		m.at = m.fields[0].at
	}
	r.known(m, known...)
	return m, true
}

// known refuses keys that are not among those given, and names the nearest one.
func (r *reader) known(m mapping, keys ...string) {
	if len(keys) == 0 {
		return
	}
	for _, f := range m.fields {
		if slices.Contains(keys, f.key) {
			continue
		}
		if near := nearest(f.key, keys); near != "" {
			r.add(f.at, "clé inconnue « %s » : vouliez-vous dire « %s » ?", f.key, near)
		} else {
			r.add(f.at, "clé inconnue « %s » : les clés possibles sont %s", f.key, strings.Join(keys, ", "))
		}
	}
}

// list reads a sequence; a lone value counts as a list of one.
func (r *reader) list(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.SequenceNode:
		return n.Values
	}
	return []ast.Node{n}
}

// scalar returns the text of a value and whether it is one; what it should be
// stands in want.
func (r *reader) scalar(n ast.Node, want string) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n"), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	if _, split := n.(*ast.MappingNode); split {
		want += " ; s'il contient « : », mettez-le entre guillemets"
	}
	r.add(r.place(n), "il faut ici %s", want)
	return "", false
}

// texts reads a list of short texts.
func (r *reader) texts(n ast.Node, want string) []string {
	var all []string
	for _, v := range r.list(n) {
		if s, ok := r.scalar(v, want); ok {
			all = append(all, s)
		}
	}
	return all
}

// nearest returns the key that is at most two letters away from s, "" if none is.
func nearest(s string, keys []string) string {
	best, found := 3, ""
	for _, k := range keys {
		if d := distance(s, k); d < best {
			best, found = d, k
		}
	}
	return found
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
