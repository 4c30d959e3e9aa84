package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// prefix of the environment's variables; separator stands for the dot of a key.
const (
	prefix    = "VIGIE_"
	separator = "__"
)

// knownKeys lists the keys of every field that can be set, "kafka.tls.enabled".
func knownKeys(c *Config) map[string]bool {
	keys := make(map[string]bool)
	var walk func(t reflect.Type, path string)
	walk = func(t reflect.Type, path string) {
		for f := range t.Fields() {
			name := f.Tag.Get("koanf")
			switch {
			case name == "" || name == "-":
			case f.Type.Kind() == reflect.Struct:
				walk(f.Type, path+name+".")
			default:
				keys[path+name] = true
			}
		}
	}
	walk(reflect.TypeOf(*c), "")
	return keys
}

// readFile returns the keys and values of a YAML file and notes their places.
func readFile(path string, known map[string]bool, places map[string]string) (map[string]any, error) {
	if path == "" {
		return nil, nil
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	file, err := parser.ParseBytes(source, 0)
	if err != nil {
		var syntax yaml.Error
		if errors.As(err, &syntax) && syntax.GetToken() != nil {
			p := syntax.GetToken().Position
			return nil, fmt.Errorf("%s:%d:%d: %s", path, p.Line, p.Column, syntax.GetMessage())
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	r := reader{path: path, known: known, places: places, values: make(map[string]any)}
	for _, doc := range file.Docs {
		r.read(doc.Body, "")
	}
	return r.values, errors.Join(r.wrong...)
}

// reader flattens a YAML tree into keys and values.
type reader struct {
	path   string
	known  map[string]bool
	places map[string]string
	values map[string]any
	wrong  []error
}

// read takes one node, whose key is path.
func (r *reader) read(node ast.Node, path string) {
	switch n := node.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
	case *ast.MappingNode:
		for _, v := range n.Values {
			r.pair(v, path)
		}
	case *ast.MappingValueNode:
		r.pair(n, path)
	default:
		r.complain(node, "expected sections and keys, found a bare value")
	}
}

// pair takes one "key: value" below path.
func (r *reader) pair(n *ast.MappingValueNode, path string) {
	key := n.Key.GetToken().Value
	if path != "" {
		key = path + "." + key
	}
	if !r.known[key] {
		if !isSection(key, r.known) {
			r.complain(n.Key, "unknown key "+key+nearest(key, r.known))
			return
		}
		r.read(n.Value, key)
		return
	}
	if _, twice := r.places[key]; twice {
		r.complain(n.Key, key+" is set twice")
		return
	}
	r.note(n, key)
	var value any
	if err := yaml.NodeToValue(n.Value, &value); err != nil {
		r.complain(n.Value, key+" cannot be read")
		return
	}
	if value != nil {
		r.values[key] = value
	}
}

// note notes the place of a key, and of those below it where the value is a section.
func (r *reader) note(n *ast.MappingValueNode, key string) {
	r.places[key] = r.place(n.Key)
	switch v := n.Value.(type) {
	case *ast.MappingNode:
		for _, inner := range v.Values {
			r.note(inner, key+"."+inner.Key.GetToken().Value)
		}
	case *ast.MappingValueNode:
		r.note(v, key+"."+v.Key.GetToken().Value)
	}
}

func (r *reader) place(n ast.Node) string {
	p := n.GetToken().Position
	return fmt.Sprintf("%s:%d:%d", r.path, p.Line, p.Column)
}

func (r *reader) complain(n ast.Node, message string) {
	r.wrong = append(r.wrong, fmt.Errorf("%s: %s", r.place(n), message))
}

// isSection reports whether keys stand below path.
func isSection(path string, known map[string]bool) bool {
	for k := range known {
		if strings.HasPrefix(k, path+".") {
			return true
		}
	}
	return false
}

// readEnviron returns the keys and values of VIGIE_A__B=value. A variable
// without the separator is none of ours (an orchestrator sets VIGIE_PORT for a
// service of that name), unless it is one of our keys misspelt.
func readEnviron(environ []string, known map[string]bool, places map[string]string) (map[string]any, error) {
	flat := make(map[string]string, len(known))
	for k := range known {
		flat[strings.ReplaceAll(k, ".", "_")] = k
	}
	values := make(map[string]any)
	var wrong []error
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		bare, ours := strings.CutPrefix(name, prefix)
		if !ours {
			continue
		}
		bare = strings.ToLower(bare)
		key := strings.ReplaceAll(bare, separator, ".")
		switch {
		case known[key]:
			values[key] = value
			places[key] = "environment variable " + name
		case flat[bare] != "":
			wrong = append(wrong, fmt.Errorf("environment variable %s is unknown; did you mean %s?", name, variableOf(flat[bare])))
		case strings.Contains(bare, separator):
			wrong = append(wrong, fmt.Errorf("environment variable %s is unknown%s", name, nearest(key, known)))
		}
	}
	return values, errors.Join(wrong...)
}

// variableOf returns the environment variable of a key.
func variableOf(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", separator))
}

// nearest proposes the known key that shares the last part of an unknown one,
// or else lists those of the same section.
func nearest(key string, known map[string]bool) string {
	section := key[:strings.LastIndex(key, ".")+1]
	name := key[len(section):]
	var siblings []string
	for _, k := range slices.Sorted(maps.Keys(known)) {
		if strings.HasSuffix(k, "."+name) {
			return "; did you mean " + k + "?"
		}
		if section != "" && strings.HasPrefix(k, section) {
			siblings = append(siblings, k[len(section):])
		}
	}
	if len(siblings) == 0 {
		return ""
	}
	return "; known in " + strings.TrimSuffix(section, ".") + ": " + strings.Join(siblings, ", ")
}
