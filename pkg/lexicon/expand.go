package lexicon

import "strings"

// literal is one expansion of nodes: a phrase, with the ranges of bytes in it
// whose spelling is exact.
type literal struct {
	text  []byte
	exact [][2]int
}

// simple reports whether nodes can be multiplied out into phrases: classes and
// gaps can't.
func simple(nodes []node) bool {
	for _, n := range nodes {
		switch n.kind {
		case classNode, gapNode:
			return false
		case altNode:
			for _, alt := range n.alts {
				if !simple(alt) {
					return false
				}
			}
		}
	}
	return true
}

// count returns how many phrases simple nodes become.
func (c *compiler) count(nodes []node) int {
	product := 1
	for _, n := range nodes {
		switch n.kind {
		case lemmaNode:
			product *= len(c.inflector.forms(n.text))
		case altNode:
			sum := 0
			for _, alt := range n.alts {
				sum += c.count(alt)
			}
			product *= sum
		}
		if product > maxPiece {
			return product
		}
	}
	return product
}

// expand multiplies simple nodes out: it calls yield with head continued by
// each of their phrases. The phrase is overwritten by the next one.
func (c *compiler) expand(nodes []node, head literal, yield func(literal)) {
	for i, n := range nodes {
		switch n.kind {
		case textNode:
			head.text = append(head.text, n.text...)
		case spaceNode:
			head.text = append(head.text, ' ')
		case exactNode:
			from := len(head.text)
			head.text = append(head.text, n.text...)
			head.exact = append(head.exact[:len(head.exact):len(head.exact)], [2]int{from, len(head.text)})
		case lemmaNode:
			for _, form := range c.inflector.forms(n.text) {
				c.expand(nodes[i+1:], literal{append(head.text, form...), head.exact}, yield)
			}
			return
		case altNode:
			for _, alt := range n.alts {
				c.expand(alt, head, func(l literal) { c.expand(nodes[i+1:], l, yield) })
			}
			return
		}
	}
	yield(head)
}

// acronyms registers the words of two or more capitals.
func (c *compiler) acronyms(nodes []node) {
	for _, n := range nodes {
		for _, alt := range n.alts {
			c.acronyms(alt)
		}
		if n.kind != textNode {
			continue
		}
		for _, word := range strings.FieldsFunc(n.text, func(r rune) bool { return r < 'A' || r > 'z' || r > 'Z' && r < 'a' }) {
			if len(word) > 1 && word == strings.ToUpper(word) {
				c.program.Acronyms[strings.ToLower(word)] = true
			}
		}
	}
}
