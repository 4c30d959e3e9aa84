package event

import (
	"bytes"
	"regexp"
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
	var buffer [maxPlain]byte
	return string(appendPlain(buffer[:0], s))
}

// appendPlain appends what plain returns. Almost all lines are ASCII and French
// letters, for which a table is enough.
func appendPlain(dst []byte, s string) []byte {
	if len(s) > maxPlain {
		s = strings.ToValidUTF8(s[:maxPlain], "")
	}
	blank, from := false, len(dst)
	for i := 0; i < len(s); {
		c, size := s[i], 1
		if c < utf8.RuneSelf {
			c = ascii[c]
		} else if c, size = plainLetter(s[i:]); c == 0 {
			return appendDecomposed(dst[:from], s)
		}
		i += size
		if c == ' ' {
			blank = len(dst) > from
			continue
		}
		if blank {
			dst = append(dst, ' ')
			blank = false
		}
		dst = append(dst, c)
	}
	return dst
}

// ascii are the plain letters of ASCII.
var ascii = func() (table [utf8.RuneSelf]byte) {
	for c := range table {
		table[c] = byte(unicode.ToLower(rune(c)))
		if unicode.IsSpace(rune(c)) {
			table[c] = ' '
		}
	}
	table['`'] = '\''
	return table
}()

// plainLetter returns what the character that s begins with is in plain
// letters, 0 for one that a byte is not enough for, and its size.
func plainLetter(s string) (c byte, size int) {
	switch {
	case s[0] == 0xC3 && len(s) > 1 && s[1]&0xC0 == 0x80:
		return latin[s[1]&0x3F], 2
	case strings.HasPrefix(s, "\u2019"):
		return '\'', len("\u2019")
	case strings.HasPrefix(s, "\u00a0"):
		return ' ', len("\u00a0")
	case strings.HasPrefix(s, "\u2013"):
		return '-', len("\u2013")
	}
	return 0, 1
}

// latin are the plain letters of U+00C0 to U+00FF, NUL where it takes more than one byte.
const latin = "aaaaaa\x00ceeeeiiii\x00nooooo\x00\x00uuuuy\x00\x00aaaaaa\x00ceeeeiiii\x00nooooo\x00\x00uuuuy\x00y"

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

// inventionWords bounds the turns that are looked at for inventions.
const inventionWords = 14

// invented reports whether a whole turn is a recogniser's invention.
func invented(turn string) bool {
	if len(turn) > maxPlain || !strings.ContainsAny(turn, "sSaA") {
		return false
	}
	var buffer [maxPlain]byte
	p := appendPlain(buffer[:0], turn)
	return invention(p) && len(bytes.Fields(p)) <= inventionWords && inventions.Match(p)
}

// invention reports whether a turn holds a word that every invention has.
func invention(plain []byte) bool {
	for _, word := range [...]string{"titr", "amara", "abonne", "video"} {
		if bytes.Contains(plain, []byte(word)) {
			return true
		}
	}
	return false
}
