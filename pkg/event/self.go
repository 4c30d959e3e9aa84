package event

// wordFrom returns the next word of a line at or behind i: letters without
// accents, digits and underlines, as \b bounds them in rules. from is the line's
// length where there is none.
func wordFrom(line []byte, i int) (from, to int) {
	for i < len(line) && !ofWord[line[i]] {
		i++
	}
	from = i
	for i < len(line) && ofWord[line[i]] {
		i++
	}
	return from, i
}

var ofWord = func() (is [256]bool) {
	for c := range is {
		is[c] = alphanumeric(byte(c)) || c == '_'
	}
	return is
}()

// disclosed reports whether a line holds a first person singular, in a text that
// is otherwise a form.
func disclosed(line []byte) bool {
	for from, to := wordFrom(line, 0); from < len(line); from, to = wordFrom(line, to) {
		switch string(line[from:to]) {
		case "je", "j", "mon", "ma", "mes", "moi":
			return true
		}
	}
	return false
}

// first reports whether a line holds words that a person says of themselves,
// and no signature has.
func first(line []byte) bool {
	for from, to := wordFrom(line, 0); from < len(line); from, to = wordFrom(line, to) {
		switch string(line[from:to]) {
		case "je", "me", "moi", "mon", "ma", "mes", "nous", "notre", "nos", "on", "ne", "pas", "plus",
			"suis", "ai", "vous", "votre", "vos", "svp", "merci":
			return true
		case "j", "m", "n", "t", "c":
			if elided(line[from], line[to:]) {
				return true
			}
		}
	}
	return false
}

// elided reports whether what stands behind a letter makes it an elided word:
// "j'ai", "n' ai", "j ai", "c'est".
func elided(letter byte, behind []byte) bool {
	if len(behind) == 0 {
		return false
	}
	switch {
	case letter == 'c':
		const is = "'est"
		return len(behind) >= len(is) && string(behind[:len(is)]) == is && (len(behind) == len(is) || !ofWord[behind[len(is)]])
	case behind[0] == '\'':
		behind = behind[1:]
		if len(behind) > 0 && behind[0] == ' ' {
			behind = behind[1:]
		}
		return len(behind) > 0 && behind[0] >= 'a' && behind[0] <= 'z'
	case letter == 'j' && behind[0] == ' ' && len(behind) > 1:
		switch behind[1] {
		case 'a', 'e', 'i', 'o', 'u', 'h':
			return true
		}
	}
	return false
}
