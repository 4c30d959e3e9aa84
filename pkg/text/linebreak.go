package text

import (
	"strings"
	"unicode"
)

// compounds are first parts of words that keep their hyphen at a line's end.
var compounds = map[string]bool{
	"peut": true, "rendez": true, "demi": true, "grand": true, "lui": true, "elle": true, "elles": true, "eux": true,
	"moi": true, "toi": true, "soi": true, "vous": true, "nous": true, "celui": true, "celle": true, "ceux": true,
	"est": true, "dit": true, "ci": true, "la": true, "au": true, "par": true, "sous": true, "non": true, "quatre": true,
	"vingt": true, "dix": true, "soixante": true, "trente": true, "quarante": true, "cinquante": true, "apres": true,
	"arriere": true, "avant": true, "beau": true, "belle": true, "petit": true, "petite": true, "mi": true, "dois": true,
	"puis": true, "suis": true, "ai": true, "quelques": true, "porte": true, "compte": true,
}

// lineBreak returns how many bytes from i on are the line break inside a word
// that was divided at the end of a line ("hospi-\ntalisé"), 0 if there is none.
func (s *scanner) lineBreak(i int) int {
	if !s.open || s.piece().flags&(Digits|Upper) != 0 {
		return 0
	}
	rest := strings.TrimLeft(s.src[i:], " \t\r")
	if rest == "" || rest[0] != '\n' {
		return 0
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if rest == "" {
		return 0
	}
	r, _ := next(rest, 0)
	p := s.piece()
	if !unicode.IsLower(r) || compounds[string(s.t.letters[p.from:p.to])] {
		return 0
	}
	return len(s.src) - len(rest) - i
}
