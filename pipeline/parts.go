package pipeline

import (
	"math"
	"math/bits"
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// partTable finds the parts of a word: all its stretches of letters that are as
// long as parts are, each looked up for itself. An automaton would go from letter
// to letter, and wait at each for its memory.
type partTable struct {
	// bits is a set of keys that may say yes to one that is none; slots is a hash
	// table, free where the key is 0, with linear probing (Knuth, TAOCP 3, 6.4).
	bits  []uint64
	slots []partSlot
	shift uint8 // of a hash to a bit; a slot is one of eight
	// shortest and longest are the lengths of parts; letters are theirs, for those
	// whose key is not all.
	shortest, longest int
	letters           [][]uint32
}

// partSlot is a part by its letters, eight bits each, and its index.
type partSlot struct {
	key   uint64
	index int32
	part  int32
}

// keyLetters is how many letters a key holds; of longer parts it is a hash.
const keyLetters = 8

func newPartTable(x *lexicon.Indices) *partTable {
	log := bits.Len(uint(len(x.Parts))) + 4 // 16 bits a part, and two slots
	t := &partTable{
		bits: make([]uint64, max(1<<log/64, 1)), slots: make([]partSlot, 1<<log/8), shift: uint8(64 - log),
		letters: x.Parts, shortest: math.MaxInt,
	}
	for i, letters := range x.Parts {
		// No folded word has the bytes that take more than eight bits as letters.
		if len(letters) == 0 || slices.Max(letters) > 0xFF {
			continue
		}
		t.shortest, t.longest = min(t.shortest, len(letters)), max(t.longest, len(letters))
		key := uint64(0)
		for n, c := range letters {
			key = grow(key, n, c)
		}
		h := key * 0x9E3779B97F4A7C15
		t.bits[h>>t.shift/64] |= 1 << (h >> t.shift % 64)
		s := h >> t.shift / 8
		for ; t.slots[s].key != 0; s = (s + 1) & uint64(len(t.slots)-1) {
		}
		t.slots[s] = partSlot{key, x.PartIndex[i], int32(i)}
	}
	return t
}

// grow returns the key of n+1 letters of which the first n have a key.
func grow(key uint64, n int, letter uint32) uint64 {
	if n < keyLetters {
		return key<<8 | uint64(letter)
	}
	return key*0x9E3779B97F4A7C15 + uint64(letter)
}

// parts appends the indices that are parts of a word, each once. letters is
// memory to work in.
func (t *partTable) parts(word []byte, letters *[]uint32, dst []int32) []int32 {
	*letters = lexicon.Letters((*letters)[:0], word)
	from := len(dst)
	for i := range *letters {
		rest := (*letters)[i:min(i+t.longest, len(*letters))]
		key := uint64(0)
		for n, c := range rest {
			if key = grow(key, n, c); n+1 >= t.shortest {
				dst = t.find(key, rest[:n+1], dst)
			}
		}
	}
	found := dst[from:]
	slices.Sort(found)
	return dst[:from+len(slices.Compact(found))]
}

// find appends the index of the part of some letters, if there is one.
func (t *partTable) find(key uint64, letters []uint32, dst []int32) []int32 {
	h := key * 0x9E3779B97F4A7C15
	if b := h >> t.shift; t.bits[b/64]>>(b%64)&1 == 0 {
		return dst
	}
	for s := h >> t.shift / 8; t.slots[s].key != 0; s = (s + 1) & uint64(len(t.slots)-1) {
		if x := &t.slots[s]; x.key == key && (len(letters) <= keyLetters || slices.Equal(t.letters[x.part], letters)) {
			dst = append(dst, x.index)
		}
	}
	return dst
}
