package event

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxPlain bounds the lines whose wording is looked at: what marks a header, a
// signature or a disclaimer stands at the beginning of a line.
const maxPlain = 400

// plain returns the beginning of s in lower case without accents, apostrophes
// alike, blanks single, for the rules about lines.
func plain(s string) string {
	if len(s) > maxPlain {
		s = strings.ToValidUTF8(s[:maxPlain], "")
	}
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, c := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, c), c == '\u200b', c == '\u200e', c == '\u200f', c == '\ufeff':
			continue
		case unicode.IsSpace(c):
			blank = b.Len() > 0
			continue
		case c == '’', c == '‘', c == '´', c == '`':
			c = '\''
		case c == '–', c == '—', c == '‑', c == '‐':
			c = '-'
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
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
	p := plain(turn)
	return len(strings.Fields(p)) <= inventionWords && inventions.MatchString(p)
}
