package pipeline

// wordSet is a set of words that says for certain only that a word is not in
// it (Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM
// 13(7), 1970, with one bit of each half for a word): a line of cache.
type wordSet [8]uint64

// mark is what a wordSet knows a word by: a byte for each half, and numberMark
// where a number begins or ends.
type mark uint32

const (
	numberMark mark = 1 << 16
	// numberBit of the second half is no word's.
	numberBit = 255
)

// markOf returns the mark of a word (Fibonacci hashing: Knuth, TAOCP 3, 6.4).
func markOf(id uint32) mark {
	n := id * 0x9E3779B1 >> 16
	if n>>8 == numberBit {
		n ^= 1 << 8
	}
	return mark(n)
}

func (x *wordSet) add(m mark) {
	x[m>>6&3] |= 1 << (m & 63)
	x[4+(m>>14&3)] |= 1 << (m >> 8 & 63)
}

func (x *wordSet) addNumbers() { x[7] |= 1 << (numberBit & 63) }

func (x *wordSet) has(m mark) bool {
	return x[m>>6&3]>>(m&63)&(x[4+(m>>14&3)]>>(m>>8&63))&1 != 0 || m&numberMark != 0 && x[7]>>(numberBit&63) != 0
}

func (x *wordSet) join(y *wordSet) {
	for i, m := range y {
		x[i] |= m
	}
}
