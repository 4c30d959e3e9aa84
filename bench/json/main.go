// Command json measures libraries that read JSON on vigie's events, and tries
// them on what encoding/json refuses or takes. It prints the tables of
// docs/adr/0023-json-in.md.
package main

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/buger/jsonparser"
	"github.com/bytedance/sonic"
	jsonv2 "github.com/go-json-experiment/json"
	goccy "github.com/goccy/go-json"
	"github.com/minio/simdjson-go"
	segmentio "github.com/segmentio/encoding/json"
	"github.com/valyala/fastjson"

	"github.com/vigie-project/vigie/pkg/event"
)

// plain is an event as a program that only reads it would declare it.
type plain struct {
	Specversion, ID, Source, Type, Subject, Time, Datacontenttype string
	Data                                                          struct {
		Language, Subject, Text, HTML string
		Turns                         []struct {
			Speaker, Text string
			StartMS       int64 `json:"start_ms"`
			EndMS         int64 `json:"end_ms"`
			Confidence    float64
		}
	}
}

// contender reads an event; its error says that it refuses it.
type contender struct {
	name string
	read func(value []byte) error
}

func contenders() []contender {
	var fast fastjson.Parser
	var simd *simdjson.ParsedJson
	return []contender{
		{"encoding/json, into a struct", func(v []byte) error { var e plain; return stdjson.Unmarshal(v, &e) }},
		{"encoding/json, maps of raw values (before)", readMaps},
		{"event.Decode, parts and places included", func(v []byte) error { _, err := event.Decode(event.Record{Value: v}); return err }},
		{"go-json-experiment/json", func(v []byte) error {
			var e plain
			return jsonv2.Unmarshal(v, &e, jsonv2.MatchCaseInsensitiveNames(true))
		}},
		{"segmentio/encoding/json", func(v []byte) error { var e plain; return segmentio.Unmarshal(v, &e) }},
		{"goccy/go-json", func(v []byte) error { var e plain; return goccy.Unmarshal(v, &e) }},
		{"bytedance/sonic", func(v []byte) error { var e plain; return sonic.ConfigStd.Unmarshal(v, &e) }},
		{"valyala/fastjson", func(v []byte) error { _, err := fast.ParseBytes(v); return err }},
		{"minio/simdjson-go", func(v []byte) (err error) { simd, err = simdjson.Parse(v, simd); return err }},
		{"buger/jsonparser", func(v []byte) error {
			return jsonparser.ObjectEach(v, func(_, value []byte, kind jsonparser.ValueType, _ int) error {
				if kind != jsonparser.Object {
					return nil
				}
				return jsonparser.ObjectEach(value, func(_, _ []byte, _ jsonparser.ValueType, _ int) error { return nil })
			})
		}},
	}
}

func readMaps(v []byte) error {
	var fields, data map[string]stdjson.RawMessage
	if err := stdjson.Unmarshal(v, &fields); err != nil {
		return err
	}
	if err := stdjson.Unmarshal(fields["data"], &data); err != nil {
		return err
	}
	var turns []map[string]stdjson.RawMessage
	if err := stdjson.Unmarshal(data["turns"], &turns); err != nil {
		return err
	}
	for _, turn := range turns {
		var text string
		if err := stdjson.Unmarshal(turn["text"], &text); err != nil {
			return err
		}
	}
	return nil
}

// call is a transcript of about 4 kB.
func call() []byte {
	var turns []map[string]any
	for i := range 26 {
		turns = append(turns, map[string]any{
			"speaker": []string{"agent", "customer"}[i%2], "start_ms": 4000 * i, "end_ms": 4000*i + 3600, "confidence": 0.93,
			"text": "oui bonjour j'ai reçu un courrier de chez vous pour le crédit et là je n'y arrive plus du tout",
		})
	}
	value, err := stdjson.Marshal(map[string]any{
		"specversion": "1.0", "id": "c-81", "source": "/bench", "type": "vigie.transcript.v1", "subject": "D-20931",
		"time": "2026-11-03T10:00:00Z", "data": map[string]any{"language": "fr-FR", "turns": turns},
	})
	if err != nil {
		panic(err)
	}
	return value
}

func processor() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// measure returns the median of the processor time that each contender takes
// for an event, in nanoseconds, the contenders in turn.
func measure(all []contender, value []byte) []float64 {
	const rounds, events = 9, 3000
	times := make([][]float64, len(all))
	for range rounds {
		for i, c := range all {
			began := processor()
			for range events {
				if err := c.read(value); err != nil {
					panic(c.name + ": " + err.Error())
				}
			}
			times[i] = append(times[i], float64(processor()-began)/events)
		}
	}
	medians := make([]float64, len(all))
	for i, t := range times {
		slices.Sort(t)
		medians[i] = t[len(t)/2]
	}
	return medians
}

// tried are values that readers differ on, in the data of an event.
var tried = []string{
	`"\ud800"`, `"\u00zz"`, "\"a\x01b\"", `01`, `1.`, `.5`, `+1`, `NaN`, `nul`, `tru`, `[1,]`, `[1 2]`, `{"a":1,}`, `{"a" 1}`, `"\x41"`,
	`1e`, `-`, `[`, `"`, `{"a":1,"a":2}`, strings.Repeat("[", 9000) + strings.Repeat("]", 9000), `/* */1`, "\u00a01",
}

// differs lists what a contender takes and encoding/json refuses, or the
// other way round.
func differs(c contender) string {
	var all []string
	for _, s := range tried {
		value := []byte(`{"specversion":"1.0","id":"1","source":"/s","type":"vigie.letter.v1","data":{"text":"a","x":` + s + `}}`)
		if !utf8.Valid(value) {
			panic(s)
		}
		refused := false
		func() {
			defer func() {
				if recover() != nil {
					refused = true
				}
			}()
			err := c.read(bytes.Clone(value))
			refused = err != nil
		}()
		if valid := stdjson.Valid(value); refused == valid {
			verb := "takes"
			if refused {
				verb = "refuses"
			}
			if len(s) > 12 {
				s = fmt.Sprintf("%s… (%d bytes)", s[:3], len(s))
			}
			all = append(all, fmt.Sprintf("%s `%q`", verb, s))
		}
	}
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(all, ", ")
}

func main() {
	all, value := contenders(), call()
	times := measure(all, value)
	fmt.Fprintf(os.Stdout, "A transcript of %d bytes, 26 turns; processor time, the median of nine rounds.\n\n", len(value))
	fmt.Println("| reader | of encoding/json's time | differs from encoding/json |\n|---|--:|---|")
	for i, c := range all {
		wrong := "–"
		if c.name != "encoding/json, maps of raw values (before)" {
			wrong = differs(c)
		}
		fmt.Printf("| %s | %.2f | %s |\n", c.name, times[i]/times[0], wrong)
	}
}
