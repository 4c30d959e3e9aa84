package eval

import (
	"math"
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// join weighs the indices and the factors of a decision against each other: its
// log odds are indices·(what the indices say) + factors·(their evidence) + constant.
type join struct{ indices, factors, constant float64 }

// ridge keeps the coefficients of a join apart from nothing and from infinity.
const ridge = 1

// stack fits the join of every decision to documents whose indices were scored
// by a fit that had not seen them.
func (m *material) stack(f Fit, used []bool, scores [][lexicon.Decisions]float64) (all [lexicon.Decisions]join) {
	for d := range all {
		var rows [][3]float64
		var wants []bool
		for i, document := range m.documents[:m.corpus] {
			if !used[i] || m.wanted[i][d] == unsure || slices.Contains(f.Read, document.Source()) {
				continue
			}
			evidence := m.evidence[i][d]
			if f.WithoutFactors {
				evidence = 0
			}
			rows = append(rows, [3]float64{scores[i][d], evidence, 1})
			wants = append(wants, m.wanted[i][d] == yes)
		}
		c := newtonLogistic(rows, wants)
		all[d] = join{indices: max(c[0], 0), factors: c[1], constant: c[2]}
		if f.WithoutFactors || c[1] < leastTrust {
			all[d].factors = leastTrust
		}
	}
	return all
}

// leastTrust is the least that a strong factor counts for in log odds: where a
// corpus has none to learn from, a term written by hand still means something.
const leastTrust = 1

// newtonLogistic fits a logistic regression of three columns by Newton's
// method, with a ridge on the first two.
func newtonLogistic(rows [][3]float64, wants []bool) (c [3]float64) {
	for range 50 {
		gradient := [3]float64{-ridge * c[0], -ridge * c[1], 0}
		hessian := [3][3]float64{{ridge, 0, 0}, {0, ridge, 0}, {0, 0, 1e-9}}
		for i, x := range rows {
			p := 1 / (1 + math.Exp(-(c[0]*x[0] + c[1]*x[1] + c[2]*x[2])))
			miss := -p
			if wants[i] {
				miss = 1 - p
			}
			for a := range x {
				gradient[a] += miss * x[a]
				for b := range x {
					hessian[a][b] += p * (1 - p) * x[a] * x[b]
				}
			}
		}
		step := solve(hessian, gradient)
		largest := 0.0
		for a := range c {
			c[a] += step[a]
			largest = max(largest, math.Abs(step[a]))
		}
		if largest < 1e-9 {
			break
		}
	}
	return c
}

// solve solves three equations by elimination with pivots.
func solve(a [3][3]float64, b [3]float64) (x [3]float64) {
	for i := range 3 {
		pivot := i
		for k := i + 1; k < 3; k++ {
			if math.Abs(a[k][i]) > math.Abs(a[pivot][i]) {
				pivot = k
			}
		}
		a[i], a[pivot], b[i], b[pivot] = a[pivot], a[i], b[pivot], b[i]
		for k := i + 1; k < 3; k++ {
			by := a[k][i] / a[i][i]
			for c := i; c < 3; c++ {
				a[k][c] -= by * a[i][c]
			}
			b[k] -= by * b[i]
		}
	}
	for i := 2; i >= 0; i-- {
		x[i] = b[i]
		for c := i + 1; c < 3; c++ {
			x[i] -= a[i][c] * x[c]
		}
		x[i] /= a[i][i]
	}
	return x
}
