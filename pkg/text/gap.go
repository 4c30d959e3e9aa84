package text

// gap is the set of what stood between two pieces. What a second dot, line end
// or the blank behind a loose hyphen adds is the next bit ([gap.with]).
type gap uint16

const (
	gapSpace gap = 1 << iota
	gapLine
	gapLines // an empty line
	gapApostrophe
	gapHyphen
	gapLoose // a hyphen after a space: a dash, if a space follows
	gapClause
	gapBullet
	gapDot
	gapDots
	gapStop
	gapQuestion
	gapOther
)

// with returns the gap with a further character in it; first says that no piece
// stands before.
func (g gap) with(c gap, first bool) gap {
	if c == gapHyphen {
		if g&gapLine != 0 || first {
			g |= gapBullet
		}
		if g&gapSpace != 0 {
			g |= gapLoose
		}
		return g | gapHyphen
	}
	if c&(gapSpace|gapLine) != 0 {
		g |= g & gapLoose << 1
	}
	return g | c | g&c&(gapDot|gapLine)<<1
}

// heavy gaps may begin a sentence or a line.
const heavy = gapLine | gapLines | gapDot | gapDots | gapStop | gapQuestion

// clause returns what a gap that is not heavy begins.
func (g gap) clause() Flag { return Flag(g/gapClause&1) * ClauseStart }

// joins returns 1 if the pieces on both sides may belong together, with nothing
// or an apostrophe between them, and 0 otherwise.
func (g gap) joins() uint8 { return uint8((g/gapApostrophe | (g-1)>>15) & 1) }

// classGaps holds what a character of a class adds to a gap.
var classGaps = [...]gap{space: gapSpace, newline: gapLine, apostrophe: gapApostrophe, hyphen: gapHyphen, clause: gapClause,
	full: gapDot, stop: gapStop, question: gapQuestion, separator: gapOther, currency: gapOther}

// separate notes a character between words; after is the place behind it.
func (s *scanner) separate(k class, after int) {
	switch k {
	case newline:
		lines := s.gap & gapLines
		s.gap = s.gap.with(gapLine, false)
		if s.src[after-1] != '\n' {
			// Other breaks than \n make no empty line.
			s.gap = s.gap&^gapLines | lines
		}
	case bullet:
		if s.gap&gapLine != 0 {
			s.gap |= gapBullet
		}
		s.gap |= gapSpace
	case ellipsis:
		s.gap |= gapDot | gapDots
	default:
		s.gap = s.gap.with(classGaps[k], len(s.t.pieces) == 0)
	}
	s.open = false
}

// symbol marks an amount with its currency, and adds the word that a sign
// stands for ("780 €", "+ de travail").
func (s *scanner) symbol(r rune, start, end int) {
	word := ""
	switch r {
	case '€', '$', '£':
		if len(s.t.pieces) > 0 && s.gap&^gapSpace == 0 && s.piece().flags&Digits != 0 {
			s.piece().flags |= Money
		}
		if r == '€' {
			s.euros(start, end)
		}
		return
	case '+':
		word = "plus"
	case '&':
		word = "et"
	default:
		return
	}
	if s.open || end == len(s.src) || s.src[end] != ' ' {
		return
	}
	s.begin(start, 0, false)
	s.t.letters = append(s.t.letters, word...)
	s.piece().end = int32(end)
}

// euros adds the word that a sign or a lone "e" behind an amount stands for.
func (s *scanner) euros(start, end int) {
	s.begin(start, 0, false)
	s.t.letters = append(s.t.letters, "euros"...)
	s.piece().end = int32(end)
	s.open = false
}
