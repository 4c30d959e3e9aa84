package format

import (
	"bytes"

	"github.com/vigie-project/vigie/pkg/event"
)

// How a schema's id stands beside a value.
const (
	framingPrefix = "prefix"
	framingHeader = "header"
)

// Framings lists the values of event.Document.Framing but "".
func Framings() []string { return []string{framingPrefix, framingHeader} }

// unframe takes the schema's id of Confluent's wire format from the front of a
// JSON value: a byte 0, then the id in four bytes, or a byte 1, then a UUID in
// sixteen. Newer serializers write the latter to a header and leave the value
// alone. No JSON text begins with either byte. The schema itself is not asked
// for: it says no more than the value.
// https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
func unframe(r event.Record) (unframed event.Record, framing string) {
	if id := event.HeaderOf(r, "__value_schema_id"); id != "" {
		framing = framingHeader
	}
	for _, prefix := range []struct {
		magic byte
		size  int
	}{{0, 5}, {1, 17}} {
		if len(r.Value) >= prefix.size && r.Value[0] == prefix.magic {
			if rest := r.Value[prefix.size:]; opensJSON(rest) {
				r.Value = rest
				return r, framingPrefix
			}
		}
	}
	return r, framing
}

// opensJSON reports whether a value begins like an object or a list.
func opensJSON(value []byte) bool {
	value = bytes.TrimLeft(bytes.TrimPrefix(value, []byte("\ufeff")), " \t\r\n")
	return len(value) > 0 && (value[0] == '{' || value[0] == '[')
}
