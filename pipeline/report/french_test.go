package report

import (
	"testing"
	"time"
)

func TestFrench(t *testing.T) {
	for got, want := range map[string]string{
		number(0): "0", number(999): "999", number(12345): "12\u202f345", number(-1234567): "−1\u202f234\u202f567",
		signed(3): "+3", signed(0): "0", signed(-3): "−3",
		percent(24, 1000): "2,4\u00a0%", percent(1, 0): "–",
		some(1, "autre", "différence"): "1\u00a0autre différence", some(2, "autre", "différence"): "2\u00a0autres différences",
		date(time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)):       "3\u00a0mars 2026",
		date(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)):       "1er\u00a0avril 2026",
		instant(time.Date(2026, 11, 27, 21, 5, 0, 0, time.UTC)): "27\u00a0novembre 2026 à 21\u00a0h\u00a005 (UTC)",
		decimal("0.4"): "0,4", decimal("n'est. pas"): "n'est. pas", decimal(""): "",
		capital("équipe"): "Équipe", capital(""): "",
		typeset("a : « b » ; c ?"): "a\u00a0: «\u00a0b\u00a0»\u202f; c\u202f?",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
