package lexicon

import (
	"slices"
	"strings"
)

// mostWordings is where counting the wordings of a pattern ends.
const mostWordings = 1_000_000_000

// wordings counts what nodes can be in words, and returns at most so many of
// them, spread over all. A class stands as it is written and counts once, and
// so does a gap.
func (in *inflector) wordings(nodes []node, most int) (list []string, total int) {
	total = in.size(nodes)
	stride := max(1, total/most)
	for i := 0; i < total && len(list) < most; i += stride {
		// The remainder makes the last words differ, too.
		at := min(i+len(list)%stride, total-1)
		words := strings.Join(strings.Fields(string(in.wording(nil, nodes, at))), " ")
		if words != "" && !slices.Contains(list, words) {
			list = append(list, words)
		}
	}
	return list, total
}

// size is the number of wordings of nodes, at most mostWordings.
func (in *inflector) size(nodes []node) int {
	product := 1
	for _, n := range nodes {
		product = min(product*in.choices(n), mostWordings)
	}
	return product
}

// choices is the number of wordings of one node, at most mostWordings.
func (in *inflector) choices(n node) int {
	switch n.kind {
	case lemmaNode:
		return len(in.forms(n.text))
	case altNode:
		sum := 0
		for _, alt := range n.alts {
			sum = min(sum+in.size(alt), mostWordings)
		}
		return sum
	}
	return 1
}

// wording appends the wording of nodes with that number, from 0.
func (in *inflector) wording(dst []byte, nodes []node, at int) []byte {
	for i, n := range nodes {
		rest := in.size(nodes[i+1:])
		choice := at / rest
		at %= rest
		switch n.kind {
		case lemmaNode:
			dst = append(dst, in.forms(n.text)[choice]...)
		case altNode:
			for _, alt := range n.alts {
				size := in.size(alt)
				if choice < size {
					dst = in.wording(dst, alt, choice)
					break
				}
				choice -= size
			}
		case classNode:
			dst = append(dst, "<"+n.text+">"...)
		case spaceNode:
			dst = append(dst, ' ')
		case gapNode:
			dst = append(dst, " … "...)
		default:
			dst = append(dst, n.text...)
		}
	}
	return dst
}
