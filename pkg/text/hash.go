package text

import (
	"encoding/binary"
	"math/bits"
)

// A word's hash is a sum of its letters, eight at a time, each times an odd
// number. Words of up to eight letters ([short]) that differ have different
// hashes, as multiplying by an odd number loses nothing. The high bits are the
// well-mixed ones; tables are indexed by them.
const (
	firstFactor = 0x9E3779B97F4A7C15
	restFactor  = 0xC2B2AE3D27D4EB4F
	chainFactor = 0x165667B19E3779F9

	// short is the length in bytes of the words that their hash tells apart.
	short = 8
)

// Hash returns the hash of a folded word, as [Token] has it.
func Hash(word []byte) uint64 {
	if len(word) <= 8 {
		return sum(upTo8(word), 0)
	}
	rest := uint64(0)
	i := 8
	for ; i+8 <= len(word); i += 8 {
		rest = rest*chainFactor ^ binary.LittleEndian.Uint64(word[i:])
	}
	if i < len(word) {
		// The last eight bytes, without those that were taken before.
		tail := binary.LittleEndian.Uint64(word[len(word)-8:]) >> (8 * (i + 8 - len(word)))
		rest = rest*chainFactor ^ tail
	}
	return sum(binary.LittleEndian.Uint64(word), rest)
}

// sum hashes a word of its first eight letters and the rest.
func sum(first, rest uint64) uint64 { return first*firstFactor + rest*restFactor }

// upTo8 loads a word of eight bytes at most, zeros behind it. Where its loads
// overlap they put the same bytes in the same place.
func upTo8(word []byte) uint64 {
	switch n := len(word); {
	case n == 8:
		return binary.LittleEndian.Uint64(word)
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(word)) | uint64(binary.LittleEndian.Uint32(word[n-4:]))<<(8*(n-4))
	case n > 0:
		return uint64(word[0]) | uint64(word[n/2])<<(8*(n/2)) | uint64(word[n-1])<<(8*(n-1))
	}
	return 0
}

// tableBits returns the logarithm of the size of a table for n words that is
// half full at most.
func tableBits(n int) int { return max(bits.Len(uint(2*n-1)), 4) }
