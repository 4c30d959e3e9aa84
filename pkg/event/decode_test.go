package event

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// envelopeOf is a structured event with the given type and data.
func envelopeOf(typ, data string) string {
	return `{"specversion":"1.0","id":"e1","source":"/s","type":"` + typ + `","subject":"D-1","time":"2026-11-02T09:00:00+01:00","data":` + data + `}`
}

func binaryHeaders(pairs ...string) []Header {
	all := []Header{{"ce_specversion", []byte("1.0")}, {"ce_id", []byte("b1")}, {"ce_source", []byte("/b")}, {"ce_type", []byte("vigie.letter.v1")}}
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, Header{pairs[i], []byte(pairs[i+1])})
	}
	return all
}

const letter = `{"subject":"Objet","text":"Je suis seule."}`

// summary writes a document's parts as "voice name text".
func summary(d *Document) string {
	lines := make([]string, 0, len(d.Parts))
	for _, p := range d.Parts {
		lines = append(lines, letters[p.Voice]+" "+p.Name+" "+p.Text)
	}
	return strings.Join(lines, "\n")
}

func TestDecodeKinds(t *testing.T) {
	for _, test := range []struct{ name, typ, data, want string }{
		{"transcript", "vigie.transcript.v1",
			`{"turns":[{"speaker":"agent","text":"Bonjour"},{"speaker":" Customer","text":"oui","start_ms":0,"confidence":0.9},{"text":"allô"},{"speaker":"robot","text":"bip"}]}`,
			"G turns[0].text Bonjour\nC turns[1].text oui\nU turns[2].text allô\nU turns[3].text bip"},
		{"turns without text", "vigie.transcript.v1", `{"turns":[{"speaker":"agent"},{"text":null},{"text":" "},null,{"speaker":null,"text":"oui"}]}`, "U turns[4].text oui"},
		{"no turns", "vigie.transcript.v1", `{"turns":[]}`, ""},
		{"silence", "vigie.transcript.v1", `{"turns":[{"text":"Sous-titres réalisés par la communauté d'Amara.org"},{"text":"Sous-titrage Société Radio-Canada"},{"text":"Merci d'avoir regardé cette vidéo !"},{"text":"❤️ par SousTitreur.com"},{"text":"Abonnez-vous !"},{"text":"N'oubliez pas de vous abonner à la chaîne"},{"text":"je regarde la télé avec les sous-titres parce que je suis sourd"},{"text":"merci d'avoir rappelé"}]}`,
			"A turns[0].text Sous-titres réalisés par la communauté d'Amara.org\nA turns[1].text Sous-titrage Société Radio-Canada\nA turns[2].text Merci d'avoir regardé cette vidéo !\nA turns[3].text ❤️ par SousTitreur.com\nA turns[4].text Abonnez-vous !\nA turns[5].text N'oubliez pas de vous abonner à la chaîne\nU turns[6].text je regarde la télé avec les sous-titres parce que je suis sourd\nU turns[7].text merci d'avoir rappelé"},
		{"email text", "vigie.email.v1", `{"subject":"Dossier","text":"Oui.\n> Non ?\n"}`, "C subject Dossier\nC text Oui.\n\nQ text > Non ?\n"},
		{"email in the first person", "vigie.email.v1", `{"subject":"RE: Relance – je n’en peux plus","text":"Oui."}`, "C subject RE: Relance – je n’en peux plus\nC text Oui."},
		{"email forwarded", "vigie.email.v1", `{"subject":"TR: Votre facture","text":"Oui."}`, "Q subject TR: Votre facture\nC text Oui."},
		{"email html", "vigie.email.v1", `{"subject":"RE: Maladie ?","html":"<p>Oui.</p>"}`, "Q subject RE: Maladie ?\nC html Oui.\n"},
		{"email both", "vigie.email.v1", `{"text":"Oui.","html":"<p>Oui.</p>"}`, "C text Oui."},
		{"email blank text", "vigie.email.v1", `{"text":" ","html":"<p>Oui.</p>"}`, "C html Oui.\n"},
		{"letter", "vigie.letter.v1", letter, "C subject Objet\nC text Je suis seule."},
		{"letter, empty", "vigie.letter.v1", `{"subject":"","text":""}`, ""},
		{"survey", "vigie.survey.v1", `{"score":3,"answers":[{"question":"Ça va ?","text":"non"},{"text":"rien"},{"question":"Et ?"}]}`,
			"? answers[0].question Ça va ?\nC answers[0].text non\nC answers[1].text rien\n? answers[2].question Et ?"},
		{"complaint", "vigie.complaint.v1", `{"subject":"Plainte","text":"Voilà.","declared":[]}`, "C subject Plainte\nC text Voilà."},
		{"duplicate keys", "vigie.letter.v1", `{"text":"un","text":"deux"}`, "C text deux"},
	} {
		d, err := Decode(Record{Value: []byte(envelopeOf(test.typ, test.data))})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := summary(d); got != test.want {
			t.Errorf("%s\n--- got\n%s\n--- want\n%s", test.name, got, test.want)
		}
		if want := Kind(strings.Split(test.typ, ".")[1]); d.Kind != want || d.Type != test.typ {
			t.Errorf("%s: kind %s, type %s", test.name, d.Kind, d.Type)
		}
	}
}

