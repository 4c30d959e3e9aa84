package proposal

import (
	"strings"
	"unicode"
)

// quoted returns a text as a YAML scalar: plain where no reader could take it
// for something else, else in double quotes.
func quoted(text string) string {
	if plain(text) {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// plain reports whether a text begins with a letter, has more than one word
// (so that it is no number, date or truth value) and only signs that mean
// nothing in YAML.
func plain(text string) bool {
	for i, r := range text {
		switch {
		case unicode.IsLetter(r):
		case i == 0:
			return false
		case unicode.IsDigit(r) || strings.ContainsRune(" '’-.?!,€%()«»/+", r):
		default:
			return false
		}
	}
	return strings.ContainsRune(text, ' ')
}
