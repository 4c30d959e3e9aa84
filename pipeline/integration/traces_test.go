package integration

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// A flag's span continues the trace of its event; the flag carries the event's
// traceparent as it came, whatever it is; nothing of the event is in a span.
func TestTraces(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		const trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
		came := map[string]string{ // by offset
			"0": "00-" + trace + "-" + parent + "-01", // flagged
			"1": "00-" + trace + "-" + parent + "-00", // flagged, not sampled by whoever began the trace
			"2": "somebody's own notation",            // flagged
			"3": "",                                   // flagged
			"4": "00-" + trace + "-" + parent + "-01", // clean
		}
		var records []*kgo.Record
		for i, text := range []string{texts[1], texts[2], texts[3], texts[1], texts[0]} {
			r := &kgo.Record{Topic: e.calls(), Key: []byte("D-0001"), Value: mail(fmt.Sprintf("event-%d", i), "D-0001", text)}
			if h := came[fmt.Sprint(i)]; h != "" {
				r.Headers = append(r.Headers, kgo.RecordHeader{Key: "traceparent", Value: []byte(h)})
			}
			records = append(records, r)
		}
		e.produce(records...)
		spans, provider, flush := collect(t)
		w := e.prepare()
		w.worker.TraceTo(provider)
		w.run()
		e.accounted(map[place]int64{{e.calls(), 0}: 5})
		w.end()
		flush()

		for i, r := range e.all(e.cfg.Topics.Flags) {
			if got, want := header(r, "traceparent"), came[fmt.Sprint(i)]; got != want {
				t.Errorf("flag %d has traceparent %q, its event had %q", i, got, want)
			}
		}
		batches := spans.all("batch ")
		receipts := 0
		for _, list := range e.receipts() {
			receipts += len(list)
		}
		if len(batches) != receipts || receipts == 0 {
			t.Fatalf("%d spans of batches, %d receipts", len(batches), receipts)
		}
		batch := batches[0]
		if batch.failed || batch.took <= 0 || batch.parent != "" || batch.attributes["messaging.destination.name"] != fmt.Sprintf("string_value:%q", e.calls()) {
			t.Errorf("the batch's span is %+v", batch)
		}
		at := make(map[string]span)
		for _, s := range spans.all("flag ") {
			at[strings.TrimPrefix(s.attributes["messaging.kafka.offset"], "int_value:")] = s
			if len(s.links) != 1 || s.links[0] != batch.id || s.took <= 0 || s.attributes["vigie.flag.id"] == "" {
				t.Errorf("the span %+v; its batch is %s", s, batch.id)
			}
		}
		if len(at) != 3 {
			t.Errorf("%d spans of flags, want those of offsets 0, 2 and 3", len(at))
		}
		if s := at["0"]; s.trace != trace || s.parent != parent {
			t.Errorf("the span of offset 0 is in trace %s below %s", s.trace, s.parent)
		}
		for _, offset := range []string{"2", "3"} {
			if s := at[offset]; s.trace != batch.trace || s.parent != batch.id {
				t.Errorf("the span of offset %s is in trace %s below %s, want the batch's", offset, s.trace, s.parent)
			}
		}
		for _, secret := range []string{"cancer", "suicider", "hospitalis", "D-00", "event-", "/mail", "notation"} {
			if strings.Contains(spans.raw.String(), secret) {
				t.Errorf("what was exported holds %q", secret)
			}
		}
	})
}

// A batch that is given up shows as failed.
func TestTraceOfABatchGivenUp(t *testing.T) {
	broker := faulty(t)
	e := newEnv(t, broker.ListenAddrs(), 1, nil)
	var on atomic.Bool
	on.Store(true)
	refused := refuse(broker, e.cfg.Topics.Flags, &on)
	e.fill(e.calls(), 1, 10)
	spans, provider, flush := collect(t)
	w := e.prepare()
	w.worker.TraceTo(provider)
	w.run()
	e.until("the broker has refused some writes", func() bool { return refused.Load() >= 2 })
	w.end()
	flush()
	if list := spans.all("batch "); len(list) != 1 || !list[0].failed {
		t.Errorf("spans of batches: %+v", list)
	}
	if list := spans.all("flag "); len(list) != 0 {
		t.Errorf("%d spans of flags that were not written", len(list))
	}
}
