package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// figures are what a contender needed for one input, pass after pass.
type figures struct {
	// passes holds the nanoseconds of CPU time for one reading of the input, by round.
	passes []float64
	// matches of one reading, and documents with one.
	matches, documents int
}

// rounds lets contenders take turns over an input: in each round all of them,
// each time another first. How often a turn reads the input is settled by a
// first reading, which warms up and is not counted. A contender whose matches
// change from round to round is an error.
func (w *workshop) rounds(list []*process, input string) (map[string]*figures, error) {
	all := make(map[string]*figures)
	readings := make(map[string]int)
	for _, p := range list {
		f := &figures{}
		var err error
		if f.matches, f.documents, err = p.count(input); err != nil {
			return nil, err
		}
		cpu, _, err := p.round(input, 1)
		if err != nil {
			return nil, err
		}
		all[p.name], readings[p.name] = f, int(w.least/time.Duration(max(cpu, 1)))+1
	}
	for round := range w.turns {
		for i := range list {
			p := list[(i+round)%len(list)]
			f, n := all[p.name], readings[p.name]
			cpu, matches, err := p.round(input, n)
			if err != nil {
				return nil, err
			}
			if matches != n*f.matches {
				return nil, fmt.Errorf("%s: %d readings of %s found %d matches, one finds %d", p.name, n, input, matches, f.matches)
			}
			f.passes = append(f.passes, float64(cpu)/float64(n))
		}
	}
	return all, nil
}

// spread is a median with the least and the most.
type spread struct{ median, least, most float64 }

func spreadOf(values []float64) spread {
	s := slices.Sorted(slices.Values(values))
	if len(s) == 0 {
		return spread{}
	}
	return spread{(s[(len(s)-1)/2] + s[len(s)/2]) / 2, s[0], s[len(s)-1]}
}

// String shows the median and the range.
func (s spread) String() string {
	return fmt.Sprintf("%s (%s–%s)", digits(s.median), digits(s.least), digits(s.most))
}

// digits shows about three figures, no exponent.
func digits(v float64) string {
	switch {
	case v >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case v >= 9.995:
		return fmt.Sprintf("%.1f", v)
	case v < 0.1:
		return fmt.Sprintf("%.4f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// times says how many times the CPU time of b goes into that of a, round by round.
func times(a, b *figures) spread {
	ratios := make([]float64, min(len(a.passes), len(b.passes)))
	for i := range ratios {
		ratios[i] = a.passes[i] / b.passes[i]
	}
	return spreadOf(ratios)
}

// leastOf returns the contender of names that needed least, "" where none ran.
func leastOf(all map[string]*figures, names ...string) string {
	ran := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return all[n] == nil })
	if len(ran) == 0 {
		return ""
	}
	return slices.MinFunc(ran, func(a, b string) int {
		return cmp.Compare(spreadOf(all[a].passes).median, spreadOf(all[b].passes).median)
	})
}
