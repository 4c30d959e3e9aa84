package flag

import "github.com/google/uuid"

// namespace is where the ids of everything that vigie writes live (a random
// UUID, fixed for ever: another one would give every flag another id).
var namespace = uuid.MustParse("5dca8429-ba54-4e35-a37d-7cbde09e1779")

// ID returns the id of a judgement: the UUIDv5 (RFC 9562, section 5.5) over
// the event's source, a NUL, its id, a NUL and the ruleset's digest. The same
// event judged by the same rules has the same id, wherever and whenever.
func ID(source, id, digest string) string { return name(source, id, digest) }

// name returns the UUIDv5 of parts with a NUL between them.
func name(parts ...string) string {
	var data []byte
	for i, p := range parts {
		if i > 0 {
			data = append(data, 0)
		}
		data = append(data, p...)
	}
	return uuid.NewSHA1(namespace, data).String()
}
