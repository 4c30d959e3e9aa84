package pipeline

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// The parts of a word are those that stand in it, however long they are, each once.
func TestPartsAreThoseOfTheWord(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	word := func(most int) []byte {
		w := make([]byte, 1+r.IntN(most))
		for i := range w {
			w[i] = "abé"[r.IntN(4)]
		}
		return w
	}
	found := 0
	for range 300 {
		var x lexicon.Indices
		seen := make(map[string]bool)
		for range 40 {
			letters := lexicon.Letters(nil, word(14)) // with edges, or without one or both
			letters = letters[r.IntN(2) : len(letters)-r.IntN(2)]
			if key := fmt.Sprint(letters); !seen[key] {
				seen[key] = true
				x.Parts, x.PartIndex = append(x.Parts, letters), append(x.PartIndex, int32(r.IntN(20)))
			}
		}
		table := newPartTable(&x)
		var memory []uint32
		for range 40 {
			w := word(16)
			var want []int32
			all := lexicon.Letters(nil, w)
			for i, part := range x.Parts {
				if bytes.Contains(asBytes(all), asBytes(part)) {
					want = append(want, x.PartIndex[i])
				}
			}
			slices.Sort(want)
			want = slices.Compact(want)
			if got := table.parts(w, &memory, nil); !slices.Equal(got, want) {
				t.Fatalf("%q: %v, want %v", w, got, want)
			}
			found += len(want)
		}
	}
	if found < 10_000 {
		t.Errorf("only %d parts", found)
	}
}

func asBytes(letters []uint32) (b []byte) {
	for _, c := range letters {
		b = append(b, byte(c))
	}
	return b
}
