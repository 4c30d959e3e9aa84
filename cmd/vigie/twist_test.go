package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
)

// twist makes a record of a document's event, whose key, case file and id bear
// the mark, and puts some of the documents where nobody expects them: into
// every field of an envelope and of its data, broken, in binary mode, with the
// mark in the name of a field.
func twist(t *testing.T, known *texts, value []byte, n int) fed {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal(value, &e); err != nil {
		t.Fatal(err)
	}
	data := e["data"].(map[string]any)
	text := tell(known, data)
	name := func(what string) string { return fmt.Sprintf("%s-%s-%d", mark, what, n) }
	e["id"], e["subject"] = name("id"), name("case")
	inputs := config.Default().Topics.Inputs
	r := fed{topic: inputs[n%len(inputs)], key: name("key")}
	r.headers = append(r.headers, kafkago.Header{Key: "upstream", Value: []byte(name("header") + " " + text)})
	if n%10 == 0 {
		r.headers = append(r.headers, kafkago.Header{Key: "traceparent", Value: fmt.Appendf(nil, "00-%032x-%016x-01", n+1, n+1)})
	}
	broken, binary := false, false
	switch n % 60 {
	case 0:
		broken = true
	case 1:
		e["type"] = "vigie.fax.v1"
	case 2:
		e["type"] = text
	case 3:
		e["data"] = text
	case 4:
		e["specversion"] = text
	case 5:
		e["time"] = text
	case 6:
		data["language"] = text
	case 7:
		e["datacontenttype"] = text
	case 8:
		e["data_base64"], e["data"] = text, nil
	case 9:
		e["type"], data["text"] = "vigie.letter.v1", []string{text}
	case 10:
		e["type"], data["turns"] = "vigie.transcript.v1", []any{map[string]any{"speaker": text, "text": map[string]any{text: text}}}
	case 11:
		e["type"], data["turns"] = "vigie.transcript.v1", []any{map[string]any{"speaker": text, "text": text}}
	case 12:
		e["type"], data["declared"] = "vigie.complaint.v1", []string{"health", text, name("declared")}
	case 13:
		delete(e, "id")
	case 14:
		e["id"] = map[string]any{"text": text}
	case 15:
		e["traceparent"] = text
	case 16:
		e[name("field")], data[text] = text, text
	case 17:
		binary = true
	case 18:
		e["subject"] = []string{text}
	case 19:
		e["type"], data["html"] = "vigie.email.v1", "<p title=\""+name("html")+"\">"+text
	}
	var err error
	if r.value, err = json.Marshal(e); err != nil {
		t.Fatal(err)
	}
	if broken {
		r.value = r.value[:len(r.value)-3]
	}
	if binary {
		for _, key := range []string{"specversion", "id", "source", "type", "subject", "time"} {
			r.headers = append(r.headers, kafkago.Header{Key: "ce_" + key, Value: fmt.Append(nil, e[key])})
		}
		if r.value, err = json.Marshal(data); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// tell tells known every string in data and returns the longest.
func tell(known *texts, data any) (longest string) {
	longer := func(s string) {
		if len(s) > len(longest) {
			longest = s
		}
	}
	switch v := data.(type) {
	case string:
		known.add(v)
		return v
	case []any:
		for _, x := range v {
			longer(tell(known, x))
		}
	case map[string]any:
		for _, x := range v {
			longer(tell(known, x))
		}
	}
	return strings.TrimSpace(longest)
}
