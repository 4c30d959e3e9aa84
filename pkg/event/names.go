package event

import "strconv"

// turns are the names of the turns of a call of ordinary length, made once.
var turns = func() (names [256]string) {
	for i := range names {
		names[i] = "turns[" + strconv.Itoa(i) + "].text"
	}
	return names
}()

// turnName is the name of the part that a turn is.
func turnName(i int) string {
	if i >= 0 && i < len(turns) {
		return turns[i]
	}
	return "turns[" + strconv.Itoa(i) + "].text"
}
