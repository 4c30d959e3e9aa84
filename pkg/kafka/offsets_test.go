package kafka

import (
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

func TestOffsetAt(t *testing.T) {
	_, c, _ := broker(t)
	w := c.NewWriter("in", 1<<20)
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	for i := range 3 { // a request each: a batch has one time in the broker's index
		m := kafkago.Message{Value: []byte("x"), Time: day.AddDate(0, 0, i), WriterData: i}
		if _, _, err := w.Write(t.Context(), []kafkago.Message{m}); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		at    time.Time
		want  int64
		found bool
	}{
		{day.AddDate(0, 0, -1), 0, true},
		{day, 0, true},
		{day.Add(time.Millisecond), 1, true},
		{day.AddDate(0, 0, 2), 2, true},
		{day.AddDate(0, 0, 3), 0, false},
	} {
		offset, found, err := c.OffsetAt(t.Context(), "in", 0, tt.at)
		if err != nil || offset != tt.want || found != tt.found {
			t.Errorf("%v: offset %d, found %v, %v; want %d, %v", tt.at, offset, found, err, tt.want, tt.found)
		}
	}
}
