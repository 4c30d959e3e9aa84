package pipeline

import (
	"cmp"
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// families puts the literals of a program together that belong to the same
// groups under the same conditions: a quarter of them are left to ask about.
type families struct {
	// of is the family of each literal.
	of []int32
	// groups are those of each family, in order, with the condition of each beside
	// it: an index of conditions, -1 for none.
	groups     rows[int32]
	holding    []int32
	conditions []*lexicon.Emit
}

func newFamilies(p *lexicon.Program) *families {
	f := &families{of: make([]int32, len(p.Emits)), groups: newRows[int32](0)}
	known := make(map[uint64]int32)
	var row []emit
	for i := range p.Emits {
		row = f.row(row[:0], p.Emits[i])
		hash := hashOf(row)
		n, ok := known[hash]
		for ; ok && !f.is(n, row); n, ok = known[hash] {
			hash++
		}
		if !ok {
			n = f.add(row)
			known[hash] = n
		}
		f.of[i] = n
	}
	return f
}

// emit says that a literal belongs to a group; condition is an index of
// families.conditions, -1 for none.
type emit struct{ group, condition int32 }

// row appends the groups of a literal, in order. A condition is taken for one of
// this literal alone.
func (f *families) row(dst []emit, emits []lexicon.Emit) []emit {
	for k := range emits {
		x := &emits[k]
		condition := int32(-1)
		if x.Transcript || x.Anchored || x.Exact != nil {
			condition = int32(len(f.conditions))
			f.conditions = append(f.conditions, x)
		}
		dst = append(dst, emit{int32(x.Group), condition})
	}
	slices.SortFunc(dst, func(a, b emit) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.condition, b.condition))
	})
	return dst
}

// is reports whether a row is that of family n.
func (f *families) is(n int32, row []emit) bool {
	from := f.groups.at[n]
	if int(f.groups.at[n+1]-from) != len(row) {
		return false
	}
	for i, e := range row {
		if f.groups.all[int(from)+i] != e.group || f.holding[int(from)+i] != e.condition {
			return false
		}
	}
	return true
}

func (f *families) add(row []emit) int32 {
	for _, e := range row {
		f.groups.all, f.holding = append(f.groups.all, e.group), append(f.holding, e.condition)
	}
	f.groups.next()
	return int32(f.groups.len() - 1)
}

// hashOf is FNV-1a over whole numbers: what has the same one is compared.
func hashOf(row []emit) uint64 {
	h := uint64(14695981039346656037)
	for _, e := range row {
		h = (h ^ uint64(uint32(e.group))) * 1099511628211
		h = (h ^ uint64(uint32(e.condition))) * 1099511628211
	}
	return h
}
