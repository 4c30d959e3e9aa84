package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/event"
)

// The headers that a dead letter has beside the original ones.
const (
	headerErrorClass      = "error-class"
	headerErrorMessage    = "error-message"
	headerOriginTopic     = "origin-topic"
	headerOriginPartition = "origin-partition"
	headerOriginOffset    = "origin-offset"
	headerOriginTimestamp = "origin-timestamp"
	headerVersion         = "vigie-version"
	headerValueSHA256     = "value-sha256"
	headerValueSize       = "value-size"
)

// deadLetter is a record that can never be read, as it is written: the
// original untouched, and beside it why, and where it came from.
func deadLetter(r event.Record, why *event.PermanentError, version string) kafkago.Message {
	m := kafkago.Message{Key: r.Key, Value: r.Value, WriterData: why}
	for _, h := range r.Headers {
		m.Headers = append(m.Headers, kafkago.Header{Key: h.Key, Value: h.Value})
	}
	_, attempts := marks(m.Headers)
	o := r.Origin
	return withHeaders(m,
		headerErrorClass, string(why.Class),
		headerErrorMessage, why.Message,
		headerOriginTopic, o.Topic,
		headerOriginPartition, strconv.Itoa(o.Partition),
		headerOriginOffset, strconv.FormatInt(o.Offset, 10),
		headerOriginTimestamp, strconv.FormatInt(o.Timestamp, 10),
		headerAttempts, strconv.Itoa(attempts+1),
		headerVersion, version,
	)
}

// shrinkDeadLetter makes a dead letter smaller that is too large for its
// topic: its value goes, and says by hash and size what it was. ok is false
// when it has none left.
func shrinkDeadLetter(m kafkago.Message) (_ kafkago.Message, ok bool) {
	if m.Value == nil {
		return m, false
	}
	sum := sha256.Sum256(m.Value)
	m = withHeaders(m,
		headerValueSHA256, hex.EncodeToString(sum[:]),
		headerValueSize, strconv.Itoa(len(m.Value)),
	)
	m.Value = nil
	return m, true
}

// withHeaders adds headers given as keys and values in turn.
func withHeaders(m kafkago.Message, pairs ...string) kafkago.Message {
	for i := 0; i < len(pairs); i += 2 {
		m.Headers = append(m.Headers, kafkago.Header{Key: pairs[i], Value: []byte(pairs[i+1])})
	}
	return m
}
