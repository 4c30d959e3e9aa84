package lexicon

import (
	"fmt"
	"strings"
	"unicode"
)

// patternParser reads a term by recursive descent over its code points.
type patternParser struct {
	input []rune
	at    int
	depth int
}

func (p *patternParser) fail(at int, format string, args ...any) error {
	return &PatternError{Column: at + 1, Message: fmt.Sprintf(format, args...)}
}

// peek returns the rune k places on, 0 beyond the end.
func (p *patternParser) peek(k int) rune {
	if p.at+k < len(p.input) {
		return p.input[p.at+k]
	}
	return 0
}

func (p *patternParser) spaces() {
	for p.at < len(p.input) && unicode.IsSpace(p.input[p.at]) {
		p.at++
	}
}

// term reads a whole pattern.
func (p *patternParser) term() (nodes []node, anchored bool, err error) {
	p.spaces()
	if p.peek(0) == '^' {
		anchored = true
		p.at++
	}
	nodes, err = p.sequence()
	if err != nil {
		return nil, false, err
	}
	switch p.peek(0) {
	case ')':
		return nil, false, p.fail(p.at, "« ) » sans « ( » : ouvrez la parenthèse ou ôtez celle-ci")
	case '|':
		return nil, false, p.fail(p.at, "« | » hors de parenthèses : écrivez (un mot|un autre)")
	}
	nodes = trim(nodes)
	if len(nodes) == 0 {
		return nil, false, p.fail(0, "terme vide")
	}
	return nodes, anchored, nil
}

// sequence reads nodes up to the end, ")" or "|".
func (p *patternParser) sequence() ([]node, error) {
	var nodes []node
	for p.at < len(p.input) {
		start := p.at
		c := p.peek(0)
		var n node
		var err error
		switch {
		case c == ')' || c == '|':
			return nodes, gaps(p, nodes)
		case unicode.IsSpace(c):
			p.spaces()
			n = node{kind: spaceNode}
		case c == '(':
			n, err = p.alternatives()
		case c == '{':
			n, err = p.quoted(lemmaNode, '}', "{payer}")
		case c == '<':
			n, err = p.quoted(classNode, '>', "<parent>")
		case c == '«':
			n, err = p.quoted(exactNode, '»', "«interné»")
		case c == '}' || c == '>' || c == '»':
			return nil, p.fail(start, "« %c » sans son ouverture", c)
		case c == '^':
			return nil, p.fail(start, "« ^ » ne se met qu'au début du terme")
		case p.gapAhead():
			n, err = p.gap()
		default:
			n = p.text()
		}
		if err != nil {
			return nil, err
		}
		n.column = start
		nodes = add(nodes, n)
	}
	return nodes, gaps(p, nodes)
}

// add appends n; spaces are single, and none stands beside a gap.
func add(nodes []node, n node) []node {
	if len(nodes) > 0 {
		last := nodes[len(nodes)-1].kind
		if n.kind == spaceNode && (last == spaceNode || last == gapNode) {
			return nodes
		}
		if n.kind == gapNode && last == spaceNode {
			nodes = nodes[:len(nodes)-1]
		}
	}
	return append(nodes, n)
}

// trim cuts the spaces at both ends.
func trim(nodes []node) []node {
	for len(nodes) > 0 && nodes[0].kind == spaceNode {
		nodes = nodes[1:]
	}
	for len(nodes) > 0 && nodes[len(nodes)-1].kind == spaceNode {
		nodes = nodes[:len(nodes)-1]
	}
	return nodes
}

// gaps refuses gaps that don't stand between two words.
func gaps(p *patternParser, nodes []node) error {
	inner := trim(nodes)
	for i, n := range inner {
		if n.kind != gapNode {
			continue
		}
		if i == 0 || i == len(inner)-1 || inner[i-1].kind == gapNode {
			return p.fail(n.column, "« ... » doit être entre deux mots : ôtez ces points")
		}
	}
	return nil
}

