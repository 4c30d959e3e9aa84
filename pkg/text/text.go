// Package text folds raw French text (speech recognition, SMS, capitals, OCR)
// into plain words and keeps the way back to the original places.
package text

// Flag is a set of facts about a token that folding would otherwise lose.
type Flag uint16

// The facts. Bits above them are for the package's own use.
const (
	// SentenceStart is set on the first word of a sentence or of the text.
	SentenceStart Flag = 1 << iota
	// ClauseStart is set on the first word after a comma, colon, bracket,
	// quotation mark, dash or dots of thought.
	ClauseStart
	// LineStart is set on the first word of a line.
	LineStart
	// AfterNe is set where a "ne" or "n'" stood directly before; folding drops it.
	AfterNe
	// Capital is set on a word written with a capital first letter.
	Capital
	// Upper is set on two or more letters, all capitals.
	Upper
	// Accented is set on a word written with at least one diacritic or ligature.
	Accented
	// Digits is set on an amount, a date or a time of day in digits, one token
	// each: "1 200,50" is 1200.50, "12.03.2024" is 12/03/2024, "14:30" is 14h30.
	Digits
	// Money is set on Digits directly followed by a currency sign. That of the
	// euro becomes the word "euros" ("780€", "780e"); others are no token.
	Money
	// Question is set on all words of a sentence that ends with a question mark.
	Question
	// Elided is set on what came from an elision written with its apostrophe
	// ("j'", "d'").
	Elided
)

// Token is a folded word and its place.
type Token struct {
	// From and To delimit the folded word in Text.Folded.
	From, To int32
	// Start and End delimit the original in Text.Source, in bytes, End exclusive.
	Start, End int32
	Flags      Flag
	rule       uint16 // of the folded word, in rules
	// Hash is the folded word's [Hash], for [Vocabulary.Lookup].
	Hash uint64
}

// Text is a folded text. Its buffers are reused by the next Fold into it.
type Text struct {
	Source string
	Folded []byte
	Tokens []Token
	// Accented says that the source has diacritics at all, so that their absence on a word means something.
	Accented bool

	letters []byte  // the pieces' letters
	pieces  []piece // between scanning and wording
	spelled [2]int  // the pieces between which spelled acronyms may be, if any
}

// Word returns the folded form of token i.
func (t *Text) Word(i int) []byte { return t.Folded[t.Tokens[i].From:t.Tokens[i].To] }
