package text

import "strings"

// boundary says what kind of start the piece at a place is, from the gap
// before it. A sentence ends at . ! ? ; at an empty line, and at a line's end
// before a capital or a bullet. Dots of thought before a small letter only end
// a clause: the people who write here pause with them.
func (s *scanner) boundary(start int, capital bool) Flag {
	g := s.gap
	var f Flag
	if g&gapLine != 0 {
		f |= LineStart
	}
	if g&(gapClause|gapDots) != 0 {
		f |= ClauseStart
	}
	p := s.piece()
	end := g&gapLines != 0 ||
		g&gapLine != 0 && (g&gapBullet != 0 || capital && p.flags&(Upper|lone) == 0) ||
		g&(gapStop|gapQuestion) != 0 && !s.inAddress(start) ||
		g&gapDots != 0 && capital ||
		g&gapDot != 0 && g&gapDots == 0 && s.ends(start, capital)
	if end {
		f |= SentenceStart
		if g&gapQuestion != 0 {
			s.question()
		}
	}
	return f
}

// ends reports whether the dot before start ends a sentence.
func (s *scanner) ends(start int, capital bool) bool {
	p := s.piece()
	word := p.letters(s.t)
	if s.gap&(gapSpace|gapLine|gapClause) == 0 {
		// No space: "fini.Je" ends, "R.S.A", "12.a" and "caf.fr" don't.
		return len(word) > 1 && p.flags&Digits == 0 && single(s.src, start) > 1 && !s.inAddress(start)
	}
	if len(word) == 1 && p.flags&Digits == 0 {
		dots := p.gap == gapDot // the letter before it was dotted too: "R.S.A."
		return dots && capital || p.flags&Capital == 0 && word[0] != 'm'
	}
	return rules[p.rule].kinds&abbreviation == 0 || string(word) == "etc" && capital
}

// single returns the number of ASCII letters at i, counting no further than
// two; other letters count as two.
func single(src string, i int) int {
	r, size := next(src, i)
	if r > 0x7F || !wordAt(src, i+size) {
		return 1
	}
	return 2
}

// abbreviationWords end with a dot that ends no sentence.
const abbreviationWords = `mm mme mmes mlle mr dr pr me art tel ref env av bd bld boul appt apt bat res ch ext num pp cf etc ex st ste no
	fg rdc esc imm janv fevr sept oct nov dec`

// addressReach bounds how far around a dot an address is looked for.
const addressReach = 60

// inAddress reports whether the gap before start stands inside a web or mail
// address, whose dots and question marks end nothing.
func (s *scanner) inAddress(start int) bool {
	if s.gap&(gapSpace|gapLine) != 0 {
		return false
	}
	left := s.src[max(0, start-addressReach):start]
	left = left[strings.LastIndexAny(left, " \t\n\r")+1:]
	right := s.src[start:min(len(s.src), start+addressReach)]
	if i := strings.IndexAny(right, " \t\n\r"); i >= 0 {
		right = right[:i]
	}
	if strings.Contains(left, "://") || strings.Contains(left, "www.") || strings.Contains(left, "@") || strings.Contains(right, "@") {
		return true
	}
	domain := strings.TrimRight(right, ".,;:!?)>/")
	for _, ending := range []string{"fr", "com", "org", "net", "eu", "be", "ch", "gouv.fr"} {
		if domain == ending || strings.HasPrefix(domain, ending+"/") || strings.HasSuffix(domain, "."+ending) {
			return true
		}
	}
	return false
}

// question marks the pieces of the last sentence as a question's.
func (s *scanner) question() {
	for i := len(s.t.pieces) - 1; i >= 0; i-- {
		s.t.pieces[i].flags |= Question
		if s.t.pieces[i].flags&SentenceStart != 0 {
			return
		}
	}
}
