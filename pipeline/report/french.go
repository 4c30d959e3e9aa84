package report

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// French typography: no line ends before high punctuation or inside a number.
const (
	nbsp   = "\u00a0" // before a colon, inside guillemets, before a unit
	narrow = "\u202f" // between thousands, before ; ! ?
)

// number writes 12345 as "12 345".
func number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(narrow)
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}

// signed is number with its sign, where it is not nought.
func signed(n int) string {
	if n > 0 {
		return "+" + number(n)
	}
	return number(n)
}

// percent is a share with one decimal: "2,4 %".
func percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	text := strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64)
	return strings.Replace(text, ".", ",", 1) + nbsp + "%"
}

// some counts a noun, where nought and one are singular: "12 345 personnes".
// Further words take their plural too.
func some(n int, words ...string) string {
	for i, w := range words {
		if n > 1 {
			words[i] = w + "s"
		}
	}
	return number(n) + nbsp + strings.Join(words, " ")
}

// decimal writes a number as French does, and leaves all else as it is.
func decimal(text string) string {
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return text
	}
	return strings.Replace(text, ".", ",", 1)
}

// capital writes the first letter of a name large.
func capital(name string) string {
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

// date writes a day: "3 mars 2026", "1er avril 2026".
func date(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return day + nbsp + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// instant writes a day with its time in UTC: "3 mars 2026 à 9 h 05 (UTC)".
func instant(t time.Time) string {
	t = t.UTC()
	return date(t) + " à " + strconv.Itoa(t.Hour()) + nbsp + "h" + nbsp + t.Format("04") + " (UTC)"
}

// typeset puts the spaces of French typography, written plainly in the code,
// into their unbreakable form.
func typeset(text string) string { return unbreakable.Replace(text) }

var unbreakable = strings.NewReplacer(
	"« ", "«"+nbsp, " »", nbsp+"»", " :", nbsp+":", " ;", narrow+";", " !", narrow+"!", " ?", narrow+"?", " %", nbsp+"%",
)
