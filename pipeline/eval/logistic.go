package eval

import "math"

// examples are the rows that a decision is fitted to. The value of feature j
// in row i is scale[i] times idf[j] if the row has it, 0 if not.
type examples struct {
	rows  [][]int32
	scale []float64
	idf   []float64
}

// linear is a fitted decision: what a row scores is bias plus its scale times
// the sum of weights of its features.
type linear struct {
	weights []float64
	bias    float64
}

func (l *linear) score(row []int32, scale float64) float64 {
	sum := 0.0
	for _, j := range row {
		sum += l.weights[j]
	}
	return l.bias + scale*sum
}

// Bounds of the fit.
const (
	mostPasses  = 60
	mostNewton  = 100
	stopAt      = 0.1 // the largest gradient of a pass that ends the fit
	finestInner = 1e-8
)

// regularise is the weight of an error against the squared weights (C).
const regularise = 20

// fitLogistic fits an L2-regularised logistic regression to the rows in use,
// by coordinate descent in the dual: Yu, Huang, Lin, "Dual coordinate descent
// methods for logistic regression and maximum entropy models", Machine
// Learning 85, 2011, algorithm 5. The order of the rows is shuffled by a fixed
// generator: the same rows give the same weights, bit by bit. start, if not
// nil, holds by row where its alpha begins, and is left with where it ended: a
// fit to nearly the same rows ends sooner.
func (x *examples) fitLogistic(use []int32, positive []bool, start []float64) *linear {
	l := &linear{weights: make([]float64, len(x.idf))}
	squares := make([]float64, len(x.idf))
	for j, v := range x.idf {
		squares[j] = v * v
	}
	alpha := make([]float64, len(use)) // of the row's own class; the other is regularise − alpha
	norm := make([]float64, len(use))
	step := func(k int, by float64) {
		i := use[k]
		if !positive[i] {
			by = -by
		}
		l.bias += by
		by *= x.scale[i]
		for _, j := range x.rows[i] {
			l.weights[j] += by * squares[j]
		}
	}
	for k, i := range use {
		sum := 0.0
		for _, j := range x.rows[i] {
			sum += squares[j]
		}
		norm[k] = 1 + x.scale[i]*x.scale[i]*sum
		alpha[k] = finestInner
		if start != nil && start[i] > 0 {
			alpha[k] = start[i]
		}
		step(k, alpha[k])
	}
	defer func() {
		for k, i := range use {
			if start != nil {
				start[i] = alpha[k]
			}
		}
	}()
	order := make([]int, len(use))
	for k := range order {
		order[k] = k
	}
	random := uint64(1)
	inner := 1e-2
	for range mostPasses {
		for k := len(order) - 1; k > 0; k-- {
			random = random*6364136223846793005 + 1442695040888963407
			o := int((random >> 33) % uint64(k+1))
			order[k], order[o] = order[o], order[k]
		}
		worst, newtons := 0.0, 0
		for _, k := range order {
			i := use[k]
			margin := l.score(x.rows[i], x.scale[i])
			if !positive[i] {
				margin = -margin
			}
			moved, gradient, steps := newton(alpha[k], norm[k], margin, inner)
			worst, newtons = max(worst, gradient), newtons+steps
			if moved != alpha[k] {
				step(k, moved-alpha[k])
				alpha[k] = moved
			}
		}
		if worst < stopAt {
			break
		}
		if newtons <= len(use)/10 {
			inner = max(finestInner, inner/10)
		}
	}
	return l
}

// newton minimises the dual along one row's alpha and returns where it ends,
// the gradient where it began, and how many steps it took. Of alpha and its
// complement the one that ends below the half is moved, which keeps the
// logarithm exact.
func newton(alpha, norm, margin, enough float64) (end, gradient float64, steps int) {
	sign, from := 1.0, alpha
	if norm*(regularise-2*alpha)/2+margin < 0 {
		sign, from = -1, regularise-alpha
	}
	z := from
	if regularise-z < regularise/2 {
		z *= 0.1
	}
	slope := func() float64 { return norm*(z-from) + sign*margin + math.Log(z/(regularise-z)) }
	g := slope()
	gradient = math.Abs(g)
	for ; steps < mostNewton && math.Abs(g) >= enough; steps++ {
		if next := z - g/(norm+regularise/((regularise-z)*z)); next > 0 {
			z = next
		} else {
			z *= 0.1
		}
		g = slope()
	}
	if steps == 0 {
		return alpha, gradient, 0
	}
	if sign < 0 {
		return regularise - z, gradient, steps
	}
	return z, gradient, steps
}
