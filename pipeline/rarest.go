package pipeline

import (
	"math"
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// rarestSteps returns the step that each sequence waits for, by the rates of the literals. A group is as
// frequent as the literals that it holds and the rarest steps of the sequences
// that make it.
func rarestSteps(p *lexicon.Program, rates []float64) []int32 {
	often := make([]float64, p.Groups)
	often[p.Number] = numberRate
	for i, emits := range p.Emits {
		for k := range emits {
			often[emits[k].Group] += rates[i]
		}
	}
	rarest := make([]int32, len(p.Sequences))
	for i, q := range p.Sequences { // in order of dependency
		for k, step := range q.Steps[:min(len(q.Steps), math.MaxUint8)] {
			if often[step.Group] < often[q.Steps[rarest[i]].Group] {
				rarest[i] = int32(k)
			}
		}
		often[q.Out] += often[q.Steps[rarest[i]].Group]
	}
	return rarest
}

// neededOf marks the sequences that make what is meant, and those that make the
// steps that these wait for. The others are looked for when they are asked for.
func neededOf(p *lexicon.Program, meant []bool, rarest []int32) []bool {
	wanted, needed := slices.Clone(meant), make([]bool, len(p.Sequences))
	for i := len(p.Sequences) - 1; i >= 0; i-- { // users before makers
		q := &p.Sequences[i]
		if needed[i] = wanted[q.Out]; needed[i] {
			wanted[q.Steps[rarest[i]].Group] = true
		}
	}
	return needed
}
