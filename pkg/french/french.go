// Package french writes numbers, dates and sentences as French typography wants
// them.
package french

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The spaces at which no line ends.
const (
	// Space stands before a colon, inside guillemets, and before a unit.
	Space = "\u00a0"
	// Narrow stands between thousands, and before a semicolon, an exclamation
	// and a question mark.
	Narrow = "\u202f"
)

// Number writes 12345 as "12 345".
func Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(Narrow)
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}

// Signed is number with its sign, where it is not nought.
func Signed(n int) string {
	if n > 0 {
		return "+" + Number(n)
	}
	return Number(n)
}

// Percent is a share with one decimal: "2,4 %".
func Percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	text := strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64)
	return strings.Replace(text, ".", ",", 1) + Space + "%"
}

// Count counts a noun, where nought and one are singular: "12 345 personnes".
// Further words take their plural too.
func Count(n int, words ...string) string {
	for i, w := range words {
		if n > 1 {
			words[i] = w + "s"
		}
	}
	return Number(n) + Space + strings.Join(words, " ")
}

// Decimal writes a number as French does, and leaves all else as it is.
func Decimal(text string) string {
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return text
	}
	return strings.Replace(text, ".", ",", 1)
}

// Capital writes the first letter of a name large.
func Capital(name string) string {
	if name == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

var months = [...]string{
	"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre",
}

// Date writes a day: "3 mars 2026", "1er avril 2026".
func Date(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return day + Space + Month(t)
}

// Month writes a month of a year: "mars 2026".
func Month(t time.Time) string { return months[t.Month()-1] + " " + strconv.Itoa(t.Year()) }

// Instant writes a day with its time in UTC: "3 mars 2026 à 9 h 05 (UTC)".
func Instant(t time.Time) string {
	t = t.UTC()
	return Date(t) + " à " + strconv.Itoa(t.Hour()) + Space + "h" + Space + t.Format("04") + " (UTC)"
}

// Typeset puts the spaces of French typography, written plainly in the code,
// into their unbreakable form.
func Typeset(text string) string { return unbreakable.Replace(text) }

var unbreakable = strings.NewReplacer(
	"« ", "«"+Space, " »", Space+"»", " :", Space+":", " ;", Narrow+";", " !", Narrow+"!", " ?", Narrow+"?", " %", Space+"%",
)
