package pipeline

import (
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// weighing is the learned layer laid out for adding up: a word has ten indices,
// the word itself and its parts, whose weights are added up once, here. It is
// shared and only read.
type weighing struct {
	table *partTable
	// rows are the known words, by number.
	rows []wordRow
	// parts are the indices of each word that other words have, too.
	parts []int32
	// weights of each index, by level.
	weights [][lexicon.Levels]packed
	// before and after are the indices of the words of an agent's turn, by
	// number, -1 for none.
	before, after []int32
}

// wordRow is all that is asked of a word, in one line of cache: the sums of all
// its indices by level, where its parts stand in weighing.parts, and its own
// index, -1 for none.
type wordRow struct {
	sums     [lexicon.Levels]packed
	from, to int32
	word     int32
	_        int32
}

// packed are weights, two decisions to a number: a sum of them is two sums, as
// long as each has 32 bits.
type packed [lexicon.Decisions / 2]int64

func (a *packed) add(b *packed) {
	a[0] += b[0]
	a[1] += b[1]
	a[2] += b[2]
}

func (a *packed) subtract(b *packed) {
	a[0] -= b[0]
	a[1] -= b[1]
	a[2] -= b[2]
}

func pack(w *lexicon.Weights) (a packed) {
	for i := range a {
		a[i] = int64(w[2*i]) + int64(w[2*i+1])<<32
	}
	return a
}

// unpack takes sums apart.
func (a *packed) unpack() (w lexicon.Weights) {
	for i, sum := range a {
		w[2*i] = int32(sum)
		w[2*i+1] = int32((sum - int64(int32(sum))) >> 32)
	}
	return w
}

// newWeighing lays out the learned layer of a program.
func newWeighing(p *lexicon.Program) *weighing {
	x := &p.Indices
	if x.Len() == 0 {
		return &weighing{}
	}
	words := p.Vocabulary.Len() + 1
	w := &weighing{
		table: newPartTable(x), rows: make([]wordRow, words),
		before: slices.Repeat([]int32{-1}, words), after: slices.Repeat([]int32{-1}, words),
		weights: make([][lexicon.Levels]packed, x.Len()),
	}
	for i := range w.weights {
		for l := range w.weights[i] {
			w.weights[i][l] = pack(&x.Weights[l][i])
		}
	}
	for id := range w.rows {
		w.rows[id].word = -1
	}
	for id, n := range x.Before {
		w.before[id] = n
	}
	for id, n := range x.After {
		w.after[id] = n
	}
	for i, words := range p.Literals {
		if n := x.Literal[i]; n >= 0 && len(words) == 1 {
			w.count(words[0], n)
			w.rows[words[0]].word = n
		}
	}
	var letters []uint32
	for id := 1; id < words; id++ {
		row := &w.rows[id]
		row.from = int32(len(w.parts))
		w.parts = w.table.parts([]byte(p.Vocabulary.Word(uint32(id))), &letters, w.parts)
		row.to = int32(len(w.parts))
		for _, n := range w.parts[row.from:] {
			w.count(uint32(id), n)
		}
	}
	return w
}

// count adds an index to the sums of a word.
func (w *weighing) count(id uint32, index int32) {
	for l := range w.rows[id].sums {
		w.rows[id].sums[l].add(&w.weights[index][l])
	}
}

// unknownWords are the words of a text that no lexicon knows.
type unknownWords struct {
	weighing *weighing
	letters  []uint32
	at       []int32
	all      []int32
}

func (u *unknownWords) reset(w *weighing) {
	u.weighing, u.at, u.all = w, append(u.at[:0], 0), u.all[:0]
}

// add returns the row of a word, beyond those of known words.
func (u *unknownWords) add(word []byte) int32 {
	u.all = u.weighing.table.parts(word, &u.letters, u.all)
	u.at = append(u.at, int32(len(u.all)))
	return int32(len(u.weighing.rows) + len(u.at) - 2)
}

// parts returns the indices that are parts of the word of a row.
func (u *unknownWords) parts(row int32) []int32 {
	i := int(row) - len(u.weighing.rows)
	return u.all[u.at[i]:u.at[i+1]]
}
