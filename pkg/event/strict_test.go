package event

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// strict reads the fields of an event with encoding/json, into a map of raw
// values at each depth: what it refuses, and how it says so, is what Decode
// must refuse and say.
type strict struct {
	fields map[string]json.RawMessage
	path   string
	class  Class
}

func strictObject(value []byte) (o strict, err *PermanentError) {
	wrong := json.Unmarshal(value, &o.fields)
	var syntax *json.SyntaxError
	switch {
	case errors.As(wrong, &syntax):
		return o, &PermanentError{ClassJSON, fmt.Sprintf("not JSON: broken at byte %d", syntax.Offset)}
	case wrong != nil:
		return o, &PermanentError{ClassEnvelope, "not a JSON object"}
	case o.fields == nil:
		return o, &PermanentError{ClassEnvelope, "null where a JSON object was expected"}
	}
	return o, nil
}

func missing(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || string(raw) == "null"
}

// read reads a field into to, which stays as it is where the field is missing;
// what names the type that it must have.
func (o strict) read(name string, to any, what string) *PermanentError {
	if raw := o.fields[name]; !missing(raw) && json.Unmarshal(raw, to) != nil {
		return &PermanentError{o.class, o.path + name + ": not " + what}
	}
	return nil
}

// texts reads fields that are strings.
func (o strict) texts(names ...string) ([]string, *PermanentError) {
	list := make([]string, len(names))
	for i, name := range names {
		if err := o.read(name, &list[i], "a string"); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// each reads fields of the objects in a required list.
func (o strict) each(list string, fields ...string) (all [][]string, err *PermanentError) {
	if missing(o.fields[list]) {
		return nil, &PermanentError{o.class, o.path + list + ": missing"}
	}
	var elements []json.RawMessage
	if err := o.read(list, &elements, "a list"); err != nil {
		return nil, err
	}
	objects := make([]strict, len(elements))
	for i, raw := range elements {
		path := fmt.Sprintf("%s%s[%d]", o.path, list, i)
		objects[i] = strict{path: path + ".", class: o.class}
		if json.Unmarshal(raw, &objects[i].fields) != nil {
			return nil, &PermanentError{o.class, path + ": not an object"}
		}
	}
	for _, x := range objects {
		texts, err := x.texts(fields...)
		if err != nil {
			return nil, err
		}
		all = append(all, texts)
	}
	return all, nil
}

// parts reads the data of a kind.
func (o strict) parts(doc *Document) *PermanentError {
	tag, err := o.texts("language")
	if err != nil {
		return err
	}
	doc.speak(tag[0])
	switch doc.Kind {
	case Transcript:
		all, err := o.each("turns", "speaker", "text")
		for i, turn := range all {
			voice, ok := map[string]Voice{"customer": Customer, "agent": Agent}[strings.ToLower(strings.TrimSpace(turn[0]))]
			if !ok {
				voice = Unknown
			}
			if invented(turn[1]) {
				voice = Aside
			}
			doc.AddTurn(i, voice, turn[1])
		}
		return err
	case Survey:
		all, err := o.each("answers", "question", "text")
		for i, answer := range all {
			doc.AddAnswer(i, answer[0], answer[1])
		}
		return err
	}
	names := map[Kind][]string{Letter: {"subject", "text"}, Email: {"subject", "text", "html"}, Complaint: {"subject", "text", "declared"}}[doc.Kind]
	texts, err := o.texts(slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "declared" })...)
	if err != nil {
		return err
	}
	doc.head(texts[0])
	if len(texts) > 2 && strings.TrimSpace(texts[1]) == "" && texts[2] != "" {
		doc.Parts = splitHTML(doc.Parts, texts[2])
		return nil
	}
	doc.Parts = splitText(doc.Parts, texts[1])
	if doc.Kind == Complaint {
		if err := o.declared(doc); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(names, func(n string) bool { return !missing(o.fields[n]) }) {
		return &PermanentError{o.class, o.path + strings.Join(names, " and "+o.path) + " missing: there is nothing to read"}
	}
	return nil
}

func (o strict) declared(doc *Document) *PermanentError {
	var list []json.RawMessage
	if err := o.read("declared", &list, "a list"); err != nil {
		return err
	}
	var given []string
	for i, raw := range list {
		var category string
		if json.Unmarshal(raw, &category) != nil {
			return &PermanentError{o.class, fmt.Sprintf("%sdeclared[%d]: not a string", o.path, i)}
		}
		given = append(given, category)
	}
	for _, c := range categories {
		if slices.Contains(given, c) {
			doc.Declared = append(doc.Declared, c)
		}
	}
	return nil
}

// strictDecode is Decode for records from no topic, whose headers are those of
// binaryHeaders or none.
func strictDecode(r Record) (*Document, *PermanentError) {
	if len(bytes.TrimSpace(r.Value)) == 0 {
		return nil, &PermanentError{ClassJSON, "empty value: an event was expected"}
	}
	value, repaired := repair(r.Value)
	var in strict
	var e, optional []string
	var err *PermanentError
	if r.Headers != nil {
		e = []string{"1.0", header(r.Headers, "ce_type"), header(r.Headers, "ce_id"), header(r.Headers, "ce_source"), "", "", ""}
		optional = []string{"", ""}
		in.fields = map[string]json.RawMessage{"data": value}
	} else {
		if in, err = strictObject(value); err != nil {
			return nil, err
		}
		in.class = ClassEnvelope
		version, err := in.texts("specversion")
		if err == nil {
			err = specversion(version[0])
		}
		if err != nil {
			return nil, err
		}
		if e, err = in.texts("specversion", "type", "id", "source", "subject", "datacontenttype", "data_base64"); err != nil {
			return nil, err
		}
		optional = make([]string, 2)
		_ = in.read("time", &optional[0], "")
		_ = in.read("traceparent", &optional[1], "")
	}
	doc := &Document{Type: e[1], ID: e[2], Source: e[3], Subject: e[4], Traceparent: optional[1], Repaired: repaired}
	for i, name := range []string{"type", "id", "source"} {
		if e[i+1] == "" {
			return nil, &PermanentError{ClassEnvelope, name + ": missing or empty"}
		}
	}
	if at, err := time.Parse(time.RFC3339, strings.ToUpper(optional[0])); err == nil {
		doc.Time, doc.At = optional[0], at
	}
	if doc.Kind = kinds[doc.Type].kind; doc.Kind == "" {
		return nil, &PermanentError{ClassType, "none of the known types, vigie.<kind>.v1"}
	}
	o, err := in.data(e[5], e[6])
	if err == nil {
		err = o.parts(doc)
	}
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// data reads the data of an envelope.
func (o strict) data(contentType, encoded string) (data strict, err *PermanentError) {
	if !maybeJSON(contentType) {
		return data, &PermanentError{ClassData, "datacontenttype: not JSON"}
	}
	value := []byte(o.fields["data"])
	if encoded != "" && missing(value) {
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return data, &PermanentError{ClassData, "data_base64: not base64"}
		}
		value, _ = repair(raw)
	}
	if missing(value) {
		return data, &PermanentError{ClassData, "data: missing"}
	}
	if data, err = strictObject(value); err != nil {
		if encoded != "" || err.Class != ClassJSON {
			err.Class = ClassData
		}
		err.Message = "data: " + err.Message
	}
	data.class, data.path = ClassData, "data."
	return data, err
}

// FuzzDecodeLikeStrict holds Decode against what encoding/json makes of the same
// value: the same documents, and the same errors.
func FuzzDecodeLikeStrict(f *testing.F) {
	for _, s := range []string{
		envelopeOf("vigie.letter.v1", letter),
		envelopeOf("vigie.letter.v1", `{"text":1}`), envelopeOf("vigie.letter.v1", `{"text":null}`), envelopeOf("vigie.letter.v1", `[]`),
		envelopeOf("vigie.letter.v1", `{"text":"a","te\u0078t":"b","Text":"c"}`), envelopeOf("vigie.letter.v1", `{"text":"a","text":null,"subject":""}`),
		envelopeOf("vigie.transcript.v1", `{"language":"fr_FR","turns":[{"speaker":"agent","text":"\ud800\n"},null,{"speaker":" Customer","text":"\u00e9"}]}`),
		envelopeOf("vigie.transcript.v1", `{"turns":[{"text":1},2]}`), envelopeOf("vigie.transcript.v1", `{"turns":{}}`), envelopeOf("vigie.transcript.v1", `{}`),
		envelopeOf("vigie.survey.v1", `{"answers":[{"question":"q","text":"t"},{"question":[]}]}`),
		envelopeOf("vigie.complaint.v1", `{"declared":["health","heal\u0074h",null,"x"],"text":"a"}`), envelopeOf("vigie.complaint.v1", `{"declared":[1]}`),
		envelopeOf("vigie.email.v1", `{"text":" ","html":"<p>Oui.</p>"}`), envelopeOf("vigie.email.v1", "{\"text\":\"d\xe9\"}"),
		strings.Replace(envelopeOf("vigie.letter.v1", letter), `"data":`+letter, `"data_base64":"`+base64.StdEncoding.EncodeToString([]byte("\u00a0"+letter))+`"`, 1),
		strings.Replace(envelopeOf("vigie.letter.v1", letter), `"data":`, `"datacontenttype":"text/plain","data":`, 1),
		strings.Replace(envelopeOf("vigie.letter.v1", "null"), `"data"`, `"data_base64":"%","data"`, 1),
		`{"specversion":"1.0"}`, `{"specversion":"0.3"}`, `{"specversion":1}`, " \n{\"a\":01}", "\f{}", "[", "null", "1", "", letter, "\u00a0" + letter,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, r := range []Record{{Value: value}, {Value: value, Headers: binaryHeaders("ce_type", "vigie.email.v1")}} {
			got, wrong := Decode(r)
			want, refused := strictDecode(r)
			if refused != nil {
				if got != nil || !reflect.DeepEqual(wrong, error(refused)) {
					t.Fatalf("%q: %v, want %v", value, wrong, refused)
				}
				continue
			}
			if wrong != nil {
				t.Fatalf("%q: refused: %v", value, wrong)
			}
			if len(got.Parts) == 0 && len(want.Parts) == 0 {
				got.Parts, want.Parts = nil, nil
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%q:\n got %+v\nwant %+v", value, got, want)
			}
		}
	})
}