func (p *patternParser) alternatives() (node, error) {
	open := p.at
	if p.depth++; p.depth > maxDepth {
		return node{}, p.fail(open, "trop de parenthèses les unes dans les autres : faites plusieurs lignes")
	}
	n := node{kind: altNode}
	p.at++
	for {
		alt, err := p.sequence()
		if err != nil {
			return node{}, err
		}
		bar := p.peek(0) == '|'
		if last := len(alt) - 1; bar && last >= 0 && alt[last].kind == spaceNode && unicode.IsSpace(p.peek(1)) {
			// "a | b" is "a|b": the spaces only make room.
			alt = alt[:last]
			p.at++
			p.spaces()
		} else if bar {
			p.at++
		}
		n.alts = append(n.alts, alt)
		if bar {
			continue
		}
		if p.peek(0) != ')' {
			return node{}, p.fail(open, "« ( » jamais fermée : ajoutez « ) »")
		}
		p.at++
		p.depth--
		for _, alt := range n.alts {
			if len(trim(alt)) > 0 {
				return n, nil
			}
		}
		return node{}, p.fail(open, "parenthèses vides")
	}
}

// quoted reads {lemma}, <class> or «exact».
func (p *patternParser) quoted(kind nodeKind, closing rune, example string) (node, error) {
	start := p.at
	p.at++
	for p.at < len(p.input) && p.input[p.at] != closing {
		if special(p.input[p.at]) || p.input[p.at] == '…' {
			return node{}, p.fail(p.at, "« %c » n'a pas sa place ici : fermez d'abord par « %c », comme dans %s", p.input[p.at], closing, example)
		}
		p.at++
	}
	if p.at == len(p.input) {
		return node{}, p.fail(start, "« %c » jamais fermé : ajoutez « %c », comme dans %s", p.input[start], closing, example)
	}
	text := strings.Join(strings.Fields(canonicalText(string(p.input[start+1:p.at]))), " ")
	p.at++
	if text == "" {
		return node{}, p.fail(start, "rien entre « %c » et « %c » : écrivez comme ceci, %s", p.input[start], closing, example)
	}
	if kind == exactNode {
		return node{kind: kind, text: text}, nil
	}
	text = strings.ToLower(text)
	if strings.ContainsRune(text, ' ') {
		return node{}, p.fail(start, "un seul mot entre « %c » et « %c », comme dans %s", p.input[start], closing, example)
	}
	return node{kind: kind, text: text}, nil
}

func (p *patternParser) gapAhead() bool {
	return p.peek(0) == '…' || p.peek(0) == '.' && p.peek(1) == '.' && p.peek(2) == '.'
}

func (p *patternParser) gap() (node, error) {
	start := p.at
	for p.peek(0) == '.' || p.peek(0) == '…' {
		p.at++
	}
	n := node{kind: gapNode, gap: DefaultGap}
	if p.peek(0) < '0' || p.peek(0) > '9' {
		return n, nil
	}
	for n.gap = 0; p.peek(0) >= '0' && p.peek(0) <= '9'; p.at++ {
		n.gap = min(n.gap*10+int(p.peek(0)-'0'), MaxGap+1)
	}
	if n.gap == 0 || n.gap > MaxGap {
		return n, p.fail(start, "un écart va de ...1 à ...%d mots", MaxGap)
	}
	return n, nil
}

func (p *patternParser) text() node {
	start := p.at
	for p.at < len(p.input) && !unicode.IsSpace(p.input[p.at]) &&
		!special(p.input[p.at]) && !p.gapAhead() {
		p.at++
	}
	return node{kind: textNode, text: canonicalText(string(p.input[start:p.at]))}
}

// special reports whether a character means something wherever it stands.
func special(c rune) bool {
	switch c {
	case '(', ')', '{', '}', '<', '>', '«', '»', '|', '^':
		return true
	}
	return false
}
