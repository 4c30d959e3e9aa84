package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class says what a character does to the words around it.
type class uint8

const (
	separator class = iota // a bad byte, a symbol
	letter
	digit
	mark    // a combining mark
	skipped // zero-width; stands inside words unseen
	space   // blanks
	newline //
	apostrophe
	hyphen
	bullet
	clause   // , : ( ) – — « » "
	full     // .
	ellipsis // …
	stop     // ! ;
	question // ?
	currency
)

// classes holds the class of ASCII and Latin-1.
var classes = func() (table [256]class) {
	for c := range table {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z' && c < 128, c >= 0xC0 && c != 0xD7 && c != 0xF7:
			table[c] = letter
		case '0' <= c && c <= '9':
			table[c] = digit
		}
	}
	for s, k := range map[string]class{
		"_*#/ \t\r\u00a0": space, "\n\v\f\u0085": newline, "'`´": apostrophe, "-": hyphen, "·": bullet,
		",:()[]{}|\"«»": clause, ".": full, "!;": stop, "?": question, "€$£": currency, "\u00ad": skipped,
	} {
		for _, r := range s {
			if r < 256 {
				table[r] = k
			}
		}
	}
	return table
}()

// classify returns the class of r.
func classify(r rune) class {
	if r >= 0 && r < 256 {
		return classes[r]
	}
	if r < 0x0180 {
		if r < 0 {
			return separator
		}
		return letter
	}
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF,
		r >= 0xFE00 && r <= 0xFE0F:
		return skipped
	case r == '…':
		return ellipsis
	case strings.ContainsRune("’‘‛ʼ′＇", r):
		return apostrophe
	case strings.ContainsRune("\u2010\u2011\u2012\u2212", r):
		return hyphen
	case strings.ContainsRune("–—―“”„‹›", r):
		return clause
	case strings.ContainsRune("•‣◦▪●○■►➢✓", r):
		return bullet
	case r == 0x2028, r == 0x2029:
		return newline
	case r == '€':
		return currency
	case unicode.IsSpace(r):
		return space
	case unicode.Is(unicode.M, r):
		return mark
	case unicode.IsLetter(r):
		return letter
	}
	return separator
}

// latin holds the letters of U+00C0 to U+017F in lower case without marks.
var latin = func() (table [0x180 - 0xC0]string) {
	special := map[rune]string{
		'œ': "oe", 'Œ': "oe", 'æ': "ae", 'Æ': "ae", 'ß': "ss", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d",
		'ł': "l", 'Ł': "l", 'ħ': "h", 'Ħ': "h", 'ı': "i", 'þ': "th", 'Þ': "th", 'ŋ': "n", 'Ŋ': "n", 'ŧ': "t", 'Ŧ': "t",
	}
	for i := range table {
		r := rune(0xC0 + i)
		if s, ok := special[r]; ok {
			table[i] = s
			continue
		}
		table[i] = string(appendBare(nil, r))
	}
	return table
}()

// appendLetter appends the letter r in lower case without marks, ligatures
// spelled out, and reports whether it had a mark or was a ligature.
func appendLetter(dst []byte, r rune) ([]byte, bool) {
	switch {
	case r < utf8.RuneSelf:
		return append(dst, byte(r)|0x20), false
	case r >= 0xC0 && r < 0x180:
		return append(dst, latin[r-0xC0]...), true
	}
	before := len(dst)
	dst = appendBare(dst, r)
	plain, _ := utf8.DecodeRune(dst[before:])
	return dst, plain != unicode.ToLower(r)
}

// appendBare appends the compatibility decomposition of r, which also takes
// ligatures and full-width letters apart, in lower case without its marks.
func appendBare(dst []byte, r rune) []byte {
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	d := norm.NFKD.Properties(buf[:n]).Decomposition()
	if d == nil {
		return utf8.AppendRune(dst, unicode.ToLower(r))
	}
	for len(d) > 0 {
		c, size := utf8.DecodeRune(d)
		if unicode.IsLetter(c) {
			dst = utf8.AppendRune(dst, unicode.ToLower(c))
		}
		d = d[size:]
	}
	return dst
}
