package pipeline

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// asRecord is a message as it is read from partition 0.
func asRecord(m kafkago.Message, offset int64) *kafka.Record {
	return &kafka.Record{Offset: offset, Timestamp: 1_000, Key: m.Key, Value: m.Value, Headers: m.Headers}
}

// A letter that dies, is sent back and dies again, with headers of its own that
// have the names of the contract's.
func TestLetterThereAndBack(t *testing.T) {
	own := []event.Header{
		{Key: "attempts", Value: []byte("41")}, {Key: "error-class", Value: []byte("upstream")}, {Key: "origin-offset", Value: []byte("x")},
	}
	r := event.Record{
		Key: []byte("D-1"), Value: []byte("{"), Headers: own,
		Origin: &event.Origin{Topic: "calls", Partition: 3, Offset: 1201, Timestamp: 7},
	}
	why := &event.PermanentError{Class: event.ClassJSON, Message: "broken"}
	for attempt := 1; attempt <= 3; attempt++ {
		got, err := ReadLetter(0, asRecord(deadLetter(r, why, "1.2"), 5))
		if err != nil {
			t.Fatal(err)
		}
		want := &Letter{
			Offset: 5, Died: time.UnixMilli(1_000).UTC(), Class: "json", Message: "broken", Origin: *r.Origin,
			Attempts: attempt, Version: "1.2", Key: r.Key, Value: r.Value, Headers: own, Size: 1,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("attempt %d (-want +got):\n%s", attempt, diff)
		}
		back := got.withMarks()
		if at, n := marks(back); at != origin(r.Origin) || n != attempt || len(back) != len(own)+2 {
			t.Fatalf("sent back with %q", back)
		}
		r.Origin = &event.Origin{Topic: "calls", Partition: 3, Offset: r.Origin.Offset + 100, Timestamp: 8}
		r.Headers = nil
		for _, h := range back {
			r.Headers = append(r.Headers, event.Header{Key: h.Key, Value: h.Value})
		}
	}
}

func TestNoLetter(t *testing.T) {
	good := deadLetter(event.Record{Origin: &event.Origin{Topic: "calls"}}, &event.PermanentError{Class: "json"}, "1")
	for name, headers := range map[string][]kafkago.Header{
		"none":      nil,
		"no origin": good.Headers[:2],
		"no number": withHeaders(kafkago.Message{Headers: good.Headers[:4]}, headerOriginOffset, "a").Headers,
		"negative":  withHeaders(kafkago.Message{Headers: good.Headers[:4]}, headerOriginOffset, "-4").Headers,
	} {
		if _, err := ReadLetter(0, &kafka.Record{Headers: headers}); !errors.Is(err, ErrNoLetter) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
