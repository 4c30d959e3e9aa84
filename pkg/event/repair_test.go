package event

import (
	"testing"
	"unicode/utf8"
)

// FuzzValid holds valid and points against the standard library.
func FuzzValid(f *testing.F) {
	for _, s := range []string{
		"", "abcdefgh", "abcdefgé", "abcdefghié", "\xc0\x80", "\xc1\xbf", "\xc2", "é\xc3", "\xed\xa0\x80", "€", "\xe2\x82", "👪", "\xf4\x90\x80\x80",
		"abcdefg\x80", "\xdf\xbfé", "\ufeff\ufffd", "aé€👪aé€👪aé€👪",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		want := utf8.Valid(s)
		if got := valid(s); got != want {
			t.Fatalf("%q: valid: %v", s, got)
		}
		if got := points(string(s)); want && got != utf8.RuneCount(s) {
			t.Fatalf("%q: %d code points", s, got)
		}
	})
}
