package event

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// envelope holds the CloudEvents attributes that count here, and the data.
type envelope struct {
	id, source, typ, subject, time, traceparent string
	contentType                                 string
	// data is the value of a binary event; base64 and fields, which holds "data",
	// are those of a structured one.
	data   []byte
	base64 string
	fields object
}

// envelopeSize is how many bytes the texts of an envelope have at most, most
// often.
const envelopeSize = 256

// headerPrefix begins the headers that carry attributes in binary mode.
const headerPrefix = "ce_"

func header(headers []Header, key string) string {
	value := ""
	for _, h := range headers {
		if strings.EqualFold(h.Key, key) {
			text, _ := repair(h.Value)
			value = string(text)
		}
	}
	return value
}

// binaryMode reports whether the attributes are in the headers: some are, and
// the content type does not say otherwise.
func binaryMode(headers []Header) bool {
	if strings.HasPrefix(strings.ToLower(header(headers, "content-type")), "application/cloudevents") {
		return false
	}
	for _, h := range headers {
		if len(h.Key) > len(headerPrefix) && strings.EqualFold(h.Key[:len(headerPrefix)], headerPrefix) {
			return true
		}
	}
	return false
}

func readBinary(headers []Header, value []byte) (envelope, *PermanentError) {
	get := func(name string) string { return header(headers, headerPrefix+name) }
	e := envelope{
		id: get("id"), source: get("source"), typ: get("type"), subject: get("subject"), time: get("time"),
		traceparent: get("traceparent"), contentType: header(headers, "content-type"), data: value,
	}
	return e, specversion(get("specversion"))
}

func specversion(v string) *PermanentError {
	switch v {
	case "1.0":
		return nil
	case "":
		return &PermanentError{ClassEnvelope, "specversion: missing; is the value a CloudEvent?"}
	}
	return &PermanentError{ClassEnvelope, "specversion: not 1.0"}
}

func readStructured(t *tape, value []byte) (envelope, *PermanentError) {
	var e envelope
	o, err := parseObject(t, value)
	if err != nil {
		return e, err
	}
	o.class = ClassEnvelope
	// What the envelope says is kept as long as a flag is, in memory of its own.
	t.room(envelopeSize)
	version, err := o.string("specversion")
	if err == nil {
		err = specversion(version)
	}
	for _, f := range [...]struct {
		name string
		to   *string
	}{{"type", &e.typ}, {"id", &e.id}, {"source", &e.source}, {"subject", &e.subject}, {"datacontenttype", &e.contentType}} {
		if err == nil {
			*f.to, err = o.string(f.name)
		}
	}
	if err != nil {
		return e, err
	}
	// A clock that is wrong, or a trace, is no reason to leave a person unread.
	e.time, _ = o.string("time")
	e.traceparent, _ = o.string("traceparent")
	t.room(0)
	e.base64, err = o.string("data_base64")
	e.fields = o
	return e, err
}

// object returns the event's data as a JSON object, read on t where that does
// not hold it yet.
func (e *envelope) object(t *tape) (object, *PermanentError) {
	if !maybeJSON(e.contentType) {
		return object{}, &PermanentError{ClassData, "datacontenttype: not JSON"}
	}
	data, of := e.data, "data: "
	if e.fields.tape != nil {
		n := e.fields.find("data")
		switch {
		case n >= 0 && t.nodes[n].kind == jsonObject:
			return object{tape: t, node: n, path: "data", class: ClassData}, nil
		case n >= 0:
			return object{}, &PermanentError{ClassData, of + "not a JSON object"}
		case e.base64 != "":
			raw, err := base64.StdEncoding.DecodeString(e.base64)
			if err != nil {
				return object{}, &PermanentError{ClassData, "data_base64: not base64"}
			}
			data, _ = repair(raw)
		}
	}
	if bare := bytes.TrimSpace(data); len(bare) == 0 || string(bare) == "null" {
		return object{}, &PermanentError{ClassData, "data: missing"}
	}
	o, err := parseObject(t, data)
	if err != nil {
		if e.base64 != "" || err.Class != ClassJSON {
			err.Class = ClassData
		}
		err.Message = of + err.Message
		return object{}, err
	}
	o.class, o.path = ClassData, "data"
	return o, nil
}

// maybeJSON reports whether a content type leaves open that the data is JSON.
func maybeJSON(contentType string) bool {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	media = strings.TrimSpace(media)
	return media == "" || media == "application/octet-stream" || strings.Contains(media, "json")
}
