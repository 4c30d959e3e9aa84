package text

import (
	"strings"
	"unicode/utf8"
)

// number adds the number, date or time of day whose first digit stands at i,
// and returns how many bytes it takes: "1 200,50" is 1200.50, "12.03.2024" is
// 12/03/2024, "14:30" is 14h30.
func (s *scanner) number(i int) int {
	if s.open && s.piece().flags&Digits == 0 {
		// Letters before digits: "covid19" is two words.
		s.open = false
	}
	s.begin(i, Digits, false)
	p, src := s.piece(), s.src
	at := s.date(i)
	if at == 0 {
		at = s.clock(i)
	}
	if at == 0 {
		at = s.amount(i)
	}
	p.end = int32(at)
	if amount := len(s.t.letters)-int(p.from) > 2; amount && at < len(src) && src[at]|0x20 == 'e' && !wordAt(src, at+1) {
		// "780e" is an amount, "2e" an ordinal.
		p.flags |= Money
		s.euros(at, at+1)
		at++
	}
	return at - i
}

// figure adds a digit that is written as an entity ("&#49;").
func (s *scanner) figure(r rune, start, end int) {
	if !s.open || s.piece().flags&Digits == 0 {
		s.begin(start, Digits, false)
	}
	s.pending = true
	s.t.letters = append(s.t.letters, byte(r))
	s.piece().end = int32(end)
}

func digits(src string, i int) int {
	n := 0
	for i+n < len(src) && src[i+n]-'0' < 10 {
		n++
	}
	return n
}

// wordAt reports whether a letter or digit stands at i.
func wordAt(src string, i int) bool {
	if i >= len(src) {
		return false
	}
	r, _ := next(src, i)
	k := classify(r)
	return k == letter || k == digit
}

// amount appends a number with its thousands joined.
func (s *scanner) amount(i int) int {
	t, src := s.t, s.src
	n := digits(src, i)
	t.letters = append(t.letters, src[i:i+n]...)
	at := i + n
	for n <= 3 && src[i] != '0' {
		size := thousands(src, at)
		if size == 0 {
			break
		}
		t.letters = append(t.letters, src[at+size:at+size+3]...)
		at += size + 3
	}
	if at < len(src) && (src[at] == ',' || src[at] == '.') {
		if d := digits(src, at+1); d > 0 && (i == 0 || src[i-1] != '.') && (d != 3 || src[i] == '0') && !dotted(src, at+1+d) {
			t.letters = append(t.letters, '.')
			t.letters = append(t.letters, src[at+1:at+1+d]...)
			at += 1 + d
		}
	}
	return at
}

// dotted reports whether a further ".1" follows: a phone number or an address.
func dotted(src string, at int) bool {
	return at < len(src) && (src[at] == '.' || src[at] == ',') && digits(src, at+1) > 0
}

// thousands returns the size of the separator at src[at] if exactly three
// digits follow it, 0 otherwise.
func thousands(src string, at int) int {
	r, size := utf8.DecodeRuneInString(src[at:])
	if size == 0 || !strings.ContainsRune(" .,'’\u00a0\u2009\u202f", r) || digits(src, at+size) != 3 {
		return 0
	}
	return size
}

// date appends "12/03/2024", "12/03" or the same with dots or hyphens and a
// year, and returns the place behind it, 0 if there is none.
func (s *scanner) date(i int) int {
	src := s.src
	d := digits(src, i)
	if d == 0 || d > 2 || i+d >= len(src) || strings.IndexByte("/.-", src[i+d]) < 0 || i > 0 && src[i-1] == '.' {
		return 0
	}
	sep := src[i+d]
	m := digits(src, i+d+1)
	end := i + d + 1 + m
	if m == 0 || m > 2 {
		return 0
	}
	t := s.t
	if end < len(src) && src[end] == sep {
		if y := digits(src, end+1); (y == 2 || y == 4) && !dotted(src, end+1+y) {
			t.letters = append(t.letters, src[i:i+d]...)
			t.letters = append(t.letters, '/')
			t.letters = append(t.letters, src[i+d+1:end]...)
			t.letters = append(t.letters, '/')
			t.letters = append(t.letters, src[end+1:end+1+y]...)
			return end + 1 + y
		}
		return 0
	}
	if sep != '/' || wordAt(src, end) {
		return 0
	}
	t.letters = append(t.letters, src[i:end]...)
	return end
}

// clock appends "14h30" or "14h", and returns the place behind it, 0 if there
// is none.
func (s *scanner) clock(i int) int {
	src := s.src
	d := digits(src, i)
	if d == 0 || d > 2 || i+d >= len(src) {
		return 0
	}
	c := src[i+d]
	if c != 'h' && c != 'H' && c != ':' {
		return 0
	}
	m := digits(src, i+d+1)
	end := i + d + 1 + m
	if m != 2 && (m != 0 || c == ':') || wordAt(src, end) {
		return 0
	}
	t := s.t
	t.letters = append(t.letters, src[i:i+d]...)
	t.letters = append(t.letters, 'h')
	t.letters = append(t.letters, src[i+d+1:end]...)
	return end
}
