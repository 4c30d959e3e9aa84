package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// The headers that a record has, beside the original ones, when it was a dead
// letter and was sent back: the place that it died at and how often it has died.
const (
	headerRedriveOrigin = "redrive-origin"
	headerAttempts      = "attempts"
)

// Letter is a dead letter as it stands on its topic.
type Letter struct {
	// Partition and Offset are its place on the dead-letter topic.
	Partition int
	Offset    int64
	// Died is when it was written there.
	Died time.Time
	// Class and Message say why, without a text of the value.
	Class, Message string
	// Origin is the place of the record that could not be read.
	Origin event.Origin
	// Attempts is how often the event has died, this time included.
	Attempts int
	// Version is that of the program that could not read it.
	Version string
	// Key, Value and Headers are the original ones, but for the marks of
	// having been sent back before.
	Key, Value []byte
	Headers    []event.Header
	// Size is the original value's, in bytes.
	Size int
	// LostSHA256 is the hash of a value that the dead-letter topic did not take,
	// "" where Value is whole.
	LostSHA256 string
}

// ErrNoLetter says that a record is no dead letter.
var ErrNoLetter = errors.New("the record is no dead letter of this program: it lacks the headers that say why")

// ReadLetter reads a record of the dead-letter topic. The headers of the
// contract stand behind the original ones, so that those of the same name that
// the event came with are not taken for them. Its error is [ErrNoLetter].
func ReadLetter(partition int, r *kafka.Record) (*Letter, error) {
	l := &Letter{
		Partition: partition, Offset: r.Offset, Died: time.UnixMilli(r.Timestamp).UTC(),
		Key: r.Key, Value: r.Value, Size: len(r.Value),
	}
	first := len(r.Headers)
	for first > 0 && r.Headers[first-1].Key != headerErrorClass {
		first--
	}
	if first == 0 {
		return nil, ErrNoLetter
	}
	first--
	var wrong error
	number := func(text []byte) int64 {
		n, err := strconv.ParseInt(string(text), 10, 64)
		wrong = errors.Join(wrong, err)
		return n
	}
	seen := make(map[string]bool)
	for _, h := range r.Headers[first:] {
		seen[h.Key] = true
		switch h.Key {
		case headerErrorClass:
			l.Class = string(h.Value)
		case headerErrorMessage:
			l.Message = string(h.Value)
		case headerOriginTopic:
			l.Origin.Topic = string(h.Value)
		case headerOriginPartition:
			l.Origin.Partition = int(number(h.Value))
		case headerOriginOffset:
			l.Origin.Offset = number(h.Value)
		case headerOriginTimestamp:
			l.Origin.Timestamp = number(h.Value)
		case headerAttempts:
			l.Attempts = int(number(h.Value))
		case headerVersion:
			l.Version = string(h.Value)
		case headerValueSHA256:
			l.LostSHA256 = string(h.Value)
		case headerValueSize:
			l.Size = int(number(h.Value))
		}
	}
	if wrong != nil || !seen[headerOriginTopic] || !seen[headerOriginPartition] || !seen[headerOriginOffset] || l.Origin.Offset < 0 || l.Origin.Partition < 0 {
		return nil, ErrNoLetter
	}
	for _, h := range withoutMarks(r.Headers[:first]) {
		l.Headers = append(l.Headers, event.Header{Key: h.Key, Value: h.Value})
	}
	return l, nil
}

// Place is where the letter stands, "partition/offset".
func (l *Letter) Place() string { return fmt.Sprintf("%d/%d", l.Partition, l.Offset) }

// origin names the place of a record that died, as the mark of a record that
// was sent back does.
func origin(o *event.Origin) string {
	return fmt.Sprintf("%s/%d/%d", o.Topic, o.Partition, o.Offset)
}

// withMarks are the headers of a letter that is sent back.
func (l *Letter) withMarks() []kafkago.Header {
	headers := make([]kafkago.Header, 0, len(l.Headers)+2)
	for _, h := range l.Headers {
		headers = append(headers, kafkago.Header{Key: h.Key, Value: h.Value})
	}
	return append(headers,
		kafkago.Header{Key: headerRedriveOrigin, Value: []byte(origin(&l.Origin))},
		kafkago.Header{Key: headerAttempts, Value: []byte(strconv.Itoa(l.Attempts))},
	)
}

// marks returns where a record died and how often; "" and 0 for one that was
// never sent back. The marks are the last two headers: an event that comes with
// a header "attempts" of its own has not died.
func marks(headers []kafkago.Header) (origin string, attempts int) {
	n := len(headers)
	if n < 2 || headers[n-2].Key != headerRedriveOrigin || headers[n-1].Key != headerAttempts {
		return "", 0
	}
	attempts, err := strconv.Atoi(string(headers[n-1].Value))
	if err != nil {
		return "", 0
	}
	return string(headers[n-2].Value), attempts
}

func withoutMarks(headers []kafkago.Header) []kafkago.Header {
	if origin, _ := marks(headers); origin != "" {
		return headers[:len(headers)-2]
	}
	return headers
}

// Stretch is some offsets, both inclusive, of a partition of the dead-letter topic.
type Stretch struct {
	Partition   int
	First, Last int64
}

// Letters gives every dead letter of the topic to each, partition by partition,
// oldest first, or those of stretches where there are any, and returns how many
// records are none.
func Letters(ctx context.Context, cluster *kafka.Cluster, topic string, stretches []Stretch, each func(*Letter) error) (strange int, err error) {
	if err := cluster.CheckRights(ctx, []kafka.Right{kafka.OnTopic(kafka.Read, topic)}); err != nil {
		return 0, err
	}
	counts, err := cluster.Require(ctx, []string{topic})
	if err != nil {
		return 0, err
	}
	if len(stretches) == 0 {
		for p := range counts[topic] {
			stretches = append(stretches, Stretch{Partition: p, First: -1, Last: math.MaxInt64})
		}
	}
	for _, s := range stretches {
		if s.Partition >= counts[topic] {
			continue
		}
		_, err := cluster.Scan(ctx, topic, s.Partition, s.First, func(r *kafka.Record) error {
			if r.Offset > s.Last {
				return errPassed
			}
			if l, err := ReadLetter(s.Partition, r); err == nil {
				return each(l)
			}
			strange++
			return nil
		})
		if err != nil && !errors.Is(err, errPassed) {
			return strange, err
		}
	}
	return strange, nil
}

var errPassed = errors.New("what follows was not asked for")
