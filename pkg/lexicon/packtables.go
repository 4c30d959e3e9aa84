package lexicon

import (
	"slices"
	"strings"
)

// packedTables are the large tables, laid out in a line each: hundreds of
// thousands of small slices are slow to read, a few long ones are not.
type packedTables struct {
	Head     []byte
	Words    string
	Literals rowsOf[uint32]

	EmitCounts []uint32
	EmitGroups []Group
	EmitMarks  []byte
	Exact      [][]string // of the emits whose mark has markExact, in order

	SequenceCounts []uint32
	SequenceOuts   []Group
	SequenceMarks  []byte
	StepGroups     []Group
	StepMin        []int
	StepMax        []int

	UseCounts  []uint32
	UseKinds   []byte
	UseIndices []int32

	TermFactors         []int
	TermIDs, TermSource string

	IndexTexts   string
	IndexWeights [Levels][]int32
	IndexLiteral []int32
	Parts        rowsOf[uint32]
	PartIndex    []int32
	BesideWords  [2][]uint32
	BesideIndex  [2][]int32

	Sounds     string
	SoundWords []uint32
}

// rowsOf are slices laid end to end.
type rowsOf[T any] struct {
	Counts []uint32
	All    []T
}

func (r *rowsOf[T]) pack(list [][]T) {
	for _, row := range list {
		r.Counts = append(r.Counts, uint32(len(row)))
		r.All = append(r.All, row...)
	}
}

func (r *rowsOf[T]) unpack() [][]T { return cutRows(r.Counts, r.All) }

func cutRows[T any](counts []uint32, all []T) [][]T {
	list := make([][]T, len(counts))
	for i, n := range counts {
		if n > 0 {
			list[i], all = all[:n:n], all[n:]
		}
	}
	return list
}

// separator stands between texts that hold none.
const separator = "\x00"

func joined(list []string) string { return strings.Join(list, separator) }

func parted(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, separator)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Marks of emits and sequences.
const (
	markTranscript = 1 << iota
	markAnchored
	markExact
)

func marks(transcript, anchored, exact bool) byte {
	var m byte
	for i, is := range []bool{transcript, anchored, exact} {
		if is {
			m |= 1 << i
		}
	}
	return m
}

func (t *packedTables) packEmits(list [][]Emit) {
	for _, emits := range list {
		t.EmitCounts = append(t.EmitCounts, uint32(len(emits)))
		for _, e := range emits {
			t.EmitGroups = append(t.EmitGroups, e.Group)
			t.EmitMarks = append(t.EmitMarks, marks(e.Transcript, e.Anchored, e.Exact != nil))
			if e.Exact != nil {
				t.Exact = append(t.Exact, e.Exact)
			}
		}
	}
}

func (t *packedTables) emits() [][]Emit {
	all, exact := make([]Emit, len(t.EmitGroups)), t.Exact
	for i, g := range t.EmitGroups {
		m := t.EmitMarks[i]
		all[i] = Emit{Group: g, Transcript: m&markTranscript != 0, Anchored: m&markAnchored != 0}
		if m&markExact != 0 {
			all[i].Exact, exact = exact[0], exact[1:]
		}
	}
	return cutRows(t.EmitCounts, all)
}

func (t *packedTables) packSequences(list []Sequence) {
	for _, q := range list {
		t.SequenceCounts = append(t.SequenceCounts, uint32(len(q.Steps)))
		t.SequenceOuts = append(t.SequenceOuts, q.Out)
		t.SequenceMarks = append(t.SequenceMarks, marks(q.Transcript, q.Anchored, false))
		for _, s := range q.Steps {
			t.StepGroups, t.StepMin, t.StepMax = append(t.StepGroups, s.Group), append(t.StepMin, s.Min), append(t.StepMax, s.Max)
		}
	}
}

func (t *packedTables) sequences() []Sequence {
	steps := make([]Step, len(t.StepGroups))
	for i, g := range t.StepGroups {
		steps[i] = Step{Group: g, Min: t.StepMin[i], Max: t.StepMax[i]}
	}
	list := make([]Sequence, len(t.SequenceOuts))
	for i, of := range cutRows(t.SequenceCounts, steps) {
		m := t.SequenceMarks[i]
		list[i] = Sequence{Out: t.SequenceOuts[i], Steps: of, Transcript: m&markTranscript != 0, Anchored: m&markAnchored != 0}
	}
	return list
}

func (t *packedTables) packUses(list [][]Use) {
	for _, uses := range list {
		t.UseCounts = append(t.UseCounts, uint32(len(uses)))
		for _, u := range uses {
			t.UseKinds, t.UseIndices = append(t.UseKinds, byte(u.Kind)), append(t.UseIndices, u.Index)
		}
	}
}

func (t *packedTables) uses() [][]Use {
	all := make([]Use, len(t.UseKinds))
	for i, k := range t.UseKinds {
		all[i] = Use{Kind: UseKind(k), Index: t.UseIndices[i]}
	}
	return cutRows(t.UseCounts, all)
}

func (t *packedTables) packTerms(list []Term) {
	ids, sources := make([]string, len(list)), make([]string, len(list))
	for i, term := range list {
		t.TermFactors = append(t.TermFactors, term.Factor)
		ids[i], sources[i] = term.ID, term.Pattern
	}
	t.TermIDs, t.TermSource = joined(ids), joined(sources)
}

func (t *packedTables) terms() []Term {
	list := make([]Term, len(t.TermFactors))
	ids, sources := parted(t.TermIDs), parted(t.TermSource)
	for i, f := range t.TermFactors {
		list[i] = Term{Factor: f, ID: ids[i], Pattern: sources[i]}
	}
	return list
}

func (t *packedTables) packIndices(x *Indices) {
	t.IndexTexts = joined(x.Texts)
	for l, weights := range x.Weights {
		for _, w := range weights {
			t.IndexWeights[l] = append(t.IndexWeights[l], w[:]...)
		}
	}
	t.IndexLiteral, t.PartIndex = x.Literal, x.PartIndex
	t.Parts.pack(x.Parts)
	for i, words := range []map[uint32]int32{x.Before, x.After} {
		for w := range words {
			t.BesideWords[i] = append(t.BesideWords[i], w)
		}
		slices.Sort(t.BesideWords[i])
		for _, w := range t.BesideWords[i] {
			t.BesideIndex[i] = append(t.BesideIndex[i], words[w])
		}
	}
}

func (t *packedTables) indices() Indices {
	x := Indices{
		Texts: parted(t.IndexTexts), Literal: t.IndexLiteral, PartIndex: t.PartIndex, Parts: t.Parts.unpack(),
		Before: make(map[uint32]int32), After: make(map[uint32]int32),
	}
	for l, flat := range t.IndexWeights {
		x.Weights[l] = make([]Weights, len(flat)/Decisions)
		for i := range x.Weights[l] {
			copy(x.Weights[l][i][:], flat[i*Decisions:])
		}
	}
	for i, words := range []map[uint32]int32{x.Before, x.After} {
		for k, w := range t.BesideWords[i] {
			words[w] = t.BesideIndex[i][k]
		}
	}
	return x
}
