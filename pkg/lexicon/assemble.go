package lexicon

import (
	"fmt"
	"strings"
)

// Bounds of the expansion. A run of neighbouring words is multiplied out into
// at most maxRun phrases; what would become more is cut into neighbouring
// pieces that are put together after matching. A lemma has 30 to 40 forms, so
// it is a piece of its own, shared by all patterns that have it: with 300
// phrases a run, a lexicon of 6,000 terms took five times as long to compile,
// for ten times the literals. One word or one pair of brackets that by itself
// becomes more than maxPiece phrases is an error, and so are more than
// maxOptional optional pieces in a cut pattern.
const (
	maxRun      = 24
	maxPiece    = 3000
	maxOptional = 6
)

// piece is a stretch of a pattern that becomes one group: simple nodes, or one
// class or alternation that can't be multiplied out.
type piece struct {
	nodes []node
	// gap is the largest number of words before it, 0 for a neighbour.
	gap int
}

// setting is what stands around a piece in its pattern.
type setting struct {
	// begins: nothing stands before it, and the pattern begins the sentence.
	begins bool
	// follows: a word stands directly before it that is no auxiliary.
	follows bool
	// leads: something stands behind it.
	leads bool
}

// part is a compiled piece.
type part struct {
	group Group
	// optional: the piece may be missing. weak: it can be words of one or two letters only.
	optional, weak bool
	gap            int
}

// pattern compiles an entry into occurrences of out. It reports whether the
// pattern can be nothing but words of one or two letters.
func (c *compiler) pattern(e Entry, out Group, cond condition) (weak bool) {
	c.at = e
	cond.anchored = e.Pattern.anchored
	c.acronyms(e.Pattern.nodes)
	before := len(c.problems)
	optional, weak := c.nodes(e.Pattern.nodes, out, cond)
	if optional && len(c.problems) == before {
		c.add(e.Place, "« %s » peut ne rien demander (mots facultatifs, « ne » ou mots de remplissage seulement) : ajoutez un mot", e.Pattern.Source)
	}
	return weak && !optional
}

// nodes compiles a sequence into occurrences of out.
func (c *compiler) nodes(nodes []node, out Group, cond condition) (optional, weak bool) {
	pieces := c.pieces(nodes)
	if len(pieces) == 1 && simple(pieces[0].nodes) {
		return c.phrases(pieces[0].nodes, out, cond, setting{begins: cond.anchored})
	}
	parts := make([]part, len(pieces))
	for i, p := range pieces {
		parts[i] = c.part(p, setting{
			begins:  cond.anchored && i == 0,
			follows: i > 0 && p.gap == 0 && !auxiliary(pieces[i-1].nodes),
			leads:   i+1 < len(pieces),
		})
		parts[i].gap = p.gap
	}
	return c.sequences(parts, out, cond)
}

// pieces cuts nodes at gaps, around what can't be multiplied out, and where
// the phrases would become too many.
func (c *compiler) pieces(nodes []node) []piece {
	var all []piece
	var run []node
	gap, size := 0, 1
	flush := func() {
		if run = trim(run); len(run) > 0 {
			all = append(all, piece{run, gap})
			gap = 0
		}
		run, size = nil, 1
	}
	for _, chunk := range chunks(nodes) {
		switch {
		case chunk[0].kind == gapNode:
			flush()
			gap = chunk[0].gap
		case simple(chunk):
			n := c.count(chunk)
			if n > maxPiece {
				c.add(c.at.after(chunk[0].column), "ce mot donnerait plus de %d formes : répartissez-les sur plusieurs lignes ou dans une classe", maxPiece)
				return nil
			}
			if size*n > maxRun {
				flush()
			}
			run = append(run, chunk...)
			size *= n
		default:
			flush()
			for _, n := range chunk {
				if simple([]node{n}) {
					run = append(run, n)
					continue
				}
				flush()
				run = []node{n}
				flush()
			}
			flush()
		}
	}
	flush()
	return all
}

// chunks splits nodes at spaces and gaps, which become chunks of their own.
func chunks(nodes []node) [][]node {
	var all [][]node
	from := 0
	for i, n := range nodes {
		if n.kind != spaceNode && n.kind != gapNode {
			continue
		}
		if i > from {
			all = append(all, nodes[from:i:i])
		}
		all = append(all, nodes[i:i+1:i+1])
		from = i + 1
	}
	if from < len(nodes) {
		all = append(all, nodes[from:])
	}
	return all
}

// part compiles a piece into a group of its own, which equal pieces of other
// patterns share.
func (c *compiler) part(p piece, at setting) part {
	n := p.nodes[0]
	if n.kind == classNode {
		return part{group: c.class(n)}
	}
	key := notation(p.nodes, at.begins)
	if strings.Contains(key, "plus") {
		key = fmt.Sprint(key, at)
	}
	if known, ok := c.shared[key]; ok {
		return known
	}
	made := part{group: c.newGroup()}
	if simple(p.nodes) {
		made.optional, made.weak = c.phrases(p.nodes, made.group, condition{}, at)
	} else {
		for _, alt := range n.alts {
			if alt = trim(alt); len(alt) == 0 {
				made.optional = true
				continue
			}
			optional, weak := c.nodes(alt, made.group, condition{})
			made.optional = made.optional || optional
			made.weak = made.weak || weak
		}
	}
	c.shared[key] = made
	return made
}

// sequences adds a sequence for each choice of the optional parts.
func (c *compiler) sequences(parts []part, out Group, cond condition) (optional, weak bool) {
	optional = true
	choices := []int{}
	for i, p := range parts {
		if p.optional {
			choices = append(choices, i)
		} else {
			optional = false
		}
	}
	if len(choices) > maxOptional {
		c.add(c.at.Place, "trop de mots facultatifs (%d) autour d'un écart ou d'une classe : faites plusieurs lignes", len(choices))
		return false, false
	}
	for mask := range 1 << len(choices) {
		left := map[int]bool{}
		for k, i := range choices {
			left[i] = mask&(1<<k) != 0
		}
		s := Sequence{Out: out, Transcript: cond.transcript, Anchored: cond.anchored}
		gap, allWeak := 0, true
		for i, p := range parts {
			gap += p.gap
			if left[i] {
				continue
			}
			if len(s.Steps) == 0 {
				gap = 0
			}
			s.Steps = append(s.Steps, Step{Group: p.group, Max: gap})
			allWeak = allWeak && p.weak
			gap = 0
		}
		if len(s.Steps) > 0 {
			c.program.Sequences = append(c.program.Sequences, s)
			weak = weak || allWeak
		}
	}
	return optional, weak
}
