package event

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// bom may stand before JSON, though it should not.
var bom = []byte("\ufeff")

// repair returns value as valid UTF-8, each byte that is not UTF-8 read as
// windows-1252, one code point each, and the number of runs of such bytes.
func repair(value []byte) (repaired []byte, runs int) {
	value = bytes.TrimPrefix(value, bom)
	if utf8.Valid(value) {
		return value, 0
	}
	repaired = make([]byte, 0, len(value)+len(value)/8)
	bad := false
	for len(value) > 0 {
		r, size := utf8.DecodeRune(value)
		if r != utf8.RuneError || size > 1 {
			repaired = append(repaired, value[:size]...)
			bad = false
		} else {
			if !bad {
				runs++
			}
			bad = true
			repaired = utf8.AppendRune(repaired, charmap.Windows1252.DecodeByte(value[0]))
		}
		value = value[size:]
	}
	return repaired, runs
}
