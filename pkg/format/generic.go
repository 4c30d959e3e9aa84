package format

import (
	"encoding/json"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// genericJSON is an object whose fields the configuration names:
// https://www.rfc-editor.org/rfc/rfc8259.
var genericJSON = Format{
	Name:    "json",
	Reads:   "a JSON object; columns says which fields hold what, with a dot between levels",
	Speaker: "the person who answers or writes",
	Time:    "the column time; without one none",
	ID:      "the column id; else the place in Kafka, of a file's value its SHA-256",
	Spec:    "https://www.rfc-editor.org/rfc/rfc8259",
	kinds:   mappable,
	takes:   []string{optionKind, optionColumns, optionZone},
	json:    true,
	unfit:   unmapped,
	read:    readGenericJSON,
	split:   jsonOrLines,
}

func readGenericJSON(r *Reader, value []byte) (*content, *event.PermanentError) {
	var root map[string]json.RawMessage
	if err := parse(value, &root); err != nil {
		return nil, err
	}
	return r.mapped(func(path string) (string, bool) {
		at, found := json.RawMessage(value), path != ""
		for name := range strings.SplitSeq(path, ".") {
			var object map[string]json.RawMessage
			if json.Unmarshal(at, &object) != nil {
				return "", false
			}
			if at, found = object[name]; !found {
				return "", false
			}
		}
		var text label
		if !found || json.Unmarshal(at, &text) != nil {
			return "", false // a list or an object is no text
		}
		return string(text), true
	})
}
