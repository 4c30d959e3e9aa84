package integration

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Every flag on the topic is made again by `vigie explain`, byte for byte, from
// its event and the rules that the worker published, whatever way the event
// came; once the event is gone, it says so.
func TestExplain(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 2, nil)
		ends := e.fill(e.mails(), 2, 8)
		e.produce(
			&kgo.Record{Topic: e.calls(), Key: []byte("binary"), Headers: []kgo.RecordHeader{
				{Key: "ce_specversion", Value: []byte("1.0")}, {Key: "ce_id", Value: []byte("b-1")}, {Key: "ce_source", Value: []byte("/b")},
				{Key: "ce_type", Value: []byte("vigie.letter.v1")}, {Key: "ce_time", Value: []byte("2026-11-02T09:00:00+01:00")},
			}, Value: []byte(`{"text":"J'ai un cancer."}`)},
			&kgo.Record{Topic: e.calls(), Value: []byte(`{"specversion":"1.0","type":"vigie.letter.v1","data":{"text":"J'ai un cancer."}}`)},
		)
		ends[place{e.calls(), 0}] = 2
		w := e.start()
		e.accounted(ends)
		w.end()

		flags := e.all(e.cfg.Topics.Flags)
		if len(flags) != 8 {
			t.Fatalf("%d flags", len(flags))
		}
		explain := func(r *kgo.Record) (out string, code int) {
			cmd := e.vigie(nil, "explain", fmt.Sprintf("%s/%d/%d", r.Topic, r.Partition, r.Offset))
			var errs bytes.Buffer
			cmd.Stderr = &errs
			b, err := cmd.Output()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) || errs.Len() > 0 {
				t.Fatalf("%v: %s", err, errs.String())
			}
			return string(b), cmd.ProcessState.ExitCode()
		}
		for _, r := range flags {
			out, code := explain(r)
			if code != 0 || !strings.HasSuffix(out, "octet pour octet :\n"+string(r.Value)+"\n") || !strings.Contains(out, "« ") {
				t.Errorf("exit %d for\n%s\n%s", code, r.Value, out)
			}
		}

		for p := range int32(2) {
			e.cut(e.mails(), p, 4)
		}
		for _, r := range flags {
			if !bytes.Contains(r.Value, []byte(e.mails())) {
				continue
			}
			out, code := explain(r)
			if code != 1 || !strings.Contains(out, "n’est plus conservé : le journal commence à 4") || !strings.Contains(out, "terme : ") || strings.Contains(out, "« ") {
				t.Errorf("exit %d without its event:\n%s", code, out)
			}
		}
	})
}
