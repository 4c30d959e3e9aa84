package pipeline

import (
	"cmp"
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// families puts the literals of a program together that belong to the same
// groups under the same conditions: a quarter of them are left to ask about.
type families struct {
	literals []literal
	// groups are those of each family, in order, with the condition of each beside
	// it: an index of conditions, -1 for none. The most frequent families come
	// first: what is often asked for stands together.
	groups     rows[int32]
	holding    []int32
	conditions []*lexicon.Emit
}

// literal is what a literal is to the stages behind the automaton: its family,
// and its index of the learned layer if it has several words, -1 for none.
type literal struct{ family, index int32 }

func newFamilies(p *lexicon.Program, rates []float64) *families {
	f := &families{literals: make([]literal, len(p.Emits)), groups: newRows[int32](0)}
	n := 0
	for i := range p.Emits {
		n += len(p.Emits[i])
	}
	f.groups.all, f.holding = make([]int32, 0, n), make([]int32, 0, n)
	known := make(map[uint64]int32, len(p.Emits)/4)
	var often []float64
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
			often = append(often, 0)
		}
		often[n] += rates[i]
		f.literals[i] = literal{n, -1}
		if p.Indices.Len() > 0 && len(p.Literals[i]) > 1 {
			f.literals[i].index = p.Indices.Literal[i]
		}
	}
	f.sort(often)
	return f
}

// sort numbers the families anew, the most frequent first.
func (f *families) sort(often []float64) {
	order := make([]int32, len(often))
	for n := range order {
		order[n] = int32(n)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(often[b], often[a]), cmp.Compare(a, b)) })
	groups, holding := newRows[int32](len(order)), make([]int32, 0, len(f.holding))
	groups.all = make([]int32, 0, len(f.groups.all))
	renamed := make([]int32, len(order))
	for n, old := range order {
		renamed[old] = int32(n)
		groups.all = append(groups.all, f.groups.of(old)...)
		groups.next()
		holding = append(holding, f.holding[f.groups.at[old]:f.groups.at[old+1]]...)
	}
	f.groups, f.holding = groups, holding
	for i := range f.literals {
		f.literals[i].family = renamed[f.literals[i].family]
	}
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
