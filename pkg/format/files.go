package format

import (
	"bytes"
	"encoding/json"

	"github.com/vigie-project/vigie/pkg/event"
)

// Value is one value of a file, as a topic would hold it.
type Value struct {
	// Place is the number of its line or row from 1, 0 where the file is the value.
	Place int
	Data  []byte
}

// Values cuts a file into the values that a topic would hold: the rows of a CSV
// file, each below the header; the lines of a file that holds a JSON object a
// line; else the file is one value. A file without any is an error, so that none is
// passed over in silence. The error is always an *event.PermanentError.
func (r *Reader) Values(file []byte) ([]Value, error) {
	if !r.format.raw {
		file, _ = wide(file)
	}
	var values []Value
	var err *event.PermanentError
	switch split := r.format.split; {
	case len(bytes.TrimSpace(file)) == 0:
		err = bad("the file is empty") // as a value of a topic it would be a tombstone
	case split == nil:
		values = []Value{{Data: file}}
	default:
		values, err = split(file)
	}
	if err != nil {
		return nil, &event.PermanentError{Class: err.Class, Message: r.format.Name + ": " + err.Message}
	}
	return values, nil
}

// jsonOrLines splits a file that is one JSON text laid out as it likes, or one a line.
func jsonOrLines(file []byte) ([]Value, *event.PermanentError) {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if json.Valid(file) || !lined(file) {
		return []Value{{Data: file}}, nil
	}
	return linesOf(file)
}

// lined reports whether one of the lines is an object, which of a text that is
// laid out are indented.
func lined(file []byte) bool {
	for line := range bytes.Lines(file) {
		if line[0] == '{' && json.Valid(line) {
			return true
		}
	}
	return false
}

// linesOf splits a file into its lines; blank ones are none.
func linesOf(file []byte) (values []Value, _ *event.PermanentError) {
	n := 0
	for line := range bytes.Lines(file) {
		n++
		if len(bytes.TrimSpace(line)) > 0 {
			values = append(values, Value{Place: n, Data: line})
		}
	}
	return values, nil
}
