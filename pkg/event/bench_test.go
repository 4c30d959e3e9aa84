package event

import (
	"encoding/json"
	"syscall"
	"testing"
	"time"
)

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

// processor returns the time that the process has spent on processors.
func processor(tb testing.TB) time.Duration {
	tb.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// BenchmarkDecode reads events of each kind and size. Its measures are
// processor time, and how many times it goes into what encoding/json takes to
// decode the same events into structs.
func BenchmarkDecode(b *testing.B) {
	c := corpus(b)
	for _, shape := range shapes {
		for _, size := range []struct {
			name  string
			bytes int
		}{{"300B", 300}, {"4kB", 4 << 10}, {"20kB", 20 << 10}} {
			b.Run(shape.name+"/"+size.name, func(b *testing.B) {
				events, bytes := make([][]byte, 50), 0
				for i := range events {
					data, err := json.Marshal(shape.data(&c, size.bytes, i))
					if err != nil {
						b.Fatal(err)
					}
					events[i] = []byte(envelopeOf(shape.typ, string(data)))
					bytes += len(events[i])
				}
				var reading, parsing time.Duration
				n := 0
				b.ReportAllocs()
				b.SetBytes(int64(bytes))
				for b.Loop() {
					began := processor(b)
					for _, e := range events {
						if _, err := Decode(Record{Value: e}); err != nil {
							b.Fatal(err)
						}
					}
					read := processor(b)
					b.StopTimer()
					for _, e := range events {
						var plain plainEvent
						if err := json.Unmarshal(e, &plain); err != nil {
							b.Fatal(err)
						}
					}
					b.StartTimer()
					reading, parsing = reading+read-began, parsing+processor(b)-read
					n += len(events)
				}
				b.ReportMetric(float64(reading.Nanoseconds())/float64(n), "cpu-ns/event")
				b.ReportMetric(parsing.Seconds()/reading.Seconds(), "x-json")
			})
		}
	}
}
