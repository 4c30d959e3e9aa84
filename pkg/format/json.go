package format

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/vigie-project/vigie/pkg/event"
)

// parse reads a JSON value into a struct. What it says is wrong names fields,
// and never what they hold.
func parse(value []byte, to any) *event.PermanentError {
	err := json.Unmarshal(value, to)
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return &event.PermanentError{Class: event.ClassJSON, Message: fmt.Sprintf("not JSON: broken at byte %d", syntax.Offset)}
	case errors.As(err, &typ) && typ.Field != "":
		return bad(typ.Field + ": not " + kindOf(typ.Type))
	case errors.As(err, &typ):
		return bad("not " + kindOf(typ.Type))
	}
	return bad("not what the format says")
}

// kindOf names what a field should be.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "an object"
	case reflect.Bool:
		return "true or false"
	}
	return "a number"
}

// missing says that a field without which a value is of another format is not there.
func missing(field, what string) *event.PermanentError {
	return bad(field + ": missing; is the value " + what + "?")
}

// label is a string or a number.
type label string

// UnmarshalJSON implements json.Unmarshaler.
func (l *label) UnmarshalJSON(data []byte) error {
	var n json.Number
	switch {
	case string(data) == "null":
	case data[0] == '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*l = label(s)
	case json.Unmarshal(data, &n) == nil:
		*l = label(n)
	default:
		return &json.UnmarshalTypeError{Type: reflect.TypeFor[string]()}
	}
	return nil
}
