package eval

import (
	"bytes"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pkg/event"
)

// FuzzRead reads any text as an annotated corpus; each document that is read is
// an event that decodes.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		`{"id":"a-1","kind":"email","lang":"fr","subject":"","body":"x","labels":[{"category":"health","quote":"x"}],"also_ok":[],"urgent":false,"partner":false}`,
		`{"id":"a-2","kind":"transcript","turns":[{"speaker":"agent","text":"x"}],"labels":[]}` + "\n" + `{"id":"a-2"}`,
		`{"id":"a-3","kind":"survey","question":"q","answer":"a","score":3,"labels":[{"category":"life_event","quote":"y"}]}`,
		"\ufeff[]", "{",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Read(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range c.Documents {
			if _, err := event.Decode(d.Record()); err != nil {
				t.Errorf("%s is no event: %v", d.ID, err)
			}
		}
	})
}

// FuzzReadVerdicts reads any two texts as verdicts and flags.
func FuzzReadVerdicts(f *testing.F) {
	f.Add(`{"id":"1","verdict":"confirmed"}`, `{"id":"1","data":{"route":"care","categories":["health"],"findings":[{"factor":"health.a","term":"health.a/00000000","status":"asserted"}]}}`)
	f.Add(`{"id":1}`, `[]`)
	f.Fuzz(func(t *testing.T, verdicts, flags string) {
		v, err := ReadVerdicts(strings.NewReader(verdicts), strings.NewReader(flags))
		if err != nil {
			t.Fatal(err)
		}
		if v.Unknown < 0 || v.All.Confirmed < 0 {
			t.Errorf("%+v", v)
		}
	})
}
