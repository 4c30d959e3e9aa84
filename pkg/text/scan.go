package text

import "unicode"

// piece is a run of letters or a number of the source, before words are made
// of it.
type piece struct {
	// word holds the letters, size of them, zeros behind; more than it can hold
	// stand in Text.letters at from, as do those of a piece that still grows.
	word       [wide]byte
	hash       uint64
	size       int32
	from       int32
	start, end int32 // in Text.Source
	flags      Flag
	gap        gap    // before it
	rule       uint16 // in rules
	ruled      uint8  // not 0 where a rule may make something else of it, or in doubt
}

// wide is the length in bytes of the words that are handled in two loads.
const wide = 16

// letters returns the folded letters of a finished piece of t.
func (p *piece) letters(t *Text) []byte {
	if p.size <= wide {
		return p.word[:p.size]
	}
	return t.letters[p.from : p.from+p.size]
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
	t.letters, t.pieces, t.spelled = t.letters[:0], t.pieces[:0], [2]int{}
	s := scanner{t: t, src: src}
	for i := s.words(0); i < len(src); i = s.words(i) {
		i += s.char(i)
	}
	s.end()
}

// end notes that the source ends.
func (s *scanner) end() {
	s.finish()
	if s.gap&gapQuestion != 0 {
		s.question()
	}
}

// char reads the character at i and returns how many bytes it takes.
func (s *scanner) char(i int) int {
	src := s.src
	r, size := next(src, i)
	switch k := classify(r); k {
	case letter:
		s.letter(r, i, i+size)
	case digit:
		if src[i] == '&' {
			s.figure(r, i, i+size)
			return size
		}
		return s.number(i)
	case mark:
		if s.open {
			p := s.piece()
			p.end = int32(i + size)
			p.flags |= Accented
			s.t.Accented = true
			s.last = -1
		}
	case skipped:
	case hyphen:
		if n := s.lineBreak(i + size); n > 0 {
			return size + n
		}
		s.separate(k, i+size)
	default:
		if r == '¬' {
			if n := s.lineBreak(i + size); n > 0 {
				return size + n
			}
		}
		s.symbol(r, i, i+size)
		s.separate(k, i+size)
	}
	return size
}

func (s *scanner) piece() *piece { return &s.t.pieces[len(s.t.pieces)-1] }

// begin opens a piece at start.
func (s *scanner) begin(start int, flags Flag, capital bool) {
	s.finish()
	flags |= s.begins(start, capital)
	n := int32(len(s.t.letters))
	s.t.pieces = append(s.t.pieces, piece{from: n, start: int32(start), end: int32(start), flags: flags, gap: s.gap})
	s.gap, s.open, s.pending, s.run, s.last = 0, true, true, 0, -1
}

// begins returns the boundary before a piece at start, and has the piece before
// looked at if this one may belong to it.
func (s *scanner) begins(start int, capital bool) Flag {
	if len(s.t.pieces) == 0 {
		return SentenceStart | LineStart
	}
	s.piece().ruled |= s.gap.joins()
	if s.gap&heavy == 0 {
		return s.gap.clause()
	}
	return s.boundary(start, capital)
}

// finish looks at the word of the last piece, which has all its letters now.
func (s *scanner) finish() {
	if !s.pending {
		return
	}
	s.pending = false
	p := s.piece()
	word := s.t.letters[p.from:]
	p.size = int32(len(word))
	if len(word) <= wide {
		copy(p.word[:], word)
	}
	p.hash = Hash(word)
	rule := certain(ruleIDs.find(p.hash), word)
	p.rule = rule & ruleNumber
	p.ruled |= handles(rule, p.flags)
	if len(word) == 0 || p.flags&Digits != 0 {
		p.ruled = 1
	}
	if len(word) < 2 {
		s.single()
	}
}

// handles returns 1 if a word is handled by its rule itself, by what ruleIDs says
// and the word's flags, and 0 if not. It has no branches, as they would be
// guessed wrong.
func handles(id uint16, flags Flag) uint8 {
	accented := uint16(flags&Accented) / uint16(Accented)
	return uint8((id/ruleHandles | id/ruleAccent&accented) & 1)
}

// single handles a piece of one letter. A capital alone is no word in capitals.
// It notes where spelled letters may stand: the third in a row, or two with
// a dot between.
func (s *scanner) single() {
	p := s.t.pieces
	if last := &p[len(p)-1]; last.flags&Upper != 0 {
		last.flags ^= Upper | lone
	}
	one := func(i int) bool { return i >= 0 && p[i].size == 1 }
	if n := len(p); one(n-2) && (one(n-3) || p[n-1].gap == gapDot) {
		s.t.spell(n)
	}
}

// spell notes that the last of n pieces may end a spelled acronym.
func (t *Text) spell(n int) {
	if t.spelled[1] == 0 {
		t.spelled[0] = max(n-3, 0)
	}
	t.spelled[1] = n
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
}
