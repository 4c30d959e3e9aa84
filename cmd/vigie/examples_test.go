package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pipeline/eval"
)

func TestExampleEvent(t *testing.T) {
	for _, c := range []struct{ text, kind, data string }{
		{"Je suis malade.", "email", `{"text":"Je suis malade."}`},
		{"Le loyer : 600 euros", "email", `{"text":"Le loyer : 600 euros"}`},
		{
			"agent : êtes-vous malade ?\nclient : oui\net depuis longtemps\n", "transcript",
			`{"turns":[{"speaker":"agent","text":"êtes-vous malade ?"},{"speaker":"customer","text":"oui et depuis longtemps"}]}`,
		},
		{"Client: oui : voilà", "transcript", `{"turns":[{"speaker":"customer","text":"oui : voilà"}]}`},
		{
			"question : ça va ?\nréponse : non\nréponse : si", "survey",
			`{"answers":[{"question":"ça va ?","text":"non"},{"question":"","text":"si"}]}`,
		},
	} {
		record, err := eval.ExampleRecord(c.text)
		if err != nil {
			t.Fatal(err)
		}
		validate(t, record.Value)
		var got struct {
			Type string
			Data any
		}
		var want any
		if err := json.Unmarshal(record.Value, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(c.data), &want); err != nil {
			t.Fatal(err)
		}
		if got.Type != "vigie."+c.kind+".v1" {
			t.Errorf("%q is a %s, want %s", c.text, got.Type, c.kind)
		}
		if diff := cmp.Diff(want, got.Data); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", c.text, diff)
		}
	}
}
