package text

import (
	"html"
	"strings"
	"unicode/utf8"
)

// badByte stands for a byte that is not UTF-8; it separates words.
const badByte = rune(-1)

// next reads one character of src at i as a reader sees it: entities decoded,
// mojibake repaired. size is the number of source bytes that it takes.
func next(src string, i int) (r rune, size int) {
	c := src[i]
	if c < utf8.RuneSelf {
		if c == '&' {
			return entity(src, i)
		}
		return rune(c), 1
	}
	return repaired(src, i, mojibakeLevels)
}

// maxEntity bounds the length of an entity that is looked for in a text.
const maxEntity = 32

// entity decodes the HTML entity at src[i], or returns the ampersand itself.
// "&amp;eacute;", escaped twice on its way, is one character too.
func entity(src string, i int) (r rune, size int) {
	end := i + 1
	if strings.HasPrefix(src[end:], "amp;") && nameLen(src[end+4:]) > 0 {
		end += 4
	}
	n := nameLen(src[end:])
	if n == 0 {
		return '&', 1
	}
	end += n
	s := html.UnescapeString("&" + src[end-n:end])
	r, size = utf8.DecodeRuneInString(s)
	if size != len(s) {
		return '&', 1
	}
	return r, end - i
}

// nameLen returns the length of an entity's name with its semicolon at the
// beginning of s, 0 if there is none.
func nameLen(s string) int {
	for n := 0; n < len(s) && n < maxEntity; n++ {
		switch c := s[n]; {
		case c == ';':
			if n > 1 {
				return n + 1
			}
			return 0
		case c == '#' && n == 0, '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		default:
			return 0
		}
	}
	return 0
}

// mojibakeLevels is how many times over UTF-8 that was read as windows-1252 is
// repaired: "Ã©" once, "ÃƒÂ©" twice.
const mojibakeLevels = 2

// repaired decodes the character at src[i], seeing through UTF-8 that was read
// as windows-1252 or ISO-8859-1. Only a few lead bytes are seen through, and
// only towards the characters that French needs: other pairs ("É»") are
// legitimate French and decode to something by accident.
func repaired(src string, i, level int) (r rune, size int) {
	if level == 0 {
		r, size = utf8.DecodeRuneInString(src[i:])
		if r == utf8.RuneError && size == 1 {
			return badByte, 1
		}
		return r, size
	}
	r, size = repaired(src, i, level-1)
	if !strings.ContainsRune("ÃãÅÂâ", r) || i+size == len(src) {
		return r, size
	}
	c, n := repaired(src, i+size, level-1)
	b, ok := continuation(c)
	switch {
	case r == 'Ã' && c == ' ':
		return 'à', size // its no-break space became a space, which still separates
	case r == 'Â' && c == ' ':
		return ' ', size + n
	case !ok:
	case r == 'Ã', r == 'ã': // À to ÿ
		return 0xC0 + b, size + n
	case r == 'Å': // Œ, œ and their like
		return 0x140 + b, size + n
	case r == 'Â': // symbols and the no-break space
		return 0x80 + b, size + n
	case b <= 4 && i+size+n < len(src): // quotation marks, dashes, the euro sign
		d, m := repaired(src, i+size+n, level-1)
		if e, ok := continuation(d); ok {
			return 0x2000 + b<<6 + e, size + n + m
		}
	}
	return r, size
}

// continuation returns the six bits that r carries if it is a continuation
// byte of UTF-8 read as windows-1252 or ISO-8859-1.
func continuation(r rune) (bits rune, ok bool) {
	if w, found := windows[r]; found {
		r = w
	}
	return r - 0x80, r >= 0x80 && r < 0xC0
}

// windows holds the characters of windows-1252 outside ISO-8859-1.
var windows = map[rune]rune{
	'€': 0x80, '‚': 0x82, 'ƒ': 0x83, '„': 0x84, '…': 0x85, '†': 0x86, '‡': 0x87, 'ˆ': 0x88,
	'‰': 0x89, 'Š': 0x8A, '‹': 0x8B, 'Œ': 0x8C, 'Ž': 0x8E, '‘': 0x91, '’': 0x92, '“': 0x93,
	'”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97, '˜': 0x98, '™': 0x99, 'š': 0x9A, '›': 0x9B,
	'œ': 0x9C, 'ž': 0x9E, 'Ÿ': 0x9F,
}
