package eval

import (
	"math"
	"slices"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// join weighs the indices and the factors of a decision against each other. Its
// log odds are indices·(what the indices say) + evidence·(what the factors
// weigh) + the trust of each factor found + constant.
type join struct {
	indices, evidence, constant float64
	// trust is by factor of the decision's category: how much more or less than
	// its weight says it means.
	trust map[string]float64
}

// Ridges keep the coefficients of a join from what few documents say.
const (
	ridgeShared = 1
	ridgeFactor = 4
)

// leastTrust is the least that a strong factor counts for in log odds: where a
// corpus has none to learn from, a term written by hand still means something,
// and a named danger means more.
var leastTrust = [lexicon.Decisions]float64{1, 1, 1, 1, 2, 1}

// columns before the factors' own.
const (
	columnIndices = iota
	columnEvidence
	columnMore // documents beside the corpus, whose shares of signs are their own
	columnConstant
	firstFactor
)

// stack fits the join of every decision to documents whose indices were scored
// by a fit that had not seen them.
func (m *material) stack(f Fit, used []bool, scores [][lexicon.Decisions]float64) (all [lexicon.Decisions]join) {
	for d := range all {
		factors := m.factorsOf(d, f)
		var x logistic
		x.ridge = slices.Repeat([]float64{ridgeFactor}, firstFactor+len(factors))
		x.ridge[columnIndices], x.ridge[columnEvidence] = ridgeShared, ridgeShared
		x.ridge[columnMore], x.ridge[columnConstant] = 0, 0
		for i, document := range m.documents[:m.whole] {
			if !used[i] || m.wanted[i][d] == unsure || slices.Contains(f.Read, document.Source()) {
				continue
			}
			row := make([]float64, len(x.ridge))
			row[columnIndices], row[columnConstant] = scores[i][d], 1
			if !f.WithoutFactors {
				row[columnEvidence] = m.evidence[i][d]
			}
			if i >= m.corpus {
				row[columnMore] = 1
			}
			for k, id := range factors {
				if slices.Contains(m.asserted[i], id) {
					row[firstFactor+k] = 1
				}
			}
			x.rows = append(x.rows, row)
			x.wants = append(x.wants, m.wanted[i][d] == yes)
		}
		c := x.fit()
		all[d] = join{
			indices: max(c[columnIndices], 0), evidence: c[columnEvidence], constant: c[columnConstant],
			trust: make(map[string]float64, len(factors)),
		}
		if f.WithoutFactors || c[columnEvidence] < leastTrust[d] {
			all[d].evidence = leastTrust[d]
		}
		for k, id := range factors {
			all[d].trust[id] = c[firstFactor+k]
		}
	}
	return all
}

// fewestDocuments is in how many documents a factor must be found for its own
// trust to be learned.
const fewestDocuments = 5

// factorsOf lists the factors of a decision's category that are found often
// enough, none for the decisions that are no category.
func (m *material) factorsOf(decision int, f Fit) []string {
	ids := lexicon.CategoryIDs()
	if decision >= len(ids) || f.WithoutFactors {
		return nil
	}
	found := make(map[string]int)
	for _, asserted := range m.asserted[:m.whole] {
		for _, id := range asserted {
			found[id]++
		}
	}
	var all []string
	for id, n := range found {
		if n >= fewestDocuments && len(id) > len(ids[decision]) && id[:len(ids[decision])+1] == ids[decision]+"." {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}

// logistic is a small logistic regression with dense rows.
type logistic struct {
	rows  [][]float64
	wants []bool
	ridge []float64
}

// fit returns the coefficients, by Newton's method.
func (x *logistic) fit() []float64 {
	n := len(x.ridge)
	c := make([]float64, n)
	for range 50 {
		gradient, hessian := make([]float64, n), make([][]float64, n)
		for a := range hessian {
			hessian[a] = make([]float64, n)
			hessian[a][a] = x.ridge[a] + 1e-6
			gradient[a] = -x.ridge[a] * c[a]
		}
		for i, row := range x.rows {
			z := 0.0
			for a, v := range row {
				z += c[a] * v
			}
			p := 1 / (1 + math.Exp(-z))
			miss := -p
			if x.wants[i] {
				miss = 1 - p
			}
			for a, v := range row {
				if v == 0 {
					continue
				}
				gradient[a] += miss * v
				for b, w := range row[:a+1] {
					hessian[a][b] += p * (1 - p) * v * w
				}
			}
		}
		largest := 0.0
		for a, step := range solve(hessian, gradient) {
			c[a] += step
			largest = max(largest, math.Abs(step))
		}
		if largest < 1e-9 {
			break
		}
	}
	return c
}

// solve solves a·x = b for a symmetric positive definite a, of which the lower
// half is given, by Cholesky's method in place.
func solve(a [][]float64, b []float64) []float64 {
	for i := range a {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= a[i][k] * a[j][k]
			}
			if i == j {
				a[i][i] = math.Sqrt(sum)
			} else {
				a[i][j] = sum / a[j][j]
			}
		}
	}
	x := slices.Clone(b)
	for i := range a {
		for k := range i {
			x[i] -= a[i][k] * x[k]
		}
		x[i] /= a[i][i]
	}
	for i := len(a) - 1; i >= 0; i-- {
		for k := i + 1; k < len(a); k++ {
			x[i] -= a[k][i] * x[k]
		}
		x[i] /= a[i][i]
	}
	return x
}
