package integration

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pkg/config"
)

// badInputs are values that upstream systems do send, and what must come of
// each: "clean", "flagged", "skipped <cause>" or "dead <class>". None may stop
// the partition, and none may be lost.
func badInputs() []badInput {
	deep := strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001)
	terms := strings.Repeat("cancer hospitalisé en dépression ", 30_000)
	transcript := func(turn string) string {
		return `{"specversion":"1.0","id":"t","source":"/s","type":"vigie.transcript.v1","data":{"turns":[` + turn + `]}}`
	}
	complaint := func(data string) string {
		return `{"specversion":"1.0","id":"c","source":"/s","type":"vigie.complaint.v1","data":` + data + `}`
	}
	return []badInput{
		{"broken JSON", []byte(`{"specversion":"1.0",`), "dead json"},
		{"no JSON at all", []byte("bonjour"), "dead json"},
		{"nesting of 10,001", []byte(deep), "dead json"},
		{"nesting inside data", []byte(complaint(`{"text":` + deep + `}`)), "dead "},
		{"text is a number", []byte(complaint(`{"text":42}`)), "dead data"},
		{"turns are an object", []byte(`{"specversion":"1.0","id":"t","source":"/s","type":"vigie.transcript.v1","data":{"turns":{}}}`), "dead data"},
		{"unknown type", []byte(`{"specversion":"1.0","id":"x","source":"/s","type":"vigie.fax.v1","data":{}}`), "dead type"},
		{"no type", []byte(`{"specversion":"1.0","id":"x","source":"/s","data":{"text":"a"}}`), "dead envelope"},
		{"tombstone", nil, "skipped tombstone"},
		{"no id", []byte(`{"specversion":"1.0","source":"/s","type":"vigie.email.v1","data":{"text":"j'ai un cancer"}}`), "flagged"},
		{"invalid UTF-8", []byte(complaint("{\"text\":\"j'ai un cancer \xe9\xff\"}")), "flagged"},
		{"duplicate keys, the last wins", []byte(complaint(`{"text":"j'ai un cancer","text":"merci"}`)), "clean"},
		{"1 MB of terms", []byte(complaint(`{"text":"` + terms + `"}`)), "flagged"},
		{"10 MB value", []byte(complaint(`{"text":"` + strings.Repeat("merci ", 1_750_000) + `"}`)), "dead too_large"},
		{"unknown speaker", []byte(transcript(`{"speaker":"robot","text":"j'ai un cancer"}`)), "flagged"},
		{"no speaker", []byte(transcript(`{"text":"j'ai un cancer"}`)), "flagged"},
		{"other language", []byte(`{"specversion":"1.0","id":"l","source":"/s","type":"vigie.transcript.v1","data":{"language":"en-GB","turns":[{"text":"cancer"}]}}`), "skipped language"},
		{"other language, urgent", []byte(`{"specversion":"1.0","id":"u","source":"/s","type":"vigie.transcript.v1","data":{"language":"en-GB","turns":[{"text":"je vais me suicider"}]}}`), "flagged"},
		{"empty object", []byte(`{}`), "dead envelope"},
		{"good one at the end", mail("last", "D-1", texts[1]), "flagged"},
	}
}

type badInput struct {
	name  string
	value []byte
	want  string
}

func TestBadInputs(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		// One record a batch, so that each receipt is one record's outcome.
		e := newEnv(t, brokers, 1, func(c *config.Config) { c.Worker.BatchRecords = 1 })
		inputs := badInputs()
		for i, in := range inputs {
			e.produce(&kgo.Record{
				Topic: e.calls(), Key: fmt.Appendf(nil, "key-%d", i), Value: in.value,
				Headers: []kgo.RecordHeader{{Key: "upstream", Value: []byte(in.name)}},
			})
		}
		w := e.start()
		at := place{e.calls(), 0}
		list := e.accounted(map[place]int64{at: int64(len(inputs))})[at]
		w.end()
		dead := make(map[int]*kgo.Record)
		for _, r := range e.all(e.cfg.Topics.DeadLetter) {
			offset, err := strconv.Atoi(header(r, "origin-offset"))
			if err != nil {
				t.Fatalf("origin-offset: %v", err)
			}
			dead[offset] = r
		}
		for i, in := range inputs {
			t.Run(in.name, func(t *testing.T) {
				if got := outcome(&list[i]); !strings.HasPrefix(got, in.want) {
					t.Errorf("outcome is %q, want %q", got, in.want)
				}
				if class, isDead := strings.CutPrefix(in.want, "dead "); isDead {
					deadLetter(t, e, dead[i], i, in, class)
				} else if dead[i] != nil {
					t.Errorf("it is a dead letter of class %s", header(dead[i], "error-class"))
				}
			})
		}
		if i := 10; list[i].Repaired == 0 {
			t.Errorf("%s: nothing is counted as repaired", inputs[i].name)
		}
		for _, secret := range []string{"cancer", "key-1", "suicider", "bonjour"} {
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
	})
}

