package text

import "unicode"

// gap is the set of what stood between two pieces.
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

// piece is a run of letters or a number of the source, before words are made
// of it.
type piece struct {
	from, to   int32 // in Text.letters
	start, end int32 // in Text.Source
	flags      Flag
	gap        gap    // before it
	rule       uint16 // in rules
	ruled      bool   // a rule may make something else of it; set where in doubt
	hash       uint64
}

// facts returns the piece's flags as tokens have them: one capital letter alone
// is no word in capitals.
func (p *piece) facts() Flag {
	if p.to-p.from < 2 {
		return p.flags &^ Upper
	}
	return p.flags
}

// scanner cuts a source into pieces in one pass.
type scanner struct {
	t       *Text
	src     string
	gap     gap
	open    bool // the last piece may grow
	pending bool // the last piece is not finished
	run     int  // how many times the last letter stood
	runFrom int  // where in letters the run began
	last    rune // the last letter in lower case, with its mark
}

func (t *Text) scan(src string) {
	t.letters, t.pieces = t.letters[:0], t.pieces[:0]
	s := scanner{t: t, src: src}
	for i := 0; i < len(src); {
		r, size := next(src, i)
		switch k := classify(r); k {
		case letter:
			s.letter(r, i, i+size)
		case digit:
			if src[i] == '&' {
				s.figure(r, i, i+size)
				break
			}
			size = s.number(i)
		case mark:
			if s.open {
				p := s.piece()
				p.end = int32(i + size)
				p.flags |= Accented
				t.Accented = true
				s.last = -1
			}
		case skipped:
		case hyphen:
			if n := s.lineBreak(i + size); n > 0 {
				size += n
				break
			}
			s.separate(k, i+size)
		default:
			if r == '¬' {
				if n := s.lineBreak(i + size); n > 0 {
					size += n
					break
				}
			}
			s.symbol(r, i, i+size)
			s.separate(k, i+size)
		}
		i += size
	}
	s.finish()
	if s.gap&gapQuestion != 0 {
		s.question()
	}
}

func (s *scanner) piece() *piece { return &s.t.pieces[len(s.t.pieces)-1] }

// begin opens a piece at start.
func (s *scanner) begin(start int, flags Flag, capital bool) {
	if len(s.t.pieces) == 0 {
		flags |= SentenceStart | LineStart
	} else {
		s.finish()
		if s.gap == 0 || s.gap&gapApostrophe != 0 {
			s.piece().ruled = true
		}
		flags |= s.boundary(start, capital)
	}
	n := int32(len(s.t.letters))
	s.t.pieces = append(s.t.pieces, piece{from: n, to: n, start: int32(start), end: int32(start), flags: flags, gap: s.gap})
	s.gap, s.open, s.pending, s.run, s.last = 0, true, true, 0, -1
}

// finish looks at the word of the last piece, which has all its letters now.
func (s *scanner) finish() {
	if !s.pending {
		return
	}
	s.pending = false
	p := s.piece()
	word := s.t.letters[p.from:p.to]
	p.hash = Hash(word)
	p.rule = certain(ruleIDs.find(p.hash), word)
	p.ruled = p.ruled || len(word) == 0 || p.flags&Digits != 0 || handles(p.rule, p.flags)
}

// handles reports whether a word with a rule is handled itself.
func handles(rule uint16, flags Flag) bool {
	return rule-1 < lastRuled || rule-1 < lastAccented && flags&Accented != 0
}

// letter adds a letter. Runs of three and more of one letter become one
// ("nooon"); they are counted with the marks on, so that "créée" keeps its
// letters, and "creee", the same word typed without accents, keeps them too.
func (s *scanner) letter(r rune, start, end int) {
	upper := unicode.IsUpper(r)
	if !s.open || s.piece().flags&Digits != 0 {
		s.begin(start, 0, upper)
		if upper {
			s.piece().flags |= Capital | Upper
		}
	}
	p, t := s.piece(), s.t
	if !upper {
		p.flags &^= Upper
		if r < 'a' || r > 'z' {
			r = unicode.ToLower(r)
		}
	} else {
		r = unicode.ToLower(r)
	}
	p.end = int32(end)
	if r == s.last {
		s.run++
	} else {
		s.run, s.runFrom, s.last = 1, len(t.letters), r
	}
	if s.run < 3 {
		var accented bool
		t.letters, accented = appendLetter(t.letters, r)
		if accented {
			p.flags |= Accented
			t.Accented = true
		}
	} else {
		one := (len(t.letters) - s.runFrom) / 2
		agreement := s.run == 3 && r == 'e' && s.runFrom > int(p.from) && t.letters[s.runFrom-1] == 'r'
		switch {
		case agreement:
			t.letters = append(t.letters, 'e')
		case s.run == 3 || s.run == 4 && r == 'e' && len(t.letters)-s.runFrom == 3:
			t.letters = t.letters[:s.runFrom+one]
		}
	}
	p.to = int32(len(t.letters))
}

// separate notes a character between words; after is the place behind it.
func (s *scanner) separate(k class, after int) {
	switch k {
	case newline:
		if s.src[after-1] == '\n' && s.gap&gapLine != 0 {
			s.gap |= gapLines
		}
		s.gap |= gapLine
		if s.gap&gapLoose != 0 {
			s.gap |= gapClause
		}
	case space:
		if s.gap&gapLoose != 0 {
			s.gap |= gapClause
		}
		s.gap |= gapSpace
	case apostrophe:
		s.gap |= gapApostrophe
	case hyphen:
		if s.gap&gapLine != 0 || len(s.t.pieces) == 0 {
			s.gap |= gapBullet
		}
		if s.gap&gapSpace != 0 {
			s.gap |= gapLoose
		}
		s.gap |= gapHyphen
	case bullet:
		s.gap |= gapSpace
		if s.gap&gapLine != 0 {
			s.gap |= gapBullet
		}
	case clause:
		s.gap |= gapClause
	case full:
		if s.gap&gapDot != 0 {
			s.gap |= gapDots
		}
		s.gap |= gapDot
	case ellipsis:
		s.gap |= gapDot | gapDots
	case stop:
		s.gap |= gapStop
	case question:
		s.gap |= gapQuestion
	default:
		s.gap |= gapOther
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
	p := s.piece()
	p.to, p.end = int32(len(s.t.letters)), int32(end)
}

// euros adds the word that a sign or a lone "e" behind an amount stands for.
func (s *scanner) euros(start, end int) {
	s.begin(start, 0, false)
	s.t.letters = append(s.t.letters, "euros"...)
	p := s.piece()
	p.to, p.end = int32(len(s.t.letters)), int32(end)
	s.open = false
}
