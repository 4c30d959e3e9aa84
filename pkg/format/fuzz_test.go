package format

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pkg/event"
)

// fuzz reads any value as of a format, from its samples on: it is read the same
// twice, or refused with a class and the format's name, and its parts are texts
// that name turns, answers or what a mail has.
func fuzz(f *testing.F, name string) {
	var readers []*Reader
	for _, s := range samplesOf {
		r := reader(f, s.options)
		if r.format.Name != name {
			continue
		}
		readers = append(readers, r)
		for _, v := range values(f, s) {
			f.Add(v.Data)
		}
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, r := range readers {
			d, err := Decode(event.Record{Value: value}, r)
			again, _ := Decode(event.Record{Value: value}, r)
			if !reflect.DeepEqual(d, again) {
				t.Fatal("two readings differ")
			}
			if err != nil {
				var permanent *event.PermanentError
				if !errors.As(err, &permanent) || d != nil || !strings.HasPrefix(permanent.Message, name+": ") {
					t.Fatalf("%v, %v", d, err)
				}
				continue
			}
			if d.ID == "" || d.Source == "" {
				t.Fatal("no identity")
			}
			for _, p := range d.Parts {
				if !utf8.ValidString(p.Text) || strings.TrimSpace(p.Text) == "" || len(p.Shifts) == 0 {
					t.Fatalf("part %s is not well formed", p.Name)
				}
			}
			if values, err := r.Values(value); err == nil && len(values) > 0 {
				_, _ = Decode(event.Record{Value: values[len(values)-1].Data}, r)
			}
		}
	})
}

func FuzzContactLens(f *testing.F)  { fuzz(f, "contact-lens") }
func FuzzGenesys(f *testing.F)      { fuzz(f, "genesys") }
func FuzzDeepgram(f *testing.F)     { fuzz(f, "deepgram") }
func FuzzGoogleSpeech(f *testing.F) { fuzz(f, "google-speech") }
func FuzzAzureBatch(f *testing.F)   { fuzz(f, "azure-batch") }
func FuzzMail(f *testing.F)         { fuzz(f, "rfc5322") }
func FuzzWhisper(f *testing.F)      { fuzz(f, "whisper") }
func FuzzWhisperX(f *testing.F)     { fuzz(f, "whisperx") }
func FuzzWebVTT(f *testing.F)       { fuzz(f, "webvtt") }
func FuzzSRT(f *testing.F)          { fuzz(f, "srt") }
func FuzzQualtrics(f *testing.F)    { fuzz(f, "qualtrics") }
func FuzzCSV(f *testing.F)          { fuzz(f, "csv") }
func FuzzJSON(f *testing.F)         { fuzz(f, "json") }
