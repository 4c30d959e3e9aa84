package flag

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is read back is the flag, byte for byte, whatever else stands beside it.
func TestParse(t *testing.T) {
	f := exampleFlag()
	f.Supersedes, f.Replay = "other", true
	value := string(f.AppendJSON(nil))
	later := strings.Replace(value, `"data":{`, `"extension":[1],"data":{"later":{"a":1},`, 1)
	for name, text := range map[string]string{"as written": value, "with fields of a later version": later} {
		got, err := Parse([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(value, string(got.AppendJSON(nil))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestParseNoFlag(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `{`, `{"type":"vigie.retraction.v1"}`, `{"type":"vigie.flag.v1","data":"Madame Dupont"}`,
	} {
		_, err := Parse([]byte(text))
		if !errors.Is(err, ErrNoFlag) || strings.Contains(err.Error(), "Dupont") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
