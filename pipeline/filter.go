package pipeline

import "github.com/vigie-project/vigie/pkg/lexicon"

// A familySet is a set of families of literals, and of numbers, that says for
// certain only that one is not in it (Bloom, "Space/time trade-offs in hash coding
// with allowable errors", CACM 13(7), 1970, with one bit of each half for a family):
// a line of cache. A filter is its first half folded to one word, for what stands
// beside a place as a whole.
type (
	familySet [8]uint64
	filter    uint64
)

// mark is what a familySet knows a family by: a byte for each half.
type mark uint16

const (
	// numberMark is that of numbers and of no family.
	numberMark   mark   = 0xFFFF
	numberFilter filter = 1 << 63
)

// markOf returns the mark of a family (Fibonacci hashing: Knuth, TAOCP 3, 6.4).
func markOf(family int32) mark {
	m := mark(uint32(family) * 0x9E3779B1 >> 16)
	if m&63 == 63 {
		m ^= 1
	}
	return m
}

// filter returns the filter of a mark alone.
func (m mark) filter() filter { return 1 << (m & 63) }

func (x *familySet) add(m mark) {
	x[m>>6&3] |= 1 << (m & 63)
	x[4+m>>14] |= 1 << (m >> 8 & 63)
}

func (x *familySet) has(m mark) bool { return x[m>>6&3]>>(m&63)&(x[4+m>>14]>>(m>>8&63))&1 != 0 }

func (x *familySet) filter() filter { return filter(x[0] | x[1] | x[2] | x[3]) }

func (x *familySet) join(y *familySet) {
	for i, m := range y {
		x[i] |= m
	}
}

// border is what the places of a group can begin or end with: a filter, and the
// number of a set.
type border struct {
	filter filter
	set    int32
}

// borders finds what the places of each group can begin with and end with.
func borders(p *lexicon.Program, families *rows[int32]) (first, last []border, sets []familySet) {
	begin := make([]familySet, p.Groups)
	begin[p.Number].add(numberMark)
	for f := range families.len() {
		m := markOf(int32(f))
		for _, g := range families.of(int32(f)) {
			begin[g].add(m)
		}
	}
	end := make([]familySet, p.Groups)
	copy(end, begin)
	for _, q := range p.Sequences { // in order of dependency
		begin[q.Out].join(&begin[q.Steps[0].Group])
		end[q.Out].join(&end[q.Steps[len(q.Steps)-1].Group])
	}
	numbers := make(map[familySet]int32, 2*len(p.Sequences))
	sets = make([]familySet, 0, 2*len(p.Sequences))
	number := func(set *familySet) border {
		n, ok := numbers[*set]
		if !ok {
			n = int32(len(sets))
			numbers[*set], sets = n, append(sets, *set)
		}
		return border{set.filter(), n}
	}
	first, last = make([]border, p.Groups), make([]border, p.Groups)
	for _, q := range p.Sequences {
		for _, x := range q.Steps {
			if first[x.Group].filter == 0 {
				first[x.Group], last[x.Group] = number(&begin[x.Group]), number(&end[x.Group])
			}
		}
	}
	return first, last, sets
}
