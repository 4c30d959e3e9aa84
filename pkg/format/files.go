package format

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/vigie-project/vigie/pkg/event"
)

// Value is one value of a file, as a topic would hold it.
type Value struct {
	// Place is the number of its line or row from 1, 0 where the file is the value.
	Place int
	Data  []byte
}

// Values cuts a file into the values that a topic would hold: the rows of a CSV
// file, each below the header; the lines of a file that is not one JSON text;
// else the file is one value. The error is always an *event.PermanentError.
func (r *Reader) Values(file []byte) ([]Value, error) {
	split := r.format.split
	if split == nil {
		return []Value{{Data: file}}, nil
	}
	values, err := split(file)
	if err != nil {
		return nil, &event.PermanentError{Class: err.Class, Message: fmt.Sprintf("%s: %s", r.format.Name, err.Message)}
	}
	return values, nil
}

// jsonOrLines splits a file that is one JSON text laid out as it likes, or one a line.
func jsonOrLines(file []byte) ([]Value, *event.PermanentError) {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if json.Valid(file) {
		return []Value{{Data: file}}, nil
	}
	return linesOf(file)
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
