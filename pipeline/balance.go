package pipeline

import "github.com/vigie-project/vigie/pkg/lexicon"

// balance adds up the indices of a document and of its passages, each index once
// in each of them. A passage is two blocks of words, of which the next passage
// has the second, too: what a passage comes to is the sums of its two blocks
// without what both have. So a word is looked at once for both passages and for
// the document: what an index was last seen in says all that is to be known. Its
// memory is reused.
type balance struct {
	*weighing
	// marks and words hold, by index and by known word, the number of the last
	// block that had it. Blocks are numbered on through all documents, first is
	// that of the document's first, now that of the block that is counted.
	marks, words []uint32
	first, now   uint32
	// block and before are the sums of this block and of the one before it, shared
	// what both have, beside is what the passage has beyond the words of its
	// blocks; whole is the document's sum.
	block, before, shared, beside, whole packed
}

func newBalance(w *weighing) balance {
	return balance{weighing: w, marks: make([]uint32, len(w.weights)), words: make([]uint32, len(w.rows))}
}

// begin begins a document.
func (b *balance) begin() {
	if b.now > 1<<31 { // no document has as many blocks as are left
		clear(b.marks)
		clear(b.words)
		b.now = 0
	}
	b.now++ // no block: nothing is shared with the last document
	b.first = b.now + 1
	b.block, b.whole = packed{}, packed{}
}

// part begins a passage that does not begin with the last block.
func (b *balance) part() {
	b.now++
	b.block = packed{}
}

// next begins a block.
func (b *balance) next() {
	b.now++
	b.before, b.block = b.block, packed{}
	b.shared, b.beside = packed{}, packed{}
}

// passage returns the sum of the passage that ends with the block.
func (b *balance) passage() packed {
	sum := b.before
	sum.add(&b.block)
	sum.subtract(&b.shared)
	sum.add(&b.beside)
	return sum
}

// word counts a known word and its parts: their sums, without the parts that
// words before it have counted.
func (b *balance) word(row int32) {
	last := b.words[row]
	if last == b.now {
		return
	}
	b.words[row] = b.now
	r := &b.rows[row]
	b.block.add(&r.sums[lexicon.Passage])
	// A part that was last seen before this asks for nothing.
	since := b.now - 1
	if last < b.first {
		b.whole.add(&r.sums[lexicon.Whole])
		since = b.first
	}
	if last == b.now-1 && r.word >= 0 {
		b.shared.add(&b.weights[r.word][lexicon.Passage])
	}
	for _, n := range b.parts[r.from:r.to] {
		seen := b.marks[n]
		b.marks[n] = b.now
		if seen < since {
			continue
		}
		w := &b.weights[n]
		switch seen {
		case b.now:
			b.block.subtract(&w[lexicon.Passage])
		case b.now - 1:
			b.shared.add(&w[lexicon.Passage])
		}
		if last < b.first {
			b.whole.subtract(&w[lexicon.Whole])
		}
	}
}

// each counts the parts of a word that no lexicon knows.
func (b *balance) each(parts []int32) {
	for _, n := range parts {
		seen := b.marks[n]
		if seen == b.now {
			continue
		}
		b.marks[n] = b.now
		w := &b.weights[n]
		b.block.add(&w[lexicon.Passage])
		if seen == b.now-1 {
			b.shared.add(&w[lexicon.Passage])
		}
		if seen < b.first {
			b.whole.add(&w[lexicon.Whole])
		}
	}
}

// one counts an index that is none of a single word, once its passage's blocks
// are counted: no two passages end with the same block.
func (b *balance) one(n int32) {
	seen := b.marks[n]
	if seen == b.now {
		return
	}
	b.marks[n] = b.now
	b.beside.add(&b.weights[n][lexicon.Passage])
	if seen < b.first {
		b.whole.add(&b.weights[n][lexicon.Whole])
	}
}
