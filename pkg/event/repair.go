package event

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// bom may stand before JSON, though it should not.
var bom = []byte("\ufeff")

// repair returns value as valid UTF-8, each byte that is not UTF-8 read as
// windows-1252, one code point each, and the number of runs of such bytes.
func repair(value []byte) (repaired []byte, runs int) {
	value = bytes.TrimPrefix(value, bom)
	if valid(value) {
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

// valid is utf8.Valid, for texts of ASCII with other letters in between: it is
// eight bytes at a time again behind each of them.
func valid(s []byte) bool {
	for i := 0; i < len(s); {
		if len(s)-i >= 8 {
			high := binary.LittleEndian.Uint64(s[i:]) & highs
			if high == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(high) / 8
		}
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			i++
		case c >= 0xC2 && c <= 0xDF && i+1 < len(s) && s[i+1]&0xC0 == 0x80:
			i += 2
		default:
			r, size := utf8.DecodeRune(s[i:])
			if r == utf8.RuneError && size == 1 {
				return false
			}
			i += size
		}
	}
	return true
}
