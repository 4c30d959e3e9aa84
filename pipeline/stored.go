package pipeline

import (
	"fmt"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// EventRecord is a stored record as the pipeline takes it.
func EventRecord(r *kafka.Record, topic string, partition int) event.Record {
	headers := make([]event.Header, len(r.Headers))
	for i, h := range r.Headers {
		headers[i] = event.Header{Key: h.Key, Value: h.Value}
	}
	return event.Record{
		Key: r.Key, Value: r.Value, Headers: headers,
		Origin: &event.Origin{Topic: topic, Partition: partition, Offset: r.Offset, Timestamp: r.Timestamp},
	}
}

// Unreadable says why a stored record is not even decoded, nil where it is: it
// is damaged, or its value has more than limit bytes.
func Unreadable(r *kafka.Record, limit int) *event.PermanentError {
	size := int64(len(r.Value))
	if r.Huge != nil {
		size = r.Huge.Size
	}
	switch {
	case r.Damaged:
		return &event.PermanentError{Class: event.ClassData, Message: "the stored record is damaged"}
	case size > int64(limit):
		return &event.PermanentError{
			Class:   event.ClassTooLarge,
			Message: fmt.Sprintf("the value has %d bytes, worker.max_value_bytes is %d", size, limit),
		}
	}
	return nil
}
