package format

import (
	"errors"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pkg/event"
)

const columnsOfASurvey = `"columns":{"id":"id","answers":["a"]}`

// TestBadValues: what is no value of its format is refused with its class and
// the format's name, and without a word of it.
func TestBadValues(t *testing.T) {
	for _, test := range []struct {
		options, value string
		class          event.Class
		want           string
	}{
		{`"whisper"`, `secret`, event.ClassJSON, "whisper: not JSON: broken at byte 1"},
		{`"whisper"`, ` `, event.ClassFormat, "whisper: the value is empty"},
		{`"whisper"`, `null`, event.ClassFormat, "whisper: segments: missing"},
		{`"whisper"`, `["secret"]`, event.ClassFormat, "whisper: not an object"},
		{`"whisper"`, `{"segments":"secret"}`, event.ClassFormat, "whisper: segments: not a list"},
		{`"whisper"`, `{"segments":[{"text":33}]}`, event.ClassFormat, "whisper: segments.text: not a string"},
		{`"whisperx"`, `{"segments":[{"speaker":{"secret":1}}]}`, event.ClassFormat, "whisperx: segments.speaker: not a string"},
		{`"webvtt"`, "secret", event.ClassFormat, "webvtt: the value does not begin with WEBVTT"},
		{`"srt"`, "secret", event.ClassFormat, "srt: no cue"},
		{`"contact-lens"`, `{"secret":1}`, event.ClassFormat, "contact-lens: Transcript and Segments: missing"},
		{`"contact-lens"`, `{"segments":[{"text":"secret"}]}`, event.ClassFormat, "contact-lens: Segments.Transcript: missing"},
		{`"whisper"`, `{"Segments":[{"Transcript":{"Content":"secret"}}]}`, event.ClassFormat, "whisper: segments.text: missing"},
		{`"google-speech"`, `{"results":{"secret":[]}}`, event.ClassFormat, "google-speech: results: not a list"},
		{`"genesys"`, `{"transcripts":{}}`, event.ClassFormat, "genesys: transcripts: not a list"},
		{`"genesys"`, `{}`, event.ClassFormat, "genesys: transcripts: missing"},
		{`"deepgram"`, `{}`, event.ClassFormat, "deepgram: results: missing"},
		{`"google-speech"`, `{}`, event.ClassFormat, "google-speech: results: missing"},
		{`"azure-batch"`, `{}`, event.ClassFormat, "azure-batch: recognizedPhrases: missing"},
		{`"rfc5322"`, `secret`, event.ClassFormat, "rfc5322: not a mail"},
		{`"rfc5322"`, "Subject: a\r\n" + strings.Repeat("Content-Type: multipart/mixed\r\n", 1500) + strings.Repeat("secret\r\n", 12_000), event.ClassFormat, "rfc5322: too many nested parts"},
		{`"rfc5322"`, `{"secret": "a: b"}`, event.ClassFormat, "rfc5322: not a mail"},
		{`"qualtrics"`, "a,b\nsecret,b\nc,d\ne,f\n", event.ClassFormat, "qualtrics: the third row does not say"},
		{`"qualtrics"`, "a\nb\n", event.ClassFormat, "qualtrics: the header (3 rows) and one row below it are expected, it has 2 rows"},
		{`{"format":"csv",` + columnsOfASurvey + `}`, "id,a\n1,secret\n2,c\n", event.ClassFormat, "csv: 2 rows below the header: send one row a value"},
		{`{"format":"csv",` + columnsOfASurvey + `}`, "id,b\n1,secret\n", event.ClassFormat, "csv: none of the columns that hold text is there: [\"a\"]"},
		{`{"format":"csv",` + columnsOfASurvey + `}`, "id,a\n", event.ClassFormat, "csv: the header (1 row) and one row below it are expected, it has 1 row"},
		{`{"format":"json",` + columnsOfASurvey + `}`, `{"id":1,"a":["secret"]}`, event.ClassFormat, "json: none of the columns"},
		{`{"format":"json",` + columnsOfASurvey + `}`, `"secret"`, event.ClassFormat, "json: not an object"},
	} {
		origin := &event.Origin{Topic: "t"}
		d, err := Decode(event.Record{Value: []byte(test.value), Origin: origin}, reader(t, test.options))
		var permanent *event.PermanentError
		if !errors.As(err, &permanent) {
			t.Errorf("%s %q: %v, %v", test.options, test.value, d, err)
			continue
		}
		if permanent.Class != test.class || !strings.HasPrefix(permanent.Message, test.want) || strings.Contains(permanent.Message, "secret") {
			t.Errorf("%s %q: %v, want %s: %s", test.options, test.value, permanent, test.class, test.want)
		}
	}
}

