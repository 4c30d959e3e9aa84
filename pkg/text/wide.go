package text

// Eight letters at a time: a word of 64 bits holds eight bytes of a text, the
// first in the lowest bits.

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
	cases = 0x20 * ones // the bit that tells a small letter from a capital
)

// load returns the eight bytes of src from i on, the first in the lowest bits,
// zeros behind its end.
func load(src string, i int) uint64 {
	if i+8 <= len(src) {
		return le64(src[i:])
	}
	return tail(src, i)
}

// tail is load near the end of src.
func tail(src string, i int) uint64 {
	if len(src) >= 8 {
		return le64(src[len(src)-8:]) >> (8 * (i + 8 - len(src)))
	}
	x := uint64(0)
	for k := len(src) - 1; k >= i; k-- {
		x = x<<8 | uint64(src[k])
	}
	return x
}

// le64 is one instruction; the compiler sees it.
func le64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// others sets the high bit of each byte of x that is no ASCII letter.
func others(x uint64) uint64 {
	// Without its high bit a byte can be added to without a carry into the next:
	// a small letter passes 0x7f by one addend and not yet by the other.
	small := (x | cases) &^ highs
	letter := (small + (0x80-'a')*ones) &^ (small + (0x7f-'z')*ones)
	return (^letter | x) & highs
}

// below returns the bits of the bytes under the lowest that stop marks.
func below(stop uint64) uint64 {
	stop >>= 7
	return stop&-stop - 1
}

// tripled reports whether a letter stands three times in a row in a word of up to
// sixteen, the bytes of mask in first and of mask2 in rest. A byte is 0 where a
// letter and the next are the same, then where it and the next two are.
func tripled(first, rest, mask, mask2 uint64) bool {
	twice, twiceRest := first^(first>>8|rest<<56), rest^rest>>8
	return zeroBytes(twice|twice>>8|twiceRest<<56)&mask|zeroBytes(twiceRest|twiceRest>>8)&mask2 != 0
}

// zeroBytes sets the high bit of the lowest byte of x that is 0, and perhaps of
// others above.
func zeroBytes(x uint64) uint64 { return (x - ones) &^ x & highs }
