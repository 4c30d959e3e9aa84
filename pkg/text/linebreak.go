package text

import (
	"strings"
	"unicode"
)

// compoundWords are first parts of words that keep their hyphen at a line's end.
const compoundWords = `peut rendez demi grand lui elle elles eux moi toi soi vous nous celui celle ceux est dit ci la au par sous non
	quatre vingt dix soixante trente quarante cinquante apres arriere avant beau belle petit petite mi dois puis
	suis ai quelques porte compte`

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
	if !unicode.IsLower(r) || rules[ruleOf(s.t.letters[p.from:])].kinds&compound != 0 {
		return 0
	}
	return len(s.src) - len(rest) - i
}
