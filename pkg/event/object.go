package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// object is a JSON object of an event; its getters' errors name the field and
// never its value. A field that is null is a field that is missing.
type object struct {
	fields map[string]json.RawMessage
	path   string
	class  Class
}

func isNull(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || string(raw) == "null"
}

// parseObject reads a value that must be one JSON object.
func parseObject(value []byte) (object, *PermanentError) {
	var o object
	err := json.Unmarshal(value, &o.fields)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		// The library's message may quote a character of the value.
		return o, &PermanentError{ClassJSON, fmt.Sprintf("not JSON: broken at byte %d", syntax.Offset)}
	case err != nil:
		return o, &PermanentError{ClassEnvelope, "not a JSON object"}
	case o.fields == nil:
		return o, &PermanentError{ClassEnvelope, "null where a JSON object was expected"}
	}
	return o, nil
}

func (o object) at(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

func (o object) wrong(path, want string) *PermanentError {
	return &PermanentError{o.class, path + ": not " + want}
}

// string returns a field that is a string, "" if it is missing.
func (o object) string(name string) (string, *PermanentError) {
	raw, ok := o.fields[name]
	if !ok || isNull(raw) {
		return "", nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "", o.wrong(o.at(name), "a string")
	}
	return s, nil
}

// list returns the elements of a field that is an array; given says whether it
// is there.
func (o object) list(name string) (elements []json.RawMessage, given bool, err *PermanentError) {
	raw, ok := o.fields[name]
	if !ok || isNull(raw) {
		return nil, false, nil
	}
	if json.Unmarshal(raw, &elements) != nil {
		return nil, false, o.wrong(o.at(name), "a list")
	}
	return elements, true, nil
}

// objects returns the elements of a required field that is an array of
// objects; one that is null has no fields.
func (o object) objects(name string) ([]object, *PermanentError) {
	elements, given, err := o.list(name)
	if err != nil {
		return nil, err
	}
	if !given {
		return nil, &PermanentError{o.class, o.at(name) + ": missing"}
	}
	list := make([]object, len(elements))
	for i, raw := range elements {
		list[i] = object{path: o.at(name) + "[" + strconv.Itoa(i) + "]", class: o.class}
		if json.Unmarshal(raw, &list[i].fields) != nil {
			return nil, o.wrong(list[i].path, "an object")
		}
	}
	return list, nil
}
