package automaton

import "math/bits"

// words is an Aho-Corasick automaton (Aho and Corasick, "Efficient string
// matching: an aid to bibliographic search", CACM 18(6), 1975) whose letters
// are words.
//
// States are numbered breadth first, 0 is the root. So the children of state s
// are the states from its child to that of s+1, ordered by the word that leads
// into them: an edge needs no storage of its own, and a state takes 20 bytes.
type words struct {
	word   []uint32 // the word that leads into a state
	states []state  // one more than there are

	length  []int32 // words of each pattern
	first   []int32 // by word: the root's child, 0 for none
	singles int32   // states 1 to singles stand for one word
	pairs   pairs   // first two words of the patterns
}

// state is what is asked of a state beside its word, in a quarter of a line of cache.
type state struct {
	child   int32 // first child
	fail    int32 // state of the longest proper suffix, 0 for none
	out     int32 // pattern that ends here, -1 for none
	shorter int32 // next state along fail in which a pattern ends, 0 for none
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
	for s := int32(1); s < w.states[1].child; s++ {
		w.first[w.word[s]] = s
	}
	w.singles = w.states[1].child - 1
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
		child, out := int32(len(runs)), int32(-1)
		if r.from < r.to && len(patterns[order[r.from]]) == int(r.depth) {
			out = order[r.from]
			r.from++
		}
		w.states = append(w.states, state{child: child, out: out})
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
	w.states = append(w.states, state{child: int32(len(runs)), out: -1})
}

// link fills the suffix links and the table of pairs. Parents come before
// their children, so every link that is needed is already there.
func (w *words) link() {
	states := int32(len(w.word))
	if states > 1 {
		w.pairs = newPairs(int(w.states[w.singles+1].child - w.states[1].child))
	}
	for s := int32(1); s < states; s++ {
		for c := w.states[s].child; c < w.states[s+1].child; c++ {
			if s <= w.singles {
				w.pairs.add(s, w.word[c], c)
			}
			f := w.states[s].fail
			for f != 0 && w.step(f, w.word[c]) == 0 {
				f = w.states[f].fail
			}
			if f != 0 {
				f = w.step(f, w.word[c])
			} else {
				f = w.first[w.word[c]]
			}
			w.states[c].fail = f
		}
		if f := w.states[s].fail; w.states[f].out >= 0 {
			w.states[s].shorter = f
		} else {
			w.states[s].shorter = w.states[f].shorter
		}
	}
}

// step returns the child of state s by word id, 0 for none.
func (w *words) step(s int32, id uint32) int32 {
	lo, hi := w.states[s].child, w.states[s+1].child
	if s <= w.singles {
		return w.pairs.child(s, id, lo, hi, w.word)
	}
	for lo < hi {
		mid := int32(uint32(lo+hi) >> 1)
		if w.word[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < w.states[s+1].child && w.word[lo] == id {
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
		if w.states[s].out < 0 {
			end = w.states[s].shorter
		}
		// From the longest suffix to the shortest: in the order of Start.
		for ; end != 0; end = w.states[end].shorter {
			p := w.states[end].out
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
		// Mostly the bitmap answers before the table is asked.
		if s > w.singles || w.pairs.has(s, id) {
			if c := w.step(s, id); c != 0 {
				return c
			}
		}
		s = w.states[s].fail
	}
	return w.first[id]
}

// pairs finds the states of two words: a frequent first word ("je") has
// thousands of children, too many to search among. bits is a set of pairs that
// may say yes to a pair it does not hold, small enough to stay near the
// processor; slots is a hash table of states, 0 for none, with linear probing
// (Knuth, TAOCP 3, 6.4).
type pairs struct {
	bits       []uint64
	slots      []int32
	bitShift   uint8
	slotsShift uint8
}

// newPairs returns a table for n pairs: 16 bits a pair or more, and two slots.
func newPairs(n int) pairs {
	log := max(bits.Len(uint(n))+4, 6)
	slots := max(bits.Len(uint(n))+1, 1)
	return pairs{
		bits: make([]uint64, 1<<(log-6)), bitShift: uint8(64 - log),
		slots: make([]int32, 1<<slots), slotsShift: uint8(64 - slots),
	}
}

// mix spreads a pair over 64 bits, as in Fibonacci hashing.
func mix(s int32, id uint32) uint64 {
	return (uint64(s)<<32|uint64(id))*0x9E3779B97F4A7C15 ^ uint64(s)*0xC2B2AE3D27D4EB4F
}

func (b *pairs) add(s int32, id uint32, child int32) {
	h := mix(s, id)
	p := h >> b.bitShift
	b.bits[p/64] |= 1 << (p % 64)
	for i := h >> b.slotsShift; ; i++ {
		if slot := &b.slots[i&uint64(len(b.slots)-1)]; *slot == 0 {
			*slot = child
			return
		}
	}
}

func (b *pairs) has(s int32, id uint32) bool {
	p := mix(s, id) >> b.bitShift
	return b.bits[p/64]&(1<<(p%64)) != 0
}

// child returns the state from lo to hi exclusive, the children of s, that word id leads to.
func (b *pairs) child(s int32, id uint32, lo, hi int32, word []uint32) int32 {
	for i := mix(s, id) >> b.slotsShift; ; i++ {
		c := b.slots[i&uint64(len(b.slots)-1)]
		if c == 0 || c >= lo && c < hi && word[c] == id {
			return c
		}
	}
}
