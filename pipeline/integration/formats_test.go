package integration

import (
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/format"
)

// A topic of calls in one format and one of mails in another: what is a value
// of it becomes flags that name its parts, what is none a dead letter that
// names the format, and a schema's id before JSON is counted.
func TestFormats(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		e.cfg.Worker.BatchRecords = 1
		source, err := rules()
		if err != nil {
			t.Fatal(err)
		}
		rs := *source
		if rs.Formats, err = (format.Topics{
			e.calls(): {Format: "whisperx", Speakers: map[string]string{"SPEAKER_00": "agent", "SPEAKER_01": "customer"}},
			e.mails(): {Format: "rfc5322"},
		}).JSON(); err != nil {
			t.Fatal(err)
		}
		classifier, canonical, digest := compiled(t, &rs)
		if _, _, plain := judge(t); plain == digest {
			t.Error("the digest does not cover the formats")
		}
		w := e.prepare()
		w.worker.Reload(t.Context(), func() (*pipeline.Classifier, []byte, string, error) { return classifier, canonical, digest, nil })
		call := `{"segments":[{"text":"avez-vous un cancer","speaker":"SPEAKER_00"},{"text":"oui j'ai un cancer","speaker":"SPEAKER_01"}]}`
		mail := "From: a@exemple.invalid\r\nMessage-ID: <m1@exemple.invalid>\r\nDate: Mon, 2 Nov 2026 09:00:00 +0100\r\n\r\nj'ai un cancer\r\n"
		e.produce(
			&kgo.Record{Topic: e.calls(), Value: []byte(call)},
			&kgo.Record{Topic: e.calls(), Value: []byte("\x00\x00\x00\x00\x07" + call), Headers: []kgo.RecordHeader{
				{Key: "ce_id", Value: []byte("appel-neuf")}, {Key: "ce_source", Value: []byte("/amont")}, {Key: "ce_subject", Value: []byte("D-9")},
			}},
			&kgo.Record{Topic: e.calls(), Value: []byte(`{"segment":"secret"}`)},
			&kgo.Record{Topic: e.mails(), Value: []byte(mail)},
			&kgo.Record{Topic: e.mails(), Value: []byte(`secret`)},
		)
		w.run()
		e.accounted(map[place]int64{{e.calls(), 0}: 3, {e.mails(), 0}: 2})
		e.until("the schema's id is counted", func() bool {
			f := scrape(t, w.worker)
			return f[`vigie_schema_frames_total{framing="prefix"}`] == 1 && f[`vigie_schema_frames_total{framing="header"}`] == 0
		})
		w.end()

		flags := e.all(e.cfg.Topics.Flags)
		for _, want := range [][]string{
			{`"source":"/amont","id":"appel-neuf","type":"vigie.transcript.v1"`, `"case":"D-9"`, `"part":"turns[1].text"`},
			{`"source":"kafka:` + e.calls() + `","id":"0-0-`, `"part":"turns[1].text"`},
			{`"source":"kafka:` + e.mails() + `","id":"m1@exemple.invalid","type":"vigie.email.v1"`, `"part":"text"`, `"time":"2026-11-02T09:00:00+01:00"`},
		} {
			if !slices.ContainsFunc(flags, func(f *kgo.Record) bool { return holds(string(f.Value), want) }) {
				t.Errorf("no flag has %q", want)
			}
		}
		if len(flags) != 3 {
			t.Errorf("%d flags, want 3", len(flags))
		}
		dead := map[string]string{}
		for _, d := range e.all(e.cfg.Topics.DeadLetter) {
			dead[header(d, "origin-topic")] = header(d, "error-class") + ": " + header(d, "error-message")
		}
		if got, want := dead[e.calls()], "format: whisperx: segments: missing"; !strings.HasPrefix(got, want) {
			t.Errorf("the dead call says %q, want %q", got, want)
		}
		if got, want := dead[e.mails()], "format: rfc5322: not a mail"; !strings.HasPrefix(got, want) {
			t.Errorf("the dead mail says %q, want %q", got, want)
		}
		for _, secret := range []string{"cancer", "secret", "exemple.invalid", "appel-neuf"} {
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
	})
}

// holds reports whether a text has all of some others in it.
func holds(text string, all []string) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return !strings.Contains(text, s) })
}
