package lexicon

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Bounds of the pattern language.
const (
	// DefaultGap is how many words "..." bridges at most.
	DefaultGap = 5
	// MaxGap is the largest bound that "...n" takes.
	MaxGap = 40
	// maxDepth bounds alternatives in alternatives.
	maxDepth = 6
)

// Pattern is one term as parsed. See the package documentation for the language.
type Pattern struct {
	// Source is the term as written.
	Source   string
	anchored bool
	nodes    []node
	// notation is the canonical one, normal what a term's id is the hash of: the
	// same in lower case.
	notation, normal string
}

type nodeKind uint8

const (
	textNode  nodeKind = iota // letters, without spaces
	spaceNode                 // between words
	altNode                   // (a|b|)
	lemmaNode                 // {payer}
	classNode                 // <prison>
	exactNode                 // «interné»
	gapNode                   // ... or ...8
)

type node struct {
	kind nodeKind
	text string
	gap  int
	alts [][]node
	// column is the place in the term, from 0, in code points.
	column int
}

// PatternError is a mistake in a pattern at a column, counted from 1 in code points.
type PatternError struct {
	Column  int
	Message string
}

// Error returns the column and the message.
func (e *PatternError) Error() string { return fmt.Sprintf("colonne %d : %s", e.Column, e.Message) }

// ParsePattern reads one term. Its error is a *PatternError.
func ParsePattern(source string) (*Pattern, error) {
	p := patternParser{input: []rune(source)}
	nodes, anchored, err := p.term()
	if err != nil {
		return nil, err
	}
	pattern := &Pattern{Source: source, anchored: anchored, nodes: nodes, notation: notation(nodes, anchored)}
	pattern.normal = strings.ToLower(pattern.notation)
	return pattern, nil
}

// String returns the pattern in its canonical notation: composed characters,
// single spaces, apostrophes of one kind. Parsed again it gives the same pattern.
func (p *Pattern) String() string { return p.notation }

func notation(nodes []node, anchored bool) string {
	var b strings.Builder
	if anchored {
		b.WriteByte('^')
	}
	write(&b, nodes)
	return b.String()
}

func write(b *strings.Builder, nodes []node) {
	for i, n := range nodes {
		switch n.kind {
		case textNode:
			b.WriteString(n.text)
		case spaceNode:
			b.WriteByte(' ')
		case lemmaNode:
			b.WriteString("{" + n.text + "}")
		case classNode:
			b.WriteString("<" + n.text + ">")
		case exactNode:
			b.WriteString("«" + n.text + "»")
		case gapNode:
			b.WriteString(" ...")
			if n.gap != DefaultGap {
				b.WriteString(strconv.Itoa(n.gap))
			}
			b.WriteByte(' ')
		case altNode:
			b.WriteByte('(')
			for k, alt := range nodes[i].alts {
				if k > 0 {
					b.WriteByte('|')
				}
				write(b, alt)
			}
			b.WriteByte(')')
		}
	}
}

// apostrophes are written in many ways.
var apostrophes = strings.NewReplacer("’", "'", "ʼ", "'", "`", "'", "´", "'", "′", "'")

// canonicalText composes characters and unifies apostrophes.
func canonicalText(s string) string {
	return apostrophes.Replace(norm.NFC.String(s))
}