// TestFrames: a schema's id is taken from the front of JSON of every format, and
// of JSON alone.
func TestFrames(t *testing.T) {
	v0, v1 := "\x00\x00\x00\x01\x2c", "\x01ABCDEFGHIJKLMNOP"
	ce := `{"specversion":"1.0","id":"1","source":"/s","type":"vigie.letter.v1","data":{"text":"bonjour"}}`
	whisper := `{"text":"bonjour"}`
	id := []event.Header{{Key: "__value_schema_id", Value: []byte(v1)}}
	for _, test := range []struct {
		name, options, value, framing string
		headers                       []event.Header
		bad                           bool
	}{
		{name: "CloudEvent", value: v0 + ce, framing: "prefix"},
		{name: "CloudEvent, UUID", value: v1 + ce, framing: "prefix"},
		{name: "CloudEvent, header", value: ce, framing: "header", headers: id},
		{name: "CloudEvent, bare", value: ce},
		{name: "binary", value: v0 + ` {"text":"bonjour"}`, framing: "prefix", headers: []event.Header{
			{Key: "ce_specversion", Value: []byte("1.0")}, {Key: "ce_id", Value: []byte("1")}, {Key: "ce_source", Value: []byte("/s")}, {Key: "ce_type", Value: []byte("vigie.letter.v1")}}},
		{name: "foreign", options: `"whisper"`, value: v0 + whisper, framing: "prefix"},
		{name: "no JSON behind it", value: v0 + "bonjour", bad: true},
		{name: "too short", value: "\x00\x00", bad: true},
		{name: "no JSON format", options: `"webvtt"`, value: v0 + "WEBVTT\n", bad: true},
	} {
		var r *Reader
		if test.options != "" {
			r = reader(t, test.options)
		}
		d, err := Decode(event.Record{Value: []byte(test.value), Headers: test.headers}, r)
		if test.bad {
			if err == nil {
				t.Errorf("%s: it is read", test.name)
			}
			continue
		}
		if err != nil || d.Framing != test.framing || len(d.Parts) != 1 || d.Parts[0].Text != "bonjour" {
			t.Errorf("%s: %+v, %v", test.name, d, err)
		}
	}
}

// TestTurns: which segments are one turn, and whose.
func TestTurns(t *testing.T) {
	for _, test := range []struct{ name, options, value, want string }{
		{"nobody says who", `"whisper"`, `{"segments":[{"text":"vous dormez où ?","start":0,"end":1},{"text":"dehors","start":1,"end":2},{"text":"depuis lundi","start":2.5,"end":3},{"text":"ah","start":4.6,"end":5}]}`,
			"U vous dormez où ?|U dehors depuis lundi|U ah"},
		{"the first is the agent", `{"format":"whisperx","first_speaker":"agent"}`, `{"segments":[{"text":"a","speaker":"X"},{"text":"b","speaker":"Y"},{"text":"c","speaker":"Z"},{"text":"d","speaker":"X"}]}`,
			"G a|C b|U c|G d"},
		{"the first is the customer", `{"format":"whisperx","first_speaker":"customer"}`, `{"segments":[{"text":"a","speaker":1},{"text":"b","speaker":2}]}`, "C a|G b"},
		{"a named one wins", `{"format":"whisperx","first_speaker":"agent","speakers":{"y":"agent"}}`, `{"segments":[{"text":"a","speaker":"Y"},{"text":"b","speaker":"X"}]}`, "G a|G b"},
		{"the format's role wins", `{"format":"genesys","speakers":{"external":"agent"}}`, `{"transcripts":[{"phrases":[{"text":"a","participantPurpose":"external"}]}]}`, "C a"},
		{"Google, streamed: every result repeats", `"google-speech"`,
			`{"results":[{"alternatives":[{"words":[{"word":"un","startTime":"1s","speakerTag":1}]}]},{"alternatives":[{"words":[{"word":"un","startTime":"1s","speakerTag":1},{"word":"deux","startTime":"2s","speakerTag":2}]}]}]}`, "U un|U deux"},
		{"Google without words", `"google-speech"`, `{"results":[{"alternatives":[{"transcript":"un."}]},{"alternatives":[]},{"alternatives":[{"transcript":"deux"}]}]}`, "U un.|U deux"},
		{"WebVTT in SubRip's place", `{"format":"srt","first_speaker":"agent"}`, "WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>a\n\n00:01.000 --> 00:02.000\n<v B>b\n", "G a|C b"},
		{"Genesys, a leg each", `"genesys"`, `{"transcripts":[{"phrases":[{"text":"un","startTimeMs":1000,"participantPurpose":"internal"},{"text":"trois","startTimeMs":3000,"participantPurpose":"internal"}]},{"phrases":[{"text":"deux","startTimeMs":2000,"participantPurpose":"external"}]}]}`, "G un|C deux|G trois"},
	} {
		d, err := Decode(event.Record{Value: []byte(test.value)}, reader(t, test.options))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var got []string
		for _, p := range d.Parts {
			got = append(got, letters[p.Voice]+" "+p.Text)
		}
		if g := strings.Join(got, "|"); g != test.want {
			t.Errorf("%s: %s, want %s", test.name, g, test.want)
		}
	}
}

// TestColumns: a mapping that would read nothing is refused.
func TestColumns(t *testing.T) {
	for _, options := range []string{
		`"csv"`, `{"format":"csv","columns":{}}`, `{"format":"json","columns":{"text":"t"}}`,
		`{"format":"json","kind":"letter","columns":{"answers":["t"]}}`, `{"format":"json","kind":"transcript","columns":{"text":"t"}}`,
	} {
		o, err := ParseOptions([]byte(options))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(o); err == nil {
			t.Errorf("%s is taken", options)
		}
	}
}
