package event

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxPlain bounds the lines whose wording is looked at: what marks a header, a
// signature or a disclaimer stands at the beginning of a line.
const maxPlain = 400

// plain returns the beginning of s in lower case without accents, apostrophes
// alike, blanks single, for the rules about lines.
func plain(s string) string {
	var buffer [maxPlain + 8]byte
	return string(appendPlain(buffer[:0], s))
}

// appendPlain appends what plain returns. Almost all lines are ASCII and
// letters of a table.
func appendPlain(dst []byte, s string) []byte {
	if len(s) > maxPlain {
		s = strings.ToValidUTF8(s[:maxPlain], "")
	}
	from := len(dst)
	to := from // the end of what is written; there is room behind it
	dst = room(dst, to, len(s)+8)
	blank := true // stands before, or nothing does
	for i := 0; i < len(s); {
		if len(s)-i >= 8 {
			word, n := plainWord(eight(s[i:]), blank)
			binary.LittleEndian.PutUint64(dst[to:], word)
			i, to = i+n, to+n
			if n > 0 {
				blank = dst[to-1] == ' '
			}
			if n == 8 {
				continue
			}
		}
		letter, size := plainLetter(s[i:])
		i += size
		switch {
		case size == 0:
			return appendDecomposed(dst[:from], s)
		case len(letter) == 1 && letter[0] != ' ':
			dst[to] = letter[0]
			to, blank = to+1, false
		case letter == " ":
			if !blank {
				dst[to] = ' '
				to, blank = to+1, true
			}
		case letter != "":
			dst = room(dst, to, len(letter)+len(s)-i+8)
			to, blank = to+copy(dst[to:], letter), false
		}
	}
	if blank && to > from {
		to--
	}
	return dst[:to]
}

// room returns dst with n bytes or more behind the place to.
func room(dst []byte, to, n int) []byte {
	dst = slices.Grow(dst[:to], n)
	return dst[:cap(dst)]
}

// eight returns the first eight bytes of s, which the compiler reads at once.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// plainWord makes eight bytes plain, and says how many of them it did: up to
// the first one that takes more than a change of case, or that is a blank
// behind one. blank says that such a one stands before the eight.
func plainWord(x uint64, blank bool) (word uint64, n int) {
	low := x &^ highs // no sum of these reaches into the next byte
	upper := (low + (0x80-'A')*ones) &^ (low + (0x7F-'Z')*ones) & highs &^ x
	blanks := ^((low ^ ' '*ones) + 0x7F*ones) & highs &^ x
	before := blanks << 8
	if blank {
		before |= 0x80
	}
	control := ^(low + (0x80-' ')*ones)
	tick := ^((low ^ '`'*ones) + 0x7F*ones)
	if stop := (x | control | tick | blanks&before) & highs; stop != 0 {
		return x | upper>>2, bits.TrailingZeros64(stop) / 8
	}
	return x | upper>>2, 8
}

// What the characters are in plain letters that texts in French have: " " is a
// blank, and there may be none or several.
var (
	twoBytes   = plainLetters(0, 0x180)
	threeBytes = plainLetters(0x2000, 0x20C0) // punctuation and the euro
)

// plainLetters returns what the characters before to are in plain letters.
func plainLetters(from, to rune) []string {
	table := make([]string, 0, to-from)
	for c := from; c < to; c++ {
		between := appendDecomposed(nil, "a"+string(c)+"b")
		table = append(table, string(between[1:len(between)-1]))
	}
	return table
}

// plainLetter returns what the character that s begins with is in plain
// letters, and its size, 0 where that depends on those beside it or is seldom.
func plainLetter(s string) (letter string, size int) {
	switch c := s[0]; {
	case c < utf8.RuneSelf:
		return twoBytes[c], 1
	case c >= 0xC2 && c <= 0xC5 && len(s) > 1 && s[1]&0xC0 == 0x80:
		return twoBytes[int(c&0x1F)<<6|int(s[1]&0x3F)], 2
	case c == 0xE2 && len(s) > 2 && s[1] >= 0x80 && s[1] <= 0x82 && s[2]&0xC0 == 0x80:
		return threeBytes[int(s[1]&3)<<6|int(s[2]&0x3F)], 3
	}
	return "", 0
}

// appendDecomposed appends what plain returns, of any text.
func appendDecomposed(dst []byte, s string) []byte {
	blank, from := false, len(dst)
	for _, c := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, c), c == '\u200b', c == '\u200e', c == '\u200f', c == '\ufeff':
			continue
		case unicode.IsSpace(c):
			blank = len(dst) > from
			continue
		case c == '’', c == '‘', c == '´', c == '`':
			c = '\''
		case c == '–', c == '—', c == '‑', c == '‐':
			c = '-'
		}
		if blank {
			dst = append(dst, ' ')
			blank = false
		}
		dst = utf8.AppendRune(dst, unicode.ToLower(c))
	}
	return dst
}

// inventions are what speech recognition writes in silence: the ends of the
// videos it was taught with.
var inventions = regexp.MustCompile(`^[^a-z]*(` +
	`(sous-?titr(es?|age) (realise|fait|effectue|cree|st'? ?501|par|societe|de la communaute|:).*` +
	`|sous-?titrage|.*soustitreur.*|.*amara\.org.*` +
	`|merci d'avoir (regarde|visionne|suivi) (cette|la|ma|notre) video.*` +
	`|(n'oubliez pas de |pensez a )?(vous abonner|abonnez-vous)( a (la|ma|notre) chaine)?( et .*)?` +
	`)[^a-z]*)$`)

// What bounds the turns that are looked at for inventions, in words and bytes.
const (
	inventionWords    = 14
	shortestInvention = len("amara.org")
)

// invented reports whether a whole turn is a recogniser's invention.
func invented(turn string) bool {
	if len(turn) < shortestInvention || len(turn) > maxPlain {
		return false
	}
	var buffer [maxPlain + 8]byte
	p := appendPlain(buffer[:0], turn)
	// What is matched leaves the stack: only what may be an invention is.
	return invention(p) && count(p) <= inventionWords && strings.ContainsAny(turn, "sSaA") && inventions.Match(bytes.Clone(p))
}

// What inventions begin with, and what the others hold.
var (
	inventionBegins = alternatives("sous|merci d'avoir|n'oubliez pas|pensez a|vous abonner|abonnez-vous")
	inventionHolds  = alternatives("soustitreur|amara.org")
)

// invention reports whether a turn begins as inventions do, or holds what the others hold.
func invention(plain []byte) bool {
	if holds(plain, inventionHolds) {
		return true
	}
	for i, c := range plain {
		if c >= 'a' && c <= 'z' {
			return slices.ContainsFunc(inventionBegins, func(s []byte) bool { return s[0] == c && bytes.HasPrefix(plain[i:], s) })
		}
	}
	return false
}
