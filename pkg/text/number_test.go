package text

import (
	"bytes"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	for words, want := range map[string]struct {
		value float64
		n     int
	}{
		"zero": {0, 1}, "un": {1, 1}, "une": {1, 1}, "neuf": {9, 1}, "dix": {10, 1}, "seize": {16, 1},
		"dix sept": {17, 2}, "dix huit": {18, 2}, "dix neuf": {19, 2}, "dix six": {10, 1}, "onze deux": {11, 1},
		"vingt": {20, 1}, "vingt et un": {21, 3}, "vingt et une": {21, 3}, "vingt deux": {22, 2}, "vingt un": {21, 2},
		"trente": {30, 1}, "trente et un": {31, 3}, "quarante cinq": {45, 2}, "cinquante neuf": {59, 2},
		"trente dix": {30, 1}, "vingt trente": {20, 1}, "vingt vingt": {20, 1}, "vingt et deux": {20, 1}, "vingt et": {20, 1},
		"soixante": {60, 1}, "soixante et un": {61, 3}, "soixante dix": {70, 2}, "soixante et onze": {71, 3},
		"soixante douze": {72, 2}, "soixante dix sept": {77, 3}, "soixante dix neuf": {79, 3}, "soixante dix deux": {70, 2},
		"quatre vingt": {80, 2}, "quatre vingts": {80, 2}, "quatre vingt un": {81, 3}, "quatre vingt deux": {82, 3},
		"quatre vingt dix": {90, 3}, "quatre vingt onze": {91, 3}, "quatre vingt dix neuf": {99, 4}, "quatre vingt seize": {96, 3},
		"septante": {70, 1}, "septante et un": {71, 3}, "septante cinq": {75, 2}, "huitante": {80, 1}, "huitante trois": {83, 2},
		"octante six": {86, 2}, "nonante": {90, 1}, "nonante et un": {91, 3}, "nonante neuf": {99, 2},
		"cent": {100, 1}, "cent un": {101, 2}, "cent dix": {110, 2}, "cent soixante dix huit": {178, 4}, "cent quatre vingt": {180, 3},
		"deux cents": {200, 2}, "deux cent cinquante": {250, 3}, "neuf cent quatre vingt dix neuf": {999, 6},
		"un cent": {1, 1}, "cent cent": {100, 1}, "quinze cents": {1500, 2},
		"mille": {1000, 1}, "mille cinq": {1005, 2}, "mille deux cents": {1200, 3}, "deux mille": {2000, 2},
		"deux mille quatre cents cinquante": {2450, 5}, "mil neuf cent quatre vingt quatre": {1984, 6}, "vingt et un mille": {21000, 4},
		"cinq cent mille": {500000, 3}, "trois cent quarante mille six cent dix": {340610, 7}, "mille mille": {1000, 1}, "un mille": {1, 1},
		"un million": {1e6, 2}, "deux millions trois cent mille": {2.3e6, 5}, "un milliard": {1e9, 2}, "million": {0, 0}, "et un": {0, 0},
		"six huit": {6, 1}, "zero six": {0, 1}, "six zero": {6, 1}, "un un": {1, 1}, "deux euros cinquante": {2, 1},
		"": {0, 0}, "euros": {0, 0}, "780": {780, 1}, "1200.50": {1200.5, 1}, "0.125": {0.125, 1}, "2 mille": {2000, 2},
		"3 cents": {300, 2}, "1.5 millions": {1.5e6, 2}, "12 34": {12, 1}, "12/03/2024": {0, 0}, "14h30": {0, 0}, "2e": {0, 0}, "20 cents": {20, 1},
	} {
		list := bytes.Fields([]byte(words))
		value, n := Number(list)
		if value != want.value || n != want.n {
			t.Errorf("%q: %v in %d words, want %v in %d", words, value, n, want.value, want.n)
		}
		if len(list) > 0 && n > 0 && !Numeric(list[0]) {
			t.Errorf("%q: a number that does not begin with a number", words)
		}
	}
}

// TestNumberEnds stops where the number ends, not at the last number word.
func TestNumberEnds(t *testing.T) {
	words := bytes.Fields([]byte(strings.Repeat("neuf cent quatre vingt dix neuf mille ", 3)))
	if v, n := Number(words); v != 999999 || n != 13 {
		t.Errorf("%v in %d words, want 999999 in 13", v, n)
	}
}

func FuzzNumber(f *testing.F) {
	f.Add("deux mille quatre cents cinquante et un")
	f.Add("1200.50 mille")
	f.Fuzz(func(t *testing.T, s string) {
		words := bytes.Fields([]byte(s))
		v, n := Number(words)
		if n < 0 || n > len(words) || v < 0 {
			t.Errorf("%v in %d of %d words", v, n, len(words))
		}
	})
}
