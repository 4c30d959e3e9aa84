package text

import "strconv"

// numeral is what a French number word does to the number being read.
type numeral struct {
	value int
	kind  numeralKind
}

type numeralKind uint8

const (
	unit    numeralKind = iota + 1 // 1 to 9, and zero
	teen                           // 10 to 16
	tens                           // 20, 30, … 90
	hundred                        // cent
	scale                          // mille, million, milliard
)

// numerals are the words of numbers, of France, Belgium and Switzerland.
var numerals = map[string]numeral{
	"zero": {0, unit}, "un": {1, unit}, "une": {1, unit}, "deux": {2, unit}, "trois": {3, unit}, "quatre": {4, unit},
	"cinq": {5, unit}, "six": {6, unit}, "sept": {7, unit}, "huit": {8, unit}, "neuf": {9, unit},
	"dix": {10, teen}, "onze": {11, teen}, "douze": {12, teen}, "treize": {13, teen}, "quatorze": {14, teen},
	"quinze": {15, teen}, "seize": {16, teen},
	"vingt": {20, tens}, "vingts": {20, tens}, "trente": {30, tens}, "quarante": {40, tens}, "cinquante": {50, tens},
	"soixante": {60, tens}, "septante": {70, tens}, "huitante": {80, tens}, "octante": {80, tens}, "nonante": {90, tens},
	"cent": {100, hundred}, "cents": {100, hundred},
	"mille": {1000, scale}, "mil": {1000, scale}, "million": {1e6, scale}, "millions": {1e6, scale},
	"milliard": {1e9, scale}, "milliards": {1e9, scale},
}

// Numeric reports whether a number may begin with a folded word: digits, or a
// number word ("un" and "une" among them). Dates and times of day are not
// numbers.
func Numeric(word []byte) bool {
	if numeralOf(word).kind != 0 {
		return true
	}
	_, ok := figure(word)
	return ok
}

// numeralOf returns the numeral that a word is; its kind is 0 if it is none.
func numeralOf(word []byte) numeral { return rules[ruleOf(word)].number }

// counts reports whether a word is a number other than "un", which is an
// article more often.
func (n numeral) counts() bool { return n.kind != 0 && n.value != 1 }

func figure(word []byte) (float64, bool) {
	if len(word) == 0 || word[0]-'0' > 9 {
		return 0, false
	}
	for _, c := range word {
		if c-'0' > 9 && c != '.' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(word), 64)
	return v, err == nil
}

// Number reads the number at the beginning of folded words, in digits or in
// French words, and returns its value and how many words it takes, 0 if no
// number stands there. It takes all words that make one number by the rules of
// French: "six huit" is six, then another number.
func Number(words [][]byte) (value float64, n int) {
	if len(words) == 0 {
		return 0, 0
	}
	if v, ok := figure(words[0]); ok {
		return scaled(v, words)
	}
	var r reading
	for n < len(words) {
		used := r.take(words[n:])
		if used == 0 {
			break
		}
		n += used
	}
	if n == 0 {
		return 0, 0
	}
	return float64(r.total + r.current), n
}

// scaled reads "2 mille" and "1,5 million" after their digits.
func scaled(v float64, words [][]byte) (float64, int) {
	if len(words) > 1 {
		if s := numeralOf(words[1]); s.kind == scale || s.kind == hundred && v > 1 && v < 10 {
			return v * float64(s.value), 2
		}
	}
	return v, 1
}

// reading is a number in words, read up to some word.
type reading struct {
	total   int // in whole thousands and above
	current int // below the next scale word
	below   int // of current, what is below a hundred
	scale   int // the last scale word, 0 without one
	last    numeralKind
	tens    int // the value of the last ten, for what may follow it
}

// take reads the next word, or "et" and a word, and returns how many it took;
// 0 if the number ends before it.
func (r *reading) take(words [][]byte) int {
	if string(words[0]) == "et" {
		if len(words) == 1 || r.last != tens {
			return 0
		}
		next := numeralOf(words[1])
		if next.kind == unit && next.value == 1 || next.value == 11 && r.tens == 60 {
			r.plus(next)
			return 2
		}
		return 0
	}
	next := numeralOf(words[0])
	if next.kind == 0 || !r.fits(next) {
		return 0
	}
	switch next.kind {
	case unit, teen:
		r.plus(next)
	case tens:
		if r.below == 4 {
			next.value = 80 - 4
			r.plus(next)
			r.tens = 80
		} else {
			r.plus(next)
			r.tens = next.value
		}
	case hundred:
		r.current = max(r.current, 1) * 100
		r.below = 0
	case scale:
		r.total += max(r.current, 1) * next.value
		r.current, r.below, r.scale = 0, 0, next.value
	}
	r.last = next.kind
	return 1
}

func (r *reading) plus(next numeral) {
	r.current += next.value
	r.below += next.value
	r.last = next.kind
	if next.kind != tens {
		r.tens = 0
	}
}

// fits reports whether next continues the number.
func (r *reading) fits(next numeral) bool {
	started := r.last != 0
	zero := r.last == unit && r.current == 0
	if zero {
		return false
	}
	switch next.kind {
	case unit:
		if next.value == 0 {
			return !started
		}
		return r.below == 0 || r.last == tens || r.below%20 == 10 && r.last == teen && r.dix(next)
	case teen:
		return r.below == 0 || r.last == tens && (r.tens == 60 || r.tens == 80)
	case tens:
		return r.below == 0 || r.below == 4 && next.value == 20 && r.last == unit
	case hundred:
		return r.current == r.below && (r.below == 0 || r.below > 1 && r.below < 20)
	case scale:
		return (r.scale == 0 || next.value < r.scale) && (started || next.value == 1000) &&
			(r.current > 0 || !started) && (next.value != 1000 || r.current != 1)
	}
	return false
}

// dix reports whether next makes seventeen to nineteen of the ten before it.
func (r *reading) dix(next numeral) bool { return next.value >= 7 }
