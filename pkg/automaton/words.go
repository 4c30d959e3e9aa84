package automaton

import "math/bits"

// words is an Aho-Corasick automaton (Aho and Corasick, "Efficient string
// matching: an aid to bibliographic search", CACM 18(6), 1975) whose letters
// are words.
//
// States are numbered breadth first, 0 is the root. So the children of state s
// are the states child[s] to child[s+1]-1, ordered by the word that leads into
// them: an edge needs no storage of its own, and a state takes 20 bytes.
type words struct {
	word    []uint32 // the word that leads into a state
	child   []int32  // first child; one entry more than there are states
	fail    []int32  // state of the longest proper suffix, 0 for none
	out     []int32  // pattern that ends here, -1 for none
	shorter []int32  // next state along fail in which a pattern ends, 0 for none

	length  []int32 // words of each pattern
	first   []int32 // by word: the root's child, 0 for none
	singles int32   // states 1 to singles stand for one word
	pairs   bitmap  // first two words of the patterns
}

// NewWords builds the engine over word tables. Its Find allocates nothing
// beyond the growth of dst. See [New] for what patterns must be.
func NewWords(patterns [][]uint32) (Engine, error) {
	order, err := sorted(patterns)
	if err != nil {
		return nil, err
	}
	w := &words{length: make([]int32, len(patterns))}
	var highest uint32
	for i, p := range patterns {
		w.length[i] = int32(len(p))
		for _, id := range p {
			highest = max(highest, id)
		}
	}
	w.grow(patterns, order)
	w.first = make([]int32, highest+1)
	for s := int32(1); s < w.child[1]; s++ {
		w.first[w.word[s]] = s
	}
	w.singles = w.child[1] - 1
	w.link()
	return w, nil
}

// grow makes the states, breadth first, out of the ordered patterns. A state
// is the run of patterns that begin alike; the run's first one ends there if
// it is as long as the state is deep.
func (w *words) grow(patterns [][]uint32, order []int32) {
	type run struct{ from, to, depth int32 }
	runs := []run{{0, int32(len(order)), 0}}
	w.word = append(w.word, 0)
	for s := 0; s < len(runs); s++ {
		r := runs[s]
		w.child = append(w.child, int32(len(runs)))
		out := int32(-1)
		if r.from < r.to && len(patterns[order[r.from]]) == int(r.depth) {
			out = order[r.from]
			r.from++
		}
		w.out = append(w.out, out)
		for r.from < r.to {
			id := patterns[order[r.from]][r.depth]
			end := r.from + 1
			for end < r.to && patterns[order[end]][r.depth] == id {
				end++
			}
			runs = append(runs, run{r.from, end, r.depth + 1})
			w.word = append(w.word, id)
			r.from = end
		}
	}
	w.child = append(w.child, int32(len(runs)))
}

// link fills the suffix links and the bitmap of pairs. Parents come before
// their children, so every link that is needed is already there.
func (w *words) link() {
	states := int32(len(w.word))
	w.fail = make([]int32, states)
	w.shorter = make([]int32, states)
	if states > 1 {
		w.pairs = newBitmap(int(w.child[w.singles+1] - w.child[1]))
	}
	for s := int32(1); s < states; s++ {
		for c := w.child[s]; c < w.child[s+1]; c++ {
			if s <= w.singles {
				w.pairs.add(w.word[s], w.word[c])
			}
			f := w.fail[s]
			for f != 0 && w.step(f, w.word[c]) == 0 {
				f = w.fail[f]
			}
			if f != 0 {
				f = w.step(f, w.word[c])
			} else {
				f = w.first[w.word[c]]
			}
			w.fail[c] = f
		}
		if f := w.fail[s]; w.out[f] >= 0 {
			w.shorter[s] = f
		} else {
			w.shorter[s] = w.shorter[f]
		}
	}
}

// step returns the child of state s by word id, 0 for none.
func (w *words) step(s int32, id uint32) int32 {
	lo, hi := w.child[s], w.child[s+1]
	for lo < hi {
		mid := int32(uint32(lo+hi) >> 1)
		if w.word[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < w.child[s+1] && w.word[lo] == id {
		return lo
	}
	return 0
}

// Name returns "words".
func (w *words) Name() string { return Words }

// Find implements [Engine].
func (w *words) Find(text []uint32, dst []Match) []Match {
	s := int32(0)
	for i, id := range text {
		s = w.next(s, id)
		end := s
		if w.out[s] < 0 {
			end = w.shorter[s]
		}
		// From the longest suffix to the shortest: in the order of Start.
		for ; end != 0; end = w.shorter[end] {
			p := w.out[end]
			dst = append(dst, Match{Pattern: p, Start: int32(i+1) - w.length[p], End: int32(i + 1)})
		}
	}
	return dst
}

// next returns the state after word id in state s.
func (w *words) next(s int32, id uint32) int32 {
	if id == 0 || int(id) >= len(w.first) {
		return 0
	}
	for s != 0 {
		// A frequent first word ("je") has thousands of children: mostly the
		// bitmap answers before they are searched.
		if s <= w.singles && !w.pairs.has(w.word[s], id) {
			break
		}
		if c := w.step(s, id); c != 0 {
			return c
		}
		s = w.fail[s]
	}
	return w.first[id]
}

// bitmap is a set of pairs of words that may say yes to a pair it does not hold.
type bitmap struct {
	bits  []uint64
	shift uint8
}

// newBitmap returns a bitmap for n pairs, of 16 bits a pair or more.
func newBitmap(n int) bitmap {
	log := max(bits.Len(uint(n))+4, 6)
	return bitmap{bits: make([]uint64, 1<<(log-6)), shift: uint8(64 - log)}
}

// place mixes a pair as in Fibonacci hashing (Knuth, TAOCP 3, 6.4).
func (b bitmap) place(x, y uint32) uint64 {
	return ((uint64(x)<<32|uint64(y))*0x9E3779B97F4A7C15 ^ uint64(x)*0xC2B2AE3D27D4EB4F) >> b.shift
}

func (b bitmap) add(x, y uint32) {
	p := b.place(x, y)
	b.bits[p/64] |= 1 << (p % 64)
}

func (b bitmap) has(x, y uint32) bool {
	p := b.place(x, y)
	return b.bits[p/64]&(1<<(p%64)) != 0
}
