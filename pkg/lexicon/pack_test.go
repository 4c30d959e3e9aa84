package lexicon

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigie-project/vigie/pkg/text"
)

// TestPack packs and unpacks a program with a learned layer.
func TestPack(t *testing.T) {
	rs := good(t)
	var ps problems
	rs.Indices = parseIndices("indices", []byte(smallIndices), &ps)
	if err := ps.err(); err != nil {
		t.Fatal(err)
	}
	p, err := Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	data, err := p.Pack()
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Pack()
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("packed twice, the bytes differ: %v", err)
	}
	back, err := Unpack(data)
	if err != nil {
		t.Fatal(err)
	}
	words := cmp.Comparer(func(a, b *text.Vocabulary) bool { return reflect.DeepEqual(a, b) })
	if diff := cmp.Diff(p, back, words, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("unpacked (-packed +unpacked):\n%s", diff)
	}
	if _, err := Unpack([]byte("no program")); err == nil {
		t.Error("anything is unpacked")
	}
}
