package pipeline

import "github.com/vigie-project/vigie/pkg/lexicon"

// filter is a set of families of literals, and of numbers, that says for certain
// only that one is not in it (Bloom, "Space/time trade-offs in hash coding with
// allowable errors", CACM 13(7), 1970, with one bit of each half for a family).
// Half of the groups hold five families or fewer.
type filter struct{ a, b uint64 }

var everything = filter{^uint64(0), ^uint64(0)}

// numberBits are those of numbers and of no family.
var numberBits = filter{1 << 63, 1 << 63}

// bitsOf returns the bits of a family (Fibonacci hashing: Knuth, TAOCP 3, 6.4).
func bitsOf(family int32) filter {
	h := uint64(uint32(family)) * 0x9E3779B97F4A7C15
	return filter{1 << (h >> 32 * 63 >> 32), 1 << (h & (1<<32 - 1) * 63 >> 32)}
}

func (f *filter) add(g filter) {
	f.a |= g.a
	f.b |= g.b
}

// meets reports whether there may be something that is in both.
func (f filter) meets(g filter) bool { return f.a&g.a != 0 && f.b&g.b != 0 }

// edge holds what the places of a group can begin and end with.
type edge struct{ first, last filter }

// edgesOf finds the edges of each group.
func edgesOf(p *lexicon.Program, families *rows[int32]) []edge {
	edges := make([]edge, p.Groups)
	edges[p.Number] = edge{numberBits, numberBits}
	for f := range families.len() {
		bits := bitsOf(int32(f))
		for _, g := range families.of(int32(f)) {
			edges[g].first.add(bits)
			edges[g].last.add(bits)
		}
	}
	for _, q := range p.Sequences { // in order of dependency
		edges[q.Out].first.add(edges[q.Steps[0].Group].first)
		edges[q.Out].last.add(edges[q.Steps[len(q.Steps)-1].Group].last)
	}
	return edges
}
