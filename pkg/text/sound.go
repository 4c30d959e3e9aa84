package text

import "bytes"

// Sound appends to dst a key that French words share which sound alike, for a
// word as [Fold] gives it: "hopitalisée" and "opitalizé", "huissier" and
// "uissié". It knows no accents (folding takes them), leaves silent letters
// out, and writes each sound in one letter: A, I and O are nasal, J is soft g,
// U is "ou", W is "oi". Words in other letters than a to z have an empty key.
func Sound(dst, word []byte) []byte {
	begin := len(dst)
	for i := 0; i < len(word); {
		if c := word[i]; c < 'a' || c > 'z' {
			return dst[:begin]
		}
		sound, n := soundAt(word, i)
		for j := range len(sound) {
			// A doubled sound is one.
			if len(dst) == begin || dst[len(dst)-1] != sound[j] {
				dst = append(dst, sound[j])
			}
		}
		i += n
	}
	// Without accents a last e is heard or not: "divorce", "divorcé", "divorcer".
	for len(dst) > begin && dst[len(dst)-1] == 'e' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// soundAt returns the sound at i and how many letters make it.
func soundAt(w []byte, i int) (sound string, n int) {
	rest := w[i:]
	if silent(w, i) {
		return "", 1
	}
	for _, s := range soundsOf[w[i]-'a'] {
		if !bytes.HasPrefix(rest, []byte(s.letters)) {
			continue
		}
		next := byte(0)
		if len(rest) > len(s.letters) {
			next = rest[len(s.letters)]
		}
		switch s.where {
		case beforeConsonant:
			// A doubled n or m makes no nasal, nor does one before a vowel.
			if vowel(next) || next == 'n' || next == 'm' || next == 'h' {
				continue
			}
		case beforeSoft:
			if next != 'e' && next != 'i' && next != 'y' {
				continue
			}
		case atEnd:
			if plural := next == 's' && len(rest) == len(s.letters)+1; next != 0 && !plural {
				continue
			}
		case beforeVowel:
			if !vowel(next) {
				continue
			}
		}
		return s.sound, len(s.letters)
	}
	return string(rest[:1]), 1
}

// where a spelling has its sound.
type where uint8

const (
	anywhere where = iota
	beforeConsonant
	beforeSoft
	beforeVowel
	atEnd
)

// spelling is a way to write a sound.
type spelling struct {
	letters string
	where   where
	sound   string
}

// soundsOf are the spellings that begin with each letter.
var soundsOf = func() (by [26][]spelling) {
	for _, s := range sounds {
		by[s.letters[0]-'a'] = append(by[s.letters[0]-'a'], s)
	}
	return by
}()

// sounds are the spellings of all sounds, the longest first where one begins
// another.
var sounds = []spelling{
	{"eaux", atEnd, "o"}, {"eau", anywhere, "o"}, {"aux", atEnd, "o"}, {"au", anywhere, "o"},
	{"oeu", anywhere, "e"}, {"oin", beforeConsonant, "WI"},
	{"ain", beforeConsonant, "I"}, {"ein", beforeConsonant, "I"}, {"aim", beforeConsonant, "I"},
	{"ien", beforeConsonant, "iI"}, {"yen", beforeConsonant, "iI"},
	{"tion", anywhere, "siO"}, {"ssion", anywhere, "siO"}, {"tiel", anywhere, "siel"}, {"tieux", anywhere, "sie"},
	{"aient", atEnd, "e"}, {"ait", atEnd, "e"}, {"ais", atEnd, "e"}, {"ai", anywhere, "e"}, {"ei", anywhere, "e"},
	{"ees", atEnd, "e"}, {"ee", anywhere, "e"}, {"er", atEnd, "e"}, {"ez", atEnd, "e"}, {"et", atEnd, "e"},
	{"eu", anywhere, "e"}, {"oi", anywhere, "W"}, {"oy", anywhere, "Wi"}, {"ou", anywhere, "U"},
	{"an", beforeConsonant, "A"}, {"am", beforeConsonant, "A"}, {"en", beforeConsonant, "A"}, {"em", beforeConsonant, "A"},
	{"in", beforeConsonant, "I"}, {"im", beforeConsonant, "I"}, {"yn", beforeConsonant, "I"}, {"ym", beforeConsonant, "I"},
	{"un", beforeConsonant, "I"}, {"um", beforeConsonant, "I"},
	{"on", beforeConsonant, "O"}, {"om", beforeConsonant, "O"},
	{"ph", anywhere, "f"}, {"sch", anywhere, "C"}, {"ch", anywhere, "C"}, {"sh", anywhere, "C"},
	{"gn", anywhere, "N"}, {"qu", anywhere, "k"}, {"q", anywhere, "k"}, {"ck", anywhere, "k"},
	{"sc", beforeSoft, "s"}, {"cc", beforeSoft, "ks"}, {"c", beforeSoft, "s"}, {"c", anywhere, "k"},
	{"ge", beforeVowel, "J"}, {"gu", beforeVowel, "g"}, {"g", beforeSoft, "J"}, {"j", anywhere, "J"},
	{"ss", anywhere, "s"}, {"z", anywhere, "s"}, {"x", anywhere, "ks"},
	{"ill", anywhere, "i"}, {"y", anywhere, "i"}, {"h", anywhere, ""}, {"w", anywhere, "v"},
}

// silent reports whether the letter at i is not heard at the end of a word: an
// e, consonants that are mute there, and those before an s or an e.
func silent(w []byte, i int) bool {
	if i == 0 || i < len(w)-2 {
		return false
	}
	last := i == len(w)-1
	switch w[i] {
	case 'e':
		return last || w[len(w)-1] == 's'
	case 's', 'x':
		return last
	case 't', 'd', 'p':
		return last || w[len(w)-1] == 's'
	}
	return false
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

// endings are those that the forms of a word differ in, the longest first.
var endings = []string{
	"aient", "ions", "ant", "ent", "iez", "ais", "ait", "ai", "er", "ez", "et", "elle", "el", "eur", "ue", "u", "c", "e", "i", "s", "x", "t", "d",
}

// Stem returns a word without its endings. Two words of one stem are forms of
// a word, not spellings of one.
func Stem(word []byte) []byte {
	for cut := true; cut; {
		cut = false
		for _, e := range endings {
			if bytes.HasSuffix(word, []byte(e)) {
				word, cut = word[:len(word)-len(e)], true
				break
			}
		}
	}
	return word
}