func TestDecodeEnvelope(t *testing.T) {
	paris, _ := time.Parse(time.RFC3339, "2026-11-02T09:00:00+01:00")
	origin := &Origin{Topic: "mails", Partition: 3, Offset: 1201, Timestamp: 1750000000000}
	structured := envelopeOf("vigie.letter.v1", letter)
	same := Document{Type: "vigie.letter.v1", Source: "/s", ID: "e1", Subject: "D-1", Time: "2026-11-02T09:00:00+01:00", At: paris}
	with := func(change func(*Document)) Document { d := same; change(&d); return d }
	for _, test := range []struct {
		name string
		r    Record
		want Document
	}{
		{"structured", Record{Value: []byte(structured)}, same},
		{"structured wins by its content type", Record{Value: []byte(structured), Headers: append(binaryHeaders(), Header{"Content-Type", []byte("application/cloudevents+json; charset=utf-8")})}, same},
		{"byte order mark", Record{Value: []byte("\ufeff" + structured)}, same},
		{"base64", Record{Value: []byte(strings.Replace(structured, `"data":`+letter, `"data_base64":"`+base64.StdEncoding.EncodeToString([]byte(letter))+`"`, 1))}, same},
		{"JSON by another name", Record{Value: []byte(strings.Replace(structured, `"data":`, `"datacontenttype":"application/vnd.x+json","data":`, 1))}, same},
		{"no time", Record{Value: []byte(strings.Replace(structured, "2026-11-02T09:00:00+01:00", "hier", 1))}, with(func(d *Document) { d.Time, d.At = "", time.Time{} })},
		{"time of a wrong type", Record{Value: []byte(strings.Replace(structured, `"2026-11-02T09:00:00+01:00"`, "12", 1))}, with(func(d *Document) { d.Time, d.At = "", time.Time{} })},
		{"no subject", Record{Value: []byte(strings.Replace(structured, `"D-1"`, "null", 1))}, with(func(d *Document) { d.Subject = "" })},
		{"trace in the envelope", Record{Value: []byte(strings.Replace(structured, `"id"`, `"traceparent":"00-a","id"`, 1))}, with(func(d *Document) { d.Traceparent = "00-a" })},
		{"trace in a header", Record{Value: []byte(structured), Headers: []Header{{"traceparent", []byte("00-b")}}}, with(func(d *Document) { d.Traceparent = "00-b" })},
		{"Kafka, its own identity", Record{Value: []byte(structured), Origin: origin}, with(func(d *Document) { d.Origin = origin })},
		{"Kafka, no id", Record{Value: []byte(strings.Replace(structured, `"e1"`, `""`, 1)), Origin: origin}, with(func(d *Document) { d.Origin, d.Source, d.ID = origin, "kafka:mails", "3-1201-1750000000000" })},
		{"Kafka, no source", Record{Value: []byte(strings.Replace(structured, `"/s"`, `null`, 1)), Origin: origin}, with(func(d *Document) { d.Origin, d.Source, d.ID = origin, "kafka:mails", "3-1201-1750000000000" })},
		{"binary", Record{Value: []byte(letter), Headers: binaryHeaders("ce_subject", "D-2", "ce_time", "2026-11-02t09:00:00z", "content-type", "application/json")},
			Document{Type: "vigie.letter.v1", Source: "/b", ID: "b1", Subject: "D-2", Time: "2026-11-02t09:00:00z", At: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}},
		{"binary, Kafka, no id", Record{Value: []byte(letter), Headers: binaryHeaders("ce_id", ""), Origin: origin},
			Document{Type: "vigie.letter.v1", Source: "kafka:mails", ID: "3-1201-1750000000000", Origin: origin}},
	} {
		d, err := Decode(test.r)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if summary(d) != "C subject Objet\nC text Je suis seule." {
			t.Errorf("%s: parts %s", test.name, summary(d))
		}
		if !d.At.Equal(test.want.At) {
			t.Errorf("%s: at %v, want %v", test.name, d.At, test.want.At)
		}
		d.Parts, d.Kind, d.At = nil, "", test.want.At
		if !reflect.DeepEqual(*d, test.want) {
			t.Errorf("%s\n got %+v\nwant %+v", test.name, *d, test.want)
		}
	}
}

