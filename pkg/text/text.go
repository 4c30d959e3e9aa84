// Package text folds raw French text (speech recognition, SMS, capitals, OCR)
// into plain words and keeps the way back to the original places.
package text

// Flag is a set of facts about a token that folding would otherwise lose.
type Flag uint16

// The facts.
const (
	// SentenceStart: first word of a sentence or of the text.
	SentenceStart Flag = 1 << iota
	// ClauseStart: first word after a comma, colon, semicolon, bracket or dash.
	ClauseStart
	// LineStart: first word of a line.
	LineStart
	// AfterNe: a "ne" or "n'" stood directly before; folding drops it.
	AfterNe
	// Capital: written with a capital first letter.
	Capital
	// Upper: two or more letters, all capitals.
	Upper
	// Accented: written with at least one diacritic or ligature.
	Accented
	// Digits: the token is made of digits (with inner separators removed).
	Digits
	// Money: Digits directly followed by a currency sign, which is no token ("780€", "12 eur" keeps its word).
	Money
	// Question: the token's sentence ends with a question mark.
	Question
	// Elided: came from an elision written with its apostrophe ("j'", "d'").
	Elided
)

// Token is a folded word and its place.
type Token struct {
	// From and To delimit the folded word in Text.Folded.
	From, To int32
	// Start and End delimit the original in Text.Source, in bytes, End exclusive.
	Start, End int32
	Flags      Flag
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
}

// Word returns the folded form of token i.
func (t *Text) Word(i int) []byte { return t.Folded[t.Tokens[i].From:t.Tokens[i].To] }
