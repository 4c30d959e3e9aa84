package text

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestVocabulary(t *testing.T) {
	var words []string
	for i := range 3000 {
		// Short and long words, many with the same beginning or length.
		w := strings.Repeat("mot", i%11) + fmt.Sprint(i)
		words = append(words, w)
	}
	grown := &Vocabulary{}
	if grown.ID([]byte("mot")) != 0 || grown.Len() != 0 {
		t.Error("an empty vocabulary holds a word")
	}
	for i, w := range words {
		if id := grown.Add(w); id != uint32(i+1) || grown.Add(w) != id {
			t.Fatalf("%q is number %d, then %d, want %d twice", w, id, grown.Add(w), i+1)
		}
	}
	if built := NewVocabulary(words); !reflect.DeepEqual(built, grown) {
		t.Error("the same words, added one by one, make another vocabulary")
	}
	for i, w := range words {
		word := []byte(w)
		if id := grown.Lookup(Hash(word), word); id != uint32(i+1) || grown.Word(id) != w {
			t.Errorf("%q is number %d, want %d", w, id, i+1)
		}
		// A word that it does not hold, though it comes with the hash of one that it does.
		if other := []byte(w + "x"); grown.ID(other) != 0 || grown.Lookup(Hash(word), other) != 0 {
			t.Errorf("%q is taken for %q", other, w)
		}
	}
	word := []byte("motmotmot25")
	if n := testing.AllocsPerRun(10, func() { grown.ID(word) }); n != 0 {
		t.Errorf("%v allocations a look-up, want 0", n)
	}
}

func TestRules(t *testing.T) {
	for k, words := range lists {
		for w := range strings.FieldsSeq(words) {
			if rules[ruleOf([]byte(w))].kinds&k == 0 {
				t.Errorf("%q is in a list, and its rule says that it is not", w)
			}
			if id := ruleOf([]byte(w + "zz")); id != 0 {
				t.Errorf("%szz has the rule of %q", w, ruleWords[id])
			}
		}
	}
	for id, w := range ruleWords {
		if ruleOf([]byte(w)) != uint16(id) {
			t.Errorf("%q has rule %d, want %d", w, ruleOf([]byte(w)), id)
		}
	}
}