func TestDecodeLanguageAndDeclared(t *testing.T) {
	for tag, want := range map[string]string{`"fr-FR"`: "fr", `"FR"`: "fr", `"en_GB"`: "en", `""`: "", `null`: ""} {
		d, err := Decode(Record{Value: []byte(envelopeOf("vigie.transcript.v1", `{"language":`+tag+`,"turns":[]}`))})
		if err != nil || d.Language != want {
			t.Errorf("language %s: %v, %v", tag, d, err)
		}
	}
	d, err := Decode(Record{Value: []byte(envelopeOf("vigie.complaint.v1", `{"declared":["capacity","other","health","health"]}`))})
	if err != nil || !reflect.DeepEqual(d.Declared, []string{"health", "capacity"}) {
		t.Errorf("declared: %+v, %v", d, err)
	}
}

func TestDecodeRepairs(t *testing.T) {
	d, err := Decode(Record{Value: []byte(envelopeOf("vigie.letter.v1", "{\"text\":\"d\xe9c\xe8s \x93\x80\x94 é \xc3\"}"))})
	if err != nil {
		t.Fatal(err)
	}
	if got := summary(d); got != "C text décès “€” é Ã" || d.Repaired != 4 {
		t.Errorf("%q with %d repairs, want 4", got, d.Repaired)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		envelopeOf("vigie.letter.v1", letter),
		envelopeOf("vigie.transcript.v1", `{"turns":[{"speaker":"agent","text":"\ud800"}]}`),
		envelopeOf("vigie.survey.v1", `{"answers":[{"question":"q","text":"t"}]}`),
		envelopeOf("vigie.complaint.v1", `{"declared":["health"],"text":"Le 3 a écrit :\n> De : x\n>> y\n-- \nz"}`),
		envelopeOf("vigie.email.v1", `{"html":"<div class=gmail_quote><p>a&eacute;<blockquote>b</div><pre>c\n&#0;&notit;<x "}`),
		envelopeOf("vigie.email.v1", "{\"text\":\"d\xe9\"}"),
		"[", "null",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, r := range []Record{{Value: value}, {Value: value, Headers: binaryHeaders("ce_type", "vigie.email.v1")}} {
			d, err := Decode(r)
			again, _ := Decode(r)
			if !reflect.DeepEqual(d, again) {
				t.Fatal("two readings differ")
			}
			if err != nil {
				var permanent *PermanentError
				if !errors.As(err, &permanent) || d != nil {
					t.Fatalf("%v, %v", d, err)
				}
				continue
			}
			checkCarried(t, r, d)
		}
	})
}

// checkCarried checks the parts of a mail or letter against what the event carries.
func checkCarried(t *testing.T, r Record, d *Document) {
	t.Helper()
	value, _ := repair(r.Value)
	envelope := map[string]json.RawMessage{"data": value}
	if len(r.Headers) == 0 && json.Unmarshal(value, &envelope) != nil {
		return
	}
	var carried map[string]any
	if json.Unmarshal(envelope["data"], &carried) != nil {
		return
	}
	for _, name := range []string{"text", "html"} {
		text, _ := carried[name].(string)
		var parts []Part
		for _, p := range d.Parts {
			if p.Name == name {
				parts = append(parts, p)
			}
		}
		checkParts(t, text, parts)
	}
}
