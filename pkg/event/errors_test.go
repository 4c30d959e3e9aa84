package event

import (
	"errors"
	"strings"
	"testing"
)

func TestDecodeErrors(t *testing.T) {
	structured := envelopeOf("vigie.letter.v1", letter)
	replace := func(old, by string) Record {
		if !strings.Contains(structured, old) {
			t.Fatalf("no %s in the sample", old)
		}
		return Record{Value: []byte(strings.Replace(structured, old, by, 1))}
	}
	data := func(kind, data string) Record { return Record{Value: []byte(envelopeOf("vigie."+kind+".v1", data))} }
	binary := func(value string, pairs ...string) Record {
		return Record{Value: []byte(value), Headers: binaryHeaders(pairs...)}
	}
	for name, test := range map[string]struct {
		r       Record
		class   Class
		message string // a part of it
	}{
		"empty":                      {Record{}, ClassJSON, "empty value"},
		"blank":                      {Record{Value: []byte(" \n")}, ClassJSON, "empty value"},
		"no JSON":                    {Record{Value: []byte("bonjour")}, ClassJSON, "byte 1"},
		"cut short":                  {Record{Value: []byte(structured[:80])}, ClassJSON, "byte"},
		"more behind":                {Record{Value: []byte(structured + "{}")}, ClassJSON, "byte"},
		"too deep":                   {Record{Value: []byte(strings.Repeat("[", 20000) + strings.Repeat("]", 20000))}, ClassJSON, "byte"},
		"too deep in data":           {data("letter", `{"x":`+strings.Repeat("[", 20000)+strings.Repeat("]", 20000)+`}`), ClassJSON, "byte"},
		"a list":                     {Record{Value: []byte("[1]")}, ClassEnvelope, "object"},
		"null":                       {Record{Value: []byte("null")}, ClassEnvelope, "object"},
		"no envelope":                {Record{Value: []byte(letter)}, ClassEnvelope, "specversion"},
		"no id":                      {replace(`"e1"`, `""`), ClassEnvelope, "id"},
		"no source":                  {replace(`"/s"`, `null`), ClassEnvelope, "source"},
		"no type":                    {replace(`"vigie.letter.v1"`, `""`), ClassEnvelope, "type"},
		"no type in Kafka":           {Record{Value: replace(`"vigie.letter.v1"`, `""`).Value, Origin: &Origin{}}, ClassEnvelope, "type"},
		"id of a wrong type":         {replace(`"e1"`, `7`), ClassEnvelope, "id"},
		"subject of a wrong type":    {replace(`"D-1"`, `{}`), ClassEnvelope, "subject"},
		"other version":              {replace(`"1.0"`, `"0.3"`), ClassEnvelope, "specversion"},
		"binary, no version":         {binary(letter, "ce_specversion", ""), ClassEnvelope, "specversion"},
		"binary, no id":              {binary(letter, "ce_id", ""), ClassEnvelope, "id"},
		"binary, no JSON":            {binary("bonjour"), ClassJSON, "byte"},
		"binary, empty":              {binary(""), ClassJSON, "empty value"},
		"binary, a list":             {binary("[]"), ClassData, "data"},
		"binary, XML":                {binary(letter, "content-type", "application/xml"), ClassData, "datacontenttype"},
		"unknown type":               {replace(`vigie.letter.v1`, `vigie.letter.v9`), ClassType, "type"},
		"no data":                    {replace(`"data":`, `"date":`), ClassData, "data"},
		"data is a string":           {data("letter", `"x"`), ClassData, "data"},
		"data is not JSON":           {replace(`"data":`, `"datacontenttype":"text/plain","data":`), ClassData, "datacontenttype"},
		"bad base64":                 {replace(`"data":`+letter, `"data_base64":"é"`), ClassData, "data_base64"},
		"base64 of no JSON":          {replace(`"data":`+letter, `"data_base64":"eA=="`), ClassData, "data"},
		"no turns":                   {data("transcript", `{}`), ClassData, "data.turns"},
		"turns of a wrong type":      {data("transcript", `{"turns":{}}`), ClassData, "data.turns"},
		"turn of a wrong type":       {data("transcript", `{"turns":[{},"x"]}`), ClassData, "data.turns[1]"},
		"text of a wrong type":       {data("transcript", `{"turns":[{"text":12}]}`), ClassData, "data.turns[0].text"},
		"speaker of a wrong type":    {data("transcript", `{"turns":[{"speaker":1,"text":"x"}]}`), ClassData, "data.turns[0].speaker"},
		"language of a wrong type":   {data("transcript", `{"language":1,"turns":[]}`), ClassData, "data.language"},
		"nothing in a mail":          {data("email", `{}`), ClassData, "data.html"},
		"html of a wrong type":       {data("email", `{"html":[]}`), ClassData, "data.html"},
		"subject of data":            {data("email", `{"subject":1}`), ClassData, "data.subject"},
		"nothing in a letter":        {data("letter", `{"html":"x"}`), ClassData, "data.text"},
		"no answers":                 {data("survey", `{"score":1}`), ClassData, "data.answers"},
		"question of a wrong type":   {data("survey", `{"answers":[{"question":1}]}`), ClassData, "data.answers[0].question"},
		"answer of a wrong type":     {data("survey", `{"answers":[{"text":[]}]}`), ClassData, "data.answers[0].text"},
		"declared of a wrong type":   {data("complaint", `{"declared":"health"}`), ClassData, "data.declared"},
		"declared item, wrong type":  {data("complaint", `{"declared":["health",1]}`), ClassData, "data.declared[1]"},
		"nothing in a complaint":     {data("complaint", `{}`), ClassData, "data.declared"},
		"binary, type with a secret": {binary(letter, "ce_type", "secret"), ClassType, "type"},
	} {
		doc, err := Decode(test.r)
		var permanent *PermanentError
		if !errors.As(err, &permanent) || doc != nil {
			t.Errorf("%s: %v, %v", name, doc, err)
			continue
		}
		if permanent.Class != test.class || !strings.Contains(permanent.Message, test.message) {
			t.Errorf("%s: %v, want class %s and %q", name, err, test.class, test.message)
		}
		if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "bonjour") {
			t.Errorf("%s: the error quotes the value: %v", name, err)
		}
	}
}
