package format

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pkg/event"
)

var update = flag.Bool("update", false, "write what is read now into the golden files and docs/formats.md")

// sample is a file of testdata with how its topic is configured, and what it
// shows, for docs/formats.md.
type sample struct {
	file, options, shows string
}

// samplesOf lists the samples; each has a golden file beside it.
var samplesOf = []sample{
	{"contact-lens.json", `"contact-lens"`, "a call that is over: roles, a sentence cut in two"},
	{"contact-lens-realtime.jsonl", `"contact-lens"`, "four events of a stream: one without segments, partial utterances, final segments, the end"},
	{"genesys.json", `"genesys"`, "internal, external, a machine's voice, a phrase without a purpose, phrases without punctuation"},
	{"deepgram-utterances.json", `{"format":"deepgram","speakers":{"0":"agent","1":"customer"}}`, "utterances with speakers, the words beside them not read twice"},
	{"deepgram-words.json", `{"format":"deepgram","first_speaker":"agent"}`, "words with speakers"},
	{"deepgram-channels.json", `{"format":"deepgram","speakers":{"channel 0":"agent","channel 1":"customer"}}`, "two channels, put into the order of the call"},
	{"google-v1-diarised.json", `{"format":"google-speech","first_speaker":"agent"}`, "an operation; the words of all results again in the last one, with their speakers"},
	{"google-v2.json", `{"format":"google-speech","speakers":{"1":"agent","2":"customer"}}`, "words with labels in each result"},
	{"azure-batch.json", `{"format":"azure-batch","speakers":{"1":"agent","2":"customer"}}`, "speakers, a second hypothesis, a silence"},
	{"azure-channels.json", `{"format":"azure-batch","speakers":{"channel 0":"agent","channel 1":"customer"}}`, "phrases by channel, put into the order of the call"},
	{"azure-fast.json", `{"format":"azure-batch","first_speaker":"agent"}`, "the result of a fast transcription"},
	{"whisper.json", `"whisper"`, "text invented in silence, a sentence cut in two, a segment of silence"},
	{"whisperx.json", `{"format":"whisperx","speakers":{"speaker_00":"agent","SPEAKER_01":"customer"}}`,
		"words without start or speaker, two speakers in one segment, a segment without one"},
	{"webvtt.vtt", `{"format":"webvtt","first_speaker":"agent"}`, "voices, classes, entities, tags, times among words, two voices in a cue, comments, a cue without a voice"},
	{"srt.srt", `{"format":"srt","speakers":{"Conseillère":"agent","cliente":"customer"}}`, "names before a colon, placement, tags, a dialogue with dashes"},
	{"mail-multipart.eml", `"rfc5322"`, "text and HTML of one mail, quoted-printable in ISO-8859-1, base64, an encoded subject, a quoted mail, a signature, an attachment"},
	{"mail-html.eml", `"rfc5322"`, "HTML alone in windows-1252, a quotation"},
	{"mail-forwarded.eml", `"rfc5322"`, "a forwarded mail; neither date, id nor charset"},
	{"mail-related.eml", `{"format":"rfc5322","kind":"complaint"}`, "the first line of a mailbox file, HTML with an image, text added below it"},
	{"qualtrics.csv", `"qualtrics"`, "three header rows, two answers, line breaks and quotation marks in a cell, a zone"},
	{"survey.csv", `{"format":"csv","columns":{"id":"Numéro","time":"Date","case":"Dossier","answers":["Commentaire","Suggestion"]}}`,
		"semicolons, windows-1252, French dates"},
	{"complaints.json", `{"format":"json","kind":"complaint","columns":{"id":"reference","time":"received","case":"customer.file","language":"customer.locale","subject":"message.title","text":"message.body"}}`,
		"fields inside objects, a number as id"},
}

// reader returns the reader of options in JSON.
func reader(t testing.TB, options string) *Reader {
	t.Helper()
	o, err := ParseOptions([]byte(options))
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// values returns the values of a sample.
func values(t testing.TB, s sample) []Value {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", s.file))
	if err != nil {
		t.Fatal(err)
	}
	list, err := reader(t, s.options).Values(data)
	if err != nil {
		t.Fatalf("%s: %v", s.file, err)
	}
	return list
}

// letters are the voices as the golden files have them.
var letters = map[event.Voice]string{
	event.Customer: "C", event.Unknown: "U", event.Agent: "G", event.Quoted: "Q", event.Question: "?", event.Aside: "A",
}

// told writes a document as the golden files have it.
func told(d *event.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, source %q, id %q, case %q, time %q, language %q, repaired %d\n",
		d.Type, d.Source, d.ID, d.Subject, d.Time, d.Language, d.Repaired)
	for _, p := range d.Parts {
		fmt.Fprintf(&b, "  %s %s %q\n", letters[p.Voice], p.Name, p.Text)
	}
	return b.String()
}

