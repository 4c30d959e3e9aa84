package text

import (
	"slices"
	"strings"
	"testing"
)

// scanByChar is Text.scan that takes all characters one by one.
func scanByChar(t *Text, src string) {
	t.letters, t.pieces, t.spelled = t.letters[:0], t.pieces[:0], [2]int{}
	s := scanner{t: t, src: src}
	for i := 0; i < len(src); {
		i += s.char(i)
	}
	s.end()
}

// sameScan tests that words are cut alike eight bytes at a time and one by one.
func sameScan(t *testing.T, src string) {
	t.Helper()
	var wide, slow Text
	wide.scan(src)
	scanByChar(&slow, src)
	// A number that an entity goes on with is finished twice by words, and may
	// have been one digit: more pieces are then looked at for acronyms.
	missed := slow.spelled[1] > 0 && (wide.spelled[0] > slow.spelled[0] || wide.spelled[1] < slow.spelled[1])
	if wide.Accented != slow.Accented || missed || len(wide.pieces) != len(slow.pieces) {
		t.Fatalf("%q: accented %v, spelled %v, %d pieces; one by one %v, %v, %d", src,
			wide.Accented, wide.spelled, len(wide.pieces), slow.Accented, slow.spelled, len(slow.pieces))
	}
	for i := range wide.pieces {
		a, b := wide.pieces[i], slow.pieces[i]
		if !slices.Equal(a.letters(&wide), b.letters(&slow)) {
			t.Errorf("%q: piece %d is %q, one by one %q", src, i, a.letters(&wide), b.letters(&slow))
		}
		a.from, b.from = 0, 0
		if a != b {
			t.Errorf("%q: piece %d\n       is %+v\none by one %+v", src, i, a, b)
		}
	}
}

func TestScan(t *testing.T) {
	for _, s := range corpus(t) {
		sameScan(t, s)
	}
	// Words of each length, with accents at each place, near the end and not.
	const letters, more = "abcdefghijklmnopqrstuvwxyz", ", et encore du texte derrière"
	for n := range len(letters) {
		for rest := range 20 {
			for _, word := range []string{
				letters[:n] + " " + letters[:rest],
				letters[:n] + "é" + letters[:rest],
				letters[:n] + "Éœ" + letters[:rest],
				letters[:n] + "â€™" + letters[:rest],
				strings.Repeat("éà", n) + letters[:rest],
				strings.Repeat("ñ", n)[:2*n-n%2] + letters[:rest],
				"É" + strings.Repeat("ü-", n) + letters[:rest] + "â",
			} {
				sameScan(t, word)
				sameScan(t, word+more)
				sameScan(t, strings.ToUpper(word+more))
			}
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{
		"", "a", "J'ai ÉTÉ, là", "cÅ“ur Ã©tÃ©", "âÂ âge", "&eacute;t&eacute;", "hospi-\n talisé peut-être", "a\xffb\xc3", "créée nooon eeee", "œœœ",
		"l'e\u0301te\u0301", "M. A. B", "780€ 12+ de", "mot\u00adcoupé", "un\n\n- deux ?", "anticonstitutionnellement", "l’eau",
		"\x00\x7f\xff#x3F7&#x37;",
	} {
		f.Add(s)
	}
	f.Fuzz(sameScan)
}
