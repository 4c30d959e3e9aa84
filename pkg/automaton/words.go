package automaton

import "math/bits"

// words is an Aho-Corasick automaton (Aho and Corasick, "Efficient string
// matching: an aid to bibliographic search", CACM 18(6), 1975) whose letters
// are words.
//
// States are numbered breadth first, 0 is the root. So the children of state s
// are the states from its child to that of s+1, ordered by the word that leads
// into them: an edge needs no storage of its own.
type words struct {
	states  []state // one more than there are
	first   []int32 // by word: the root's child, 0 for none
	singles int32   // states 1 to singles stand for one word
	pairs   pairs   // first two words of the patterns
}

// state is all that is asked of a state, in half a line of cache: a text goes to
// states that are far from each other in memory.
type state struct {
	word    uint32 // that leads into it
	child   int32  // first child
	next    uint32 // words that lead out of it: a bit for each, by onward
	fail    int32  // state of the longest proper suffix, 0 for none
	out     int32  // pattern that ends here, -1 for none
	shorter int32  // next state along fail in which a pattern ends, 0 for none
	depth   int32  // words that lead to it
	_       int32
}

// onward returns the bit of a word in state.next.
func onward(id uint32) uint32 { return 1 << (id * 0x9E3779B1 >> 27) }

// NewWords builds the engine over word tables. Its Find allocates nothing
// beyond the growth of dst. See [New] for what patterns must be.
func NewWords(patterns [][]uint32) (Engine, error) {
	order, err := sorted(patterns)
	if err != nil {
		return nil, err
	}
	w := &words{}
	var highest uint32
	for _, p := range patterns {
		for _, id := range p {
			highest = max(highest, id)
		}
	}
	w.grow(patterns, order)
	w.first = make([]int32, highest+1)
	for s := int32(1); s < w.states[1].child; s++ {
		w.first[w.states[s].word] = s
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
	n := statesOf(patterns, order)
	runs, words := make([]run, 1, n), make([]uint32, 1, n)
	runs[0].to = int32(len(order))
	w.states = make([]state, 0, n+1)
	for s := 0; s < len(runs); s++ {
		r := runs[s]
		x := state{word: words[s], child: int32(len(runs)), out: -1, depth: r.depth}
		if r.from < r.to && len(patterns[order[r.from]]) == int(r.depth) {
			x.out = order[r.from]
			r.from++
		}
		for r.from < r.to {
			id := patterns[order[r.from]][r.depth]
			end := r.from + 1
			for end < r.to && patterns[order[end]][r.depth] == id {
				end++
			}
			x.next |= onward(id)
			runs = append(runs, run{r.from, end, r.depth + 1})
			words = append(words, id)
			r.from = end
		}
		w.states = append(w.states, x)
	}
	w.states = append(w.states, state{child: int32(len(runs)), out: -1})
}

// statesOf counts the states: each pattern adds those that it does not share with
// the one before it.
func statesOf(patterns [][]uint32, order []int32) int {
	n := 1
	var before []uint32
	for _, i := range order {
		p, shared := patterns[i], 0
		for shared < min(len(p), len(before)) && p[shared] == before[shared] {
			shared++
		}
		n += len(p) - shared
		before = p
	}
	return n
}

// link fills the suffix links and the table of pairs. Parents come before
// their children, so every link that is needed is already there.
func (w *words) link() {
	states := int32(len(w.states)) - 1
	if states > 1 {
		w.pairs = newPairs(int(w.states[w.singles+1].child - w.states[1].child))
	}
	for s := int32(1); s < states; s++ {
		for c := w.states[s].child; c < w.states[s+1].child; c++ {
			id := w.states[c].word
			if s <= w.singles {
				w.pairs.add(s, id, c)
			}
			f := w.states[s].fail
			for f != 0 && w.step(f, id) == 0 {
				f = w.states[f].fail
			}
			if f != 0 {
				f = w.step(f, id)
			} else {
				f = w.first[id]
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
	if s <= w.singles {
		return w.pairs.child(s, id, w.states)
	}
	lo, hi := w.states[s].child, w.states[s+1].child
	for lo < hi {
		mid := int32(uint32(lo+hi) >> 1)
		if w.states[mid].word < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < w.states[s+1].child && w.states[lo].word == id {
		return lo
	}
	return 0
}

// Name returns "words".
func (w *words) Name() string { return Words }

// ahead is how many words are looked up together. Their places in memory are far
// from each other: asked for one after the other, each would be waited for.
const ahead = 64

// Find implements [Engine].
func (w *words) Find(text []uint32, dst []Match) []Match {
	var both [ahead]int32
	s, last := int32(0), int32(0)
	for from := 0; from < len(text); from += ahead {
		block := text[from:min(from+ahead, len(text))]
		last = w.lookUp(block, last, &both)
		for i, id := range block {
			s = w.next(s, id, both[i])
			end := &w.states[s]
			if end.out < 0 {
				end = &w.states[end.shorter]
			}
			// From the longest suffix to the shortest: in the order of Start.
			for at := int32(from + i + 1); end.out >= 0; end = &w.states[end.shorter] {
				dst = append(dst, Match{Pattern: end.out, Start: at - end.depth, End: at})
			}
		}
	}
	return dst
}

// lookUp finds the state of each word with the one before it, of which single is
// the state, 0 for none. It returns the state of the last word.
func (w *words) lookUp(block []uint32, single int32, both *[ahead]int32) int32 {
	for i, id := range block {
		both[i] = 0
		if single != 0 && w.pairs.has(single, id) {
			both[i] = w.pairs.child(single, id, w.states)
		}
		single = 0
		if int(id) < len(w.first) {
			single = w.first[id]
		}
	}
	return single
}

// next returns the state after word id in state s, where both is the state of
// this word and the one before it.
func (w *words) next(s int32, id uint32, both int32) int32 {
	if id == 0 || int(id) >= len(w.first) {
		return 0
	}
	bit := onward(id)
	for s > w.singles {
		if w.states[s].next&bit != 0 { // mostly it answers before the children are asked
			if c := w.step(s, id); c != 0 {
				return c
			}
		}
		s = w.states[s].fail
	}
	if s != 0 && both != 0 {
		return both
	}
	return w.first[id]
}

// pairs finds the states of two words: a frequent first word ("je") has
// thousands of children, too many to search among. bits is a set of pairs that
// may say yes to a pair it does not hold, small enough to stay near the
// processor; slots is a hash table of states, free where the child is 0, with
// linear probing (Knuth, TAOCP 3, 6.4).
type pairs struct {
	bits       []uint64
	slots      []slot
	bitShift   uint8
	slotsShift uint8
}

// slot says which state follows which.
type slot struct{ parent, child int32 }

// newPairs returns a table for n pairs: 16 bits a pair or more, and two slots.
func newPairs(n int) pairs {
	log := max(bits.Len(uint(n))+4, 6)
	slots := max(bits.Len(uint(n))+1, 1)
	return pairs{
		bits: make([]uint64, 1<<(log-6)), bitShift: uint8(64 - log),
		slots: make([]slot, 1<<slots), slotsShift: uint8(64 - slots),
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
		if x := &b.slots[i&uint64(len(b.slots)-1)]; x.child == 0 {
			*x = slot{s, child}
			return
		}
	}
}

func (b *pairs) has(s int32, id uint32) bool {
	p := mix(s, id) >> b.bitShift
	return b.bits[p/64]&(1<<(p%64)) != 0
}

// child returns the state that word id leads to from s, 0 for none.
func (b *pairs) child(s int32, id uint32, states []state) int32 {
	for i := mix(s, id) >> b.slotsShift; ; i++ {
		x := b.slots[i&uint64(len(b.slots)-1)]
		if x.child == 0 || x.parent == s && states[x.child].word == id {
			return x.child
		}
	}
}
