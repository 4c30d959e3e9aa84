package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
)

// object is a JSON object of an event; its getters' errors name the field and
// never its value. A field that is null is a field that is missing; of equal
// names the last one counts.
type object struct {
	tape *tape
	// node is the object's; -1 is one without fields.
	node  int32
	path  string
	class Class
}

// parseObject reads a value that must be one JSON object.
func parseObject(t *tape, value []byte) (object, *PermanentError) {
	if !t.parse(value) {
		// Where it is broken is what encoding/json says; its message may quote a
		// character of the value.
		message, syntax := "not JSON", (*json.SyntaxError)(nil)
		if errors.As(json.Unmarshal(value, new(any)), &syntax) {
			message = fmt.Sprintf("not JSON: broken at byte %d", syntax.Offset)
		}
		return object{}, &PermanentError{ClassJSON, message}
	}
	switch t.nodes[0].kind {
	case jsonObject:
		return object{tape: t}, nil
	case jsonNull:
		return object{}, &PermanentError{ClassEnvelope, "null where a JSON object was expected"}
	}
	return object{}, &PermanentError{ClassEnvelope, "not a JSON object"}
}

// find returns the node of a field, -1 if it is missing.
func (o object) find(name string) int32 {
	found := int32(-1)
	if o.node < 0 {
		return found
	}
	nodes := o.tape.nodes
	for key := o.node + 1; key < nodes[o.node].next; key = nodes[key+1].next {
		// Most keys are of another length.
		if x := &nodes[key]; (int(x.to-x.from) == len(name) || x.escaped) && o.tape.is(key, name) {
			found = key + 1
		}
	}
	if found >= 0 && o.tape.nodes[found].kind == jsonNull {
		return -1
	}
	return found
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
	n := o.find(name)
	if n < 0 {
		return "", nil
	}
	if o.tape.nodes[n].kind != jsonString {
		return "", o.wrong(o.at(name), "a string")
	}
	return o.tape.text(n), nil
}

// list returns the node of a field that is an array, -1 if it is missing.
func (o object) list(name string) (int32, *PermanentError) {
	list := o.find(name)
	if list >= 0 && o.tape.nodes[list].kind != jsonArray {
		return -1, o.wrong(o.at(name), "a list")
	}
	return list, nil
}

// elements are the nodes in an array, with their indices.
func (t *tape) elements(list int32) iter.Seq2[int, int32] {
	return func(yield func(int, int32) bool) {
		i := 0
		for n := list + 1; n < t.nodes[list].next && yield(i, n); n = t.nodes[n].next {
			i++
		}
	}
}

// objects returns the node of a required field that is an array of objects,
// and their number. Which error is said does not depend on what they hold.
func (o object) objects(name string) (list int32, count int, err *PermanentError) {
	list, err = o.list(name)
	if err != nil {
		return -1, 0, err
	}
	if list < 0 {
		return -1, 0, &PermanentError{o.class, o.at(name) + ": missing"}
	}
	for i, n := range o.tape.elements(list) {
		if kind := o.tape.nodes[n].kind; kind != jsonObject && kind != jsonNull {
			return -1, 0, o.wrong(o.at(name)+"["+strconv.Itoa(i)+"]", "an object")
		}
		count++
	}
	return list, count, nil
}

// element returns the object at a node of an array of objects; one that is null
// has no fields.
func (o object) element(n int32) object {
	x := object{tape: o.tape, node: n, class: o.class}
	if o.tape.nodes[n].kind == jsonNull {
		x.node = -1
	}
	return x
}

// in says in which element of the field of that name an error is.
func (o object) in(name string, i int, err *PermanentError) *PermanentError {
	err.Message = o.at(name) + "[" + strconv.Itoa(i) + "]." + err.Message
	return err
}
