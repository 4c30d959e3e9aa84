package pipeline

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pkg/event"
)

// sizes are the inputs of the benchmarks: documents of the corpus as they are,
// and letters of so many bytes put together from them.
var sizes = []struct {
	name  string
	bytes int
}{{"corpus", 0}, {"300B", 300}, {"4kB", 4 << 10}, {"20kB", 20 << 10}}

// sample returns the documents of the corpus, one of every step of them, and
// the texts that they hold.
func sample(tb testing.TB, step int) (events []event.Record, texts []string) {
	tb.Helper()
	files, err := filepath.Glob("eval/corpus/documents-*.jsonl")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no corpus: %v", err)
	}
	n := 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			tb.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if n++; n%step != 0 {
				continue
			}
			value, text := eventOf(tb, n, lines.Bytes())
			events, texts = append(events, event.Record{Value: value}), append(texts, text)
		}
		if err := lines.Err(); err != nil {
			tb.Fatal(err)
		}
		if err := f.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	return events, texts
}

// eventOf makes an event of a line of the corpus.
func eventOf(tb testing.TB, n int, line []byte) (value []byte, text string) {
	tb.Helper()
	var d struct {
		Kind, Subject, Body, Question, Answer string
		Turns                                 []struct{ Speaker, Text string }
	}
	if err := json.Unmarshal(line, &d); err != nil {
		tb.Fatal(err)
	}
	data := map[string]any{"subject": d.Subject, "text": d.Body}
	text = d.Body + d.Answer
	switch d.Kind {
	case "transcript":
		var turns []map[string]any
		for i, t := range d.Turns {
			turns = append(turns, map[string]any{
				"speaker": t.Speaker, "text": t.Text, "start_ms": 4000 * i, "end_ms": 4000*i + 3600, "confidence": 0.93,
			})
			text += t.Text + " "
		}
		data = map[string]any{"language": "fr-FR", "turns": turns}
	case "survey":
		data = map[string]any{"answers": []map[string]string{{"question": d.Question, "text": d.Answer}}}
	}
	return eventWith(tb, fmt.Sprintf("vigie.%s.v1", d.Kind), n, data), text
}

func eventWith(tb testing.TB, typ string, n int, data any) []byte {
	tb.Helper()
	value, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": fmt.Sprintf("e-%d", n), "source": "/bench", "type": typ, "subject": "D-20931",
		"time": "2026-11-03T10:00:00Z", "datacontenttype": "application/json", "data": data,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return value
}

// inputs returns events of a size; 0 is the corpus as it is.
func inputs(tb testing.TB, size int) []event.Record {
	tb.Helper()
	events, texts := sample(tb, 40)
	if size == 0 {
		return events
	}
	all := strings.Join(texts, "\n")
	events = events[:0]
	for len(all) > size && len(events) < 200 {
		one := strings.ToValidUTF8(all[:size], "")
		events = append(events, event.Record{Value: eventWith(tb, "vigie.letter.v1", len(events), map[string]any{"text": one})})
		all = all[size:]
	}
	return events
}

// processor returns the time that the process has spent on processors, its
// garbage collector's included: what else the machine does does not count.
func processor(tb testing.TB) time.Duration {
	tb.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// BenchmarkClassify judges events from their bytes to their flags. Its measure
// is processor time, and how many times it goes into that of the yardstick:
// encoding/json decodes the same events into structs, and nothing else.
func BenchmarkClassify(b *testing.B) {
	c, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			events := inputs(b, size.bytes)
			var judging, decoding time.Duration
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				began := processor(b)
				for _, e := range events {
					if _, err := c.Classify(e); err != nil {
						b.Fatal(err)
					}
				}
				judged := processor(b)
				for _, e := range events {
					var plain plainEvent
					if err := json.Unmarshal(e.Value, &plain); err != nil {
						b.Fatal(err)
					}
				}
				judging, decoding = judging+judged-began, decoding+processor(b)-judged
				n += len(events)
			}
			b.ReportMetric(float64(judging.Nanoseconds())/float64(n), "cpu-ns/event")
			b.ReportMetric(decoding.Seconds()/judging.Seconds(), "x-json")
		})
	}
}

// plainEvent is an event as a program that only reads it would declare it.
type plainEvent struct {
	Specversion, ID, Source, Type, Subject, Time, Datacontenttype string
	Data                                                          struct {
		Language, Subject, Text, HTML string
		Turns                         []struct {
			Speaker, Text string
			StartMS       int64 `json:"start_ms"`
			EndMS         int64 `json:"end_ms"`
			Confidence    float64
		}
		Answers  []struct{ Question, Text string }
		Declared []string
	}
}

// BenchmarkStages judges events of 4 kB stage by stage: processor time of each.
func BenchmarkStages(b *testing.B) {
	c, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	events := inputs(b, 4<<10)
	stages := []string{"decode", "fold", "match", "qualify", "indices", "assess", "route"}
	spent := make([]time.Duration, len(stages))
	words := 0
	for b.Loop() {
		for _, e := range events {
			at := processor(b)
			stage := 0
			lap := func() {
				now := processor(b)
				spent[stage] += now - at
				at, stage = now, stage+1
			}
			doc, err := c.Decode(e)
			if err != nil {
				b.Fatal(err)
			}
			lap()
			c.stream.fold(doc, c.program)
			lap()
			c.hits.match(&c.stream, c.program, c.engine)
			lap()
			signs := c.qual.qualify(&c.stream, &c.hits, c.program)
			lap()
			l := c.reader.read(&c.stream, c.hits.at.pairs, c.program)
			lap()
			v := assess(signs, &l, doc.Declared, c.program)
			c.reader.show(&v, &l, &c.stream, c.program)
			lap()
			route(doc, &v, findings(signs, &c.stream, c.program, &v), c.program)
			lap()
			words += len(c.stream.ids)
		}
	}
	for i, stage := range stages {
		b.ReportMetric(float64(spent[i].Nanoseconds())/float64(words), stage+"-ns/word")
	}
}
