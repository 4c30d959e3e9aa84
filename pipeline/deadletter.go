package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
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
	m := kafkago.Message{Key: r.Key, Value: r.Value, WriterData: &original{len(r.Headers)}}
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

// original says how many headers of a dead letter, the first ones, are those of
// the record.
type original struct{ headers int }

// shrinkDeadLetter makes a dead letter smaller that is too large for its topic:
// its value goes first, and says by hash and size what it was; then the
// record's headers, then its key. Where it came from stays. ok is false when
// nothing else is left.
func shrinkDeadLetter(m kafkago.Message) (_ kafkago.Message, ok bool) {
	headers := m.WriterData.(*original).headers
	switch {
	case m.Value != nil:
		return withoutValue(m, int64(len(m.Value)), sha256.Sum256(m.Value)), true
	case headers > 0:
		m.Headers, m.WriterData = slices.Clone(m.Headers[headers:]), &original{}
		return m, true
	case len(m.Key) > 0:
		m.Key = nil
		return m, true
	}
	return m, false
}

// withoutValue takes the value off a dead letter and says what it was.
func withoutValue(m kafkago.Message, size int64, sum [sha256.Size]byte) kafkago.Message {
	m.Value = nil
	return withHeaders(m, headerValueSHA256, hex.EncodeToString(sum[:]), headerValueSize, strconv.FormatInt(size, 10))
}

// withHeaders adds headers given as keys and values in turn.
func withHeaders(m kafkago.Message, pairs ...string) kafkago.Message {
	for i := 0; i < len(pairs); i += 2 {
		m.Headers = append(m.Headers, kafkago.Header{Key: pairs[i], Value: []byte(pairs[i+1])})
	}
	return m
}