// TestSamples reads every sample and compares with its golden file.
func TestSamples(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range samplesOf {
		t.Run(s.file, func(t *testing.T) {
			r := reader(t, s.options)
			seen[r.format.Name] = true
			var b strings.Builder
			for _, v := range values(t, s) {
				d, err := Decode(event.Record{Value: v.Data}, r)
				if err != nil {
					t.Fatalf("value at %d: %v", v.Place, err)
				}
				b.WriteString(told(d))
			}
			golden := filepath.Join("testdata", s.file+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("--- got\n%s--- want\n%s", b.String(), want)
			}
		})
	}
	for _, name := range Names() {
		if name != Default && !seen[name] {
			t.Errorf("no sample of %s", name)
		}
	}
}

// TestIdentity: the headers of a CloudEvent win, then the value's own id, then
// the place in Kafka, then a file's hash; no name of a file is in any.
func TestIdentity(t *testing.T) {
	value := []byte(`{"text":"je suis malade"}`)
	origin := &event.Origin{Topic: "calls", Partition: 2, Offset: 7, Timestamp: 99}
	ce := []event.Header{{Key: "ce_id", Value: []byte("e1")}, {Key: "ce_source", Value: []byte("/s")},
		{Key: "ce_subject", Value: []byte("D-1")}, {Key: "ce_time", Value: []byte("2026-11-02T09:00:00Z")}, {Key: "traceparent", Value: []byte("00-a")}}
	for _, test := range []struct {
		name, options string
		record        event.Record
		want          string
	}{
		{"place", `"whisper"`, event.Record{Origin: origin}, "kafka:calls 2-7-99 "},
		{"headers", `"whisper"`, event.Record{Origin: origin, Headers: ce}, "/s e1 D-1"},
		{"headers without an id", `"whisper"`, event.Record{Origin: origin, Headers: ce[1:]}, "kafka:calls 2-7-99 D-1"},
		{"hash", `"whisper"`, event.Record{}, "file sha256:3a0eb6d6d35db4f4e29d3ae9b37c2c3e6e11cd8f4d7fdd5a2bd2b4b3e6b5bd2c "},
	} {
		test.record.Value = value
		d, err := Decode(test.record, reader(t, test.options))
		if err != nil {
			t.Fatal(err)
		}
		got := d.Source + " " + d.ID + " " + d.Subject
		if test.name == "hash" {
			if !strings.HasPrefix(got, "file sha256:") || len(d.ID) != len("sha256:")+64 {
				t.Errorf("%s: %s", test.name, got)
			}
			continue
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		if test.name == "headers" && (d.Time != "2026-11-02T09:00:00Z" || d.Traceparent != "00-a") {
			t.Errorf("time %q, trace %q", d.Time, d.Traceparent)
		}
	}
}

// TestOptions: what is wrong with options is said, all at once.
func TestOptions(t *testing.T) {
	for _, test := range []struct{ options, want string }{
		{`"wisper"`, `"wisper" is none of cloudevents, `},
		{`{"format":"whisper","speeker":{}}`, `unknown field "speeker"`},
		{`{"format":"whisper","speakers":{"a":"boss"}}`, `speakers.a: "boss" is none of customer, agent, unknown`},
		{`{"format":"whisper","first_speaker":"unknown","time_zone":"Paris"}`, `first_speaker: "unknown" is neither customer nor agent`},
		{`{"format":"whisper","time_zone":"Paris"}`, `"Paris" is no time zone`},
		{`{"format":"whisper","columns":{}}`, `columns: the format whisper has no such option`},
		{`{"format":"whisper","kind":"letter"}`, `kind: the format whisper has no such option`},
		{`{"format":"cloudevents","language":"fr"}`, `the format cloudevents says its own`},
		{`{"format":1}`, `format: not a string`},
	} {
		o, err := ParseOptions([]byte(test.options))
		if err == nil {
			_, err = New(o)
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.options, err, test.want)
		}
	}
}

// TestTopicsJSON: topics of CloudEvents are not part of the rules, and what is
// written is read back.
func TestTopicsJSON(t *testing.T) {
	if data, err := (Topics{"a": {Format: Default}}).JSON(); data != nil || err != nil {
		t.Errorf("%s, %v", data, err)
	}
	data, err := Topics{"a": {Format: Default}, "b": {Format: "srt", FirstSpeaker: "agent"}}.JSON()
	if err != nil || string(data) != `{"b":{"format":"srt","first_speaker":"agent"}}` {
		t.Errorf("%s, %v", data, err)
	}
	readers, err := Readers(data)
	if err != nil || len(readers) != 1 || readers["b"].options.FirstSpeaker != "agent" {
		t.Errorf("%v, %v", readers, err)
	}
	if _, err := Readers(json.RawMessage(`{"b":{"format":"x"}}`)); err == nil {
		t.Error("an unknown format is taken")
	}
}
