package french

import (
	"testing"
	"time"
)

func TestFrench(t *testing.T) {
	for got, want := range map[string]string{
		Number(0): "0", Number(999): "999", Number(12345): "12\u202f345", Number(-1234567): "−1\u202f234\u202f567",
		Signed(3): "+3", Signed(0): "0", Signed(-3): "−3",
		Percent(24, 1000): "2,4\u00a0%", Percent(1, 0): "–",
		Count(1, "autre", "différence"): "1\u00a0autre différence", Count(2, "autre", "différence"): "2\u00a0autres différences",
		Date(time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)):       "3\u00a0mars 2026",
		Date(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)):       "1er\u00a0avril 2026",
		Month(time.Date(2026, 8, 9, 0, 0, 0, 0, time.UTC)):      "août 2026",
		Instant(time.Date(2026, 11, 27, 21, 5, 0, 0, time.UTC)): "27\u00a0novembre 2026 à 21\u00a0h\u00a005 (UTC)",
		Decimal("0.4"): "0,4", Decimal("n'est. pas"): "n'est. pas", Decimal(""): "",
		Capital("équipe"): "Équipe", Capital(""): "",
		Typeset("a : « b » ; c ?"): "a\u00a0: «\u00a0b\u00a0»\u202f; c\u202f?",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
