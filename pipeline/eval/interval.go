package eval

import (
	"encoding/json"
	"math"
)

// z is the quantile of the normal distribution for 95 %, both sides.
const z = 1.959963984540054

// Rate is a share with its 95 % confidence interval.
type Rate struct {
	Value decimal `json:"value"`
	Low   decimal `json:"low"`
	High  decimal `json:"high"`
}

// share returns k of n with Wilson's score interval: E. B. Wilson, "Probable
// inference, the law of succession, and statistical inference", Journal of the
// American Statistical Association 22 (1927), 209–212; method 3 of
// R. G. Newcombe, Statistics in Medicine 17 (1998), 857–872. 0 of 0 is 0, of
// which nothing is known.
func share(k, n int) Rate {
	if n == 0 {
		return Rate{0, 0, 1}
	}
	p, m := float64(k)/float64(n), float64(n)
	middle := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	r := Rate{decimal(p), decimal((middle - half) / (1 + z*z/m)), decimal((middle + half) / (1 + z*z/m))}
	// Exactly, not but for a rounding error.
	if k == 0 {
		r.Low = 0
	}
	if k == n {
		r.High = 1
	}
	return r
}

// f1 returns 2tp/(2tp+fp+fn). F1 is no proportion, but 2J/(1+J) of one, J =
// tp/(tp+fp+fn); as it grows with J, the ends of J's interval give its own.
// Both hold for documents that have nothing to do with each other; those of
// one writer do, so the truth is somewhat wider.
func f1(tp, fp, fn int) Rate {
	j := share(tp, tp+fp+fn)
	f := func(j decimal) decimal { return 2 * j / (1 + j) }
	return Rate{f(j.Value), f(j.Low), f(j.High)}
}

// decimal is a number whose JSON has nine digits at most: what differs between
// processors is beyond them.
type decimal float64

// MarshalJSON implements json.Marshaler.
func (d decimal) MarshalJSON() ([]byte, error) { return json.Marshal(round(float64(d))) }

func round(x float64) float64 { return math.Round(x*1e9) / 1e9 }