// outcome names what became of the one record of a receipt.
func outcome(r *receipt) string {
	switch {
	case r.Flagged > 0:
		return "flagged"
	case r.Clean > 0:
		return "clean"
	case r.Absent > 0:
		return "absent"
	}
	for _, counts := range []struct {
		what string
		of   map[string]int
	}{{"skipped ", r.Skipped}, {"dead ", r.Dead}} {
		for cause := range maps.Keys(counts.of) {
			if counts.of[cause] > 0 {
				return counts.what + cause
			}
		}
	}
	return ""
}

// deadLetter checks that a dead letter is the original with the headers of the contract.
func deadLetter(t *testing.T, e *env, r *kgo.Record, offset int, in badInput, class string) {
	t.Helper()
	if r == nil {
		t.Fatal("there is no dead letter")
	}
	if string(r.Key) != fmt.Sprintf("key-%d", offset) || string(r.Value) != string(in.value) || header(r, "upstream") != in.name {
		t.Error("key, value or headers are not the original ones")
	}
	for key, want := range map[string]string{
		"origin-topic": e.calls(), "origin-partition": "0", "attempts": "1", "vigie-version": "test",
	} {
		if got := header(r, key); got != want {
			t.Errorf("header %s is %q, want %q", key, got, want)
		}
	}
	if got := header(r, "error-class"); !strings.HasPrefix(got, class) {
		t.Errorf("error-class is %q, want %q", got, class)
	}
	if header(r, "error-message") == "" || header(r, "origin-timestamp") == "" {
		t.Error("error-message or origin-timestamp is missing")
	}
}

// A dead letter that its topic does not take goes without its value.
func TestDeadLetterTooLarge(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*config.Config)
	}{
		{"the client knows", func(c *config.Config) { c.Topics.DeadLetterMaxBytes = 64 << 10 }},
		{"only the broker knows", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, brokers []string) {
				e := newEnv(t, brokers, 1, nil)
				if tt.change != nil {
					tt.change(e.cfg)
				} else {
					e.limit(e.cfg.Topics.DeadLetter, 64<<10)
				}
				// Not compressible, so that it is large on the wire too.
				large := noise(200_000)
				e.produce(
					&kgo.Record{Topic: e.calls(), Key: []byte("k"), Value: []byte("{")},
					&kgo.Record{Topic: e.calls(), Key: []byte("k"), Value: large},
					&kgo.Record{Topic: e.calls(), Key: []byte("k"), Value: []byte("}")},
				)
				w := e.start()
				e.accounted(map[place]int64{{e.calls(), 0}: 3})
				w.end()
				// By the place they came from: repeats are allowed.
				records := make(map[string]*kgo.Record)
				for _, r := range e.all(e.cfg.Topics.DeadLetter) {
					records[header(r, "origin-offset")] = r
				}
				for offset, want := range map[string]string{"0": "{", "1": "", "2": "}"} {
					if r := records[offset]; r == nil || string(r.Value) != want || string(r.Key) != "k" {
						t.Errorf("the dead letter of offset %s is missing, or its key or value is wrong", offset)
					}
				}
				sum := sha256.Sum256(large)
				if r := records["1"]; header(r, "value-size") != "200000" || header(r, "value-sha256") != hex.EncodeToString(sum[:]) {
					t.Errorf("headers are %v", r.Headers)
				}
			})
		})
	}
}

// noise returns n bytes that no codec makes smaller, and that are no JSON.
func noise(n int) []byte {
	var b []byte
	for i := 0; len(b) < n; i++ {
		sum := sha256.Sum256(fmt.Append(nil, i))
		b = append(b, sum[:]...)
	}
	return b[:n]
}
