package event

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// value is what stands at a node, as encoding/json has it in an any; numbers,
// true and false are all true.
func (t *tape) any(n int32) any {
	switch x := t.nodes[n]; x.kind {
	case jsonNull:
		return nil
	case jsonString:
		return t.text(n)
	case jsonObject:
		m := map[string]any{}
		for key := n + 1; key < x.next; key = t.nodes[key+1].next {
			m[t.text(key)] = t.any(key + 1)
		}
		return m
	case jsonArray:
		list := []any{}
		for i := n + 1; i < x.next; i = t.nodes[i].next {
			list = append(list, t.any(i))
		}
		return list
	}
	return true
}

// same makes true of all numbers and booleans.
func same(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = same(x)
		}
	case []any:
		for i, x := range v {
			v[i] = same(x)
		}
	case json.Number, bool:
		return true
	}
	return v
}

// FuzzTape holds the tape against encoding/json: it takes and refuses the same
// texts, and finds the same in them.
func FuzzTape(f *testing.F) {
	for _, s := range []string{
		`{"a":"b","c":[1,-0.5e+7,true,false,null,{}],"a":{"é":"\u00e9\ud83d\ude00\ud83d\\\"\/\b\f\n\r\t"}}`,
		`{"\u0061":1}`, ` [ ] `, `""`, `-`, `01`, `1.`, `1e`, `nul`, `"a`, "\"\x01\"", `"\x"`, `"\u12g4"`, `[1,]`, `{"a"}`, `{"a":1,}`, `{,}`, `1 2`, ``,
		`"12345678\"1234567` + "\x1f" + `8"`, `"\ud800\u0041\udc00"`, `"\ud800x"`, "\"\x7f\u2028\"", strings.Repeat("[", 40) + strings.Repeat("]", 40),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("values are repaired before")
		}
		var read tape
		ok := read.parse([]byte(s))
		if valid := json.Valid([]byte(s)); ok != valid {
			t.Fatalf("%q: taken: %v, by encoding/json: %v", s, ok, valid)
		}
		if !ok {
			return
		}
		var want any
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if got := read.any(0); !reflect.DeepEqual(got, same(want)) {
			t.Fatalf("%q: %v, want %v", s, got, want)
		}
	})
}

// Nesting is taken as deep as encoding/json takes it.
func TestTapeDepth(t *testing.T) {
	for _, depth := range []int{deepest - 1, deepest, deepest + 1} {
		s := []byte(strings.Repeat("[", depth) + strings.Repeat("]", depth))
		var read tape
		if ok, valid := read.parse(s), json.Valid(s); ok != valid {
			t.Errorf("%d deep: taken: %v, by encoding/json: %v", depth, ok, valid)
		}
	}
}

// Decoding allocates for what a document holds and for nothing else: the
// document, its envelope's texts, its data's texts, its parts (twice where a
// subject stands before them) and their places. Quoted mail adds the author's name.
func TestDecodeAllocates(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	c := corpus(t)
	most := map[string]float64{"transcript": 4, "letter": 7, "email": 9}
	for _, shape := range shapes {
		limit, ok := most[shape.name]
		if !ok {
			continue // markup is taken apart by a library
		}
		data, err := json.Marshal(shape.data(&c, 4<<10, 0))
		if err != nil {
			t.Fatal(err)
		}
		value := []byte(envelopeOf(shape.typ, string(data)))
		allocations := testing.AllocsPerRun(100, func() {
			if _, err := Decode(Record{Value: value}); err != nil {
				t.Fatal(err)
			}
		})
		if allocations > limit {
			t.Errorf("%s: %v allocations, at most %v", shape.name, allocations, limit)
		}
		t.Logf("%s: %v allocations", shape.name, allocations)
	}
}
