package pipeline

import (
	"context"
	"fmt"

	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// sink writes what comes out. It is safe for many goroutines.
type sink struct {
	flags, dead, receipts, lexicons *kafka.Writer
	evidence                        *kafka.Writer // nil: no words leave the inputs
	metrics                         *metrics
	health                          *health
	log                             zerolog.Logger
}

func newSink(c *kafka.Cluster, cfg *config.Config, m *metrics, h *health, log zerolog.Logger) *sink {
	t := &cfg.Topics
	s := &sink{
		flags:    c.NewWriter(t.Flags, t.MaxMessageBytes),
		dead:     c.NewWriter(t.DeadLetter, t.DeadLetterMaxBytes),
		receipts: c.NewWriter(t.Receipts, t.MaxMessageBytes),
		lexicons: c.NewWriter(t.Lexicons, t.LexiconMaxBytes),
		metrics:  m,
		health:   h,
		log:      log,
	}
	if t.Evidence != "" {
		s.evidence = c.NewWriter(t.Evidence, t.MaxMessageBytes)
	}
	return s
}

// contentType says that a value is a CloudEvent in structured mode.
var contentType = kafkago.Header{Key: "content-type", Value: []byte("application/cloudevents+json")}

// FlagMessage is a flag as it is written; its WriterData is the flag.
func FlagMessage(f *flag.Flag, traceparent, version string) kafkago.Message {
	m := kafkago.Message{Key: flagKey(f), Value: f.AppendJSON(nil), Headers: []kafkago.Header{contentType}, WriterData: f}
	m = withHeaders(m, "route", f.Route, "severity", string(rune('0'+f.Severity)), headerVersion, version)
	if traceparent != "" {
		m = withHeaders(m, "traceparent", traceparent)
	}
	return m
}

// RetractionMessage is a retraction as it is written: under the flag's key, so
// that it stands behind it.
func RetractionMessage(r *flag.Retraction, version string) kafkago.Message {
	m := kafkago.Message{
		Key:   flagKey(&flag.Flag{Case: r.Case, Event: r.Event}),
		Value: r.AppendJSON(nil), Headers: []kafkago.Header{contentType}, WriterData: r,
	}
	return withHeaders(m, headerVersion, version)
}

// flagKey is the case file, or without one the event's identity.
func flagKey(f *flag.Flag) []byte {
	if f.Case != "" {
		return []byte(f.Case)
	}
	return []byte(f.Event.Source + "\x00" + f.Event.ID)
}

// ShrinkFlag makes a flag smaller that is too large for its topic: half of its
// findings, then half of the places of the one left. findings_total still
// counts them all. ok is false when there is nothing left to take.
func ShrinkFlag(m kafkago.Message) (_ kafkago.Message, ok bool) {
	f := *m.WriterData.(*flag.Flag)
	switch {
	case len(f.Findings) > 1:
		f.Findings = f.Findings[:len(f.Findings)/2]
	case len(f.Findings) == 1 && len(f.Findings[0].Spans) > 1:
		first := f.Findings[0]
		first.Spans = first.Spans[:len(first.Spans)/2]
		f.Findings = []flag.Finding{first}
	default:
		return m, false
	}
	m.Value, m.WriterData = f.AppendJSON(nil), &f
	return m, true
}

// Shrunk reports whether value is f as it was written to a topic that f was too
// large for.
func Shrunk(f *flag.Flag, value []byte) bool {
	m := kafkago.Message{WriterData: f}
	for ok := true; ok; m, ok = ShrinkFlag(m) {
		if string(m.Value) == string(value) {
			return true
		}
	}
	return false
}

// keepAll is for messages that must fit as they are.
func keepAll(m kafkago.Message) (kafkago.Message, bool) { return m, false }

// publish writes the ruleset under its digest: whoever reads a flag later can
// look up by what rules it was made. One that the topic will never take is an
// error.
func (s *sink) publish(ctx context.Context, digest string, ruleset []byte) error {
	m := kafkago.Message{Key: []byte(digest), Value: ruleset, WriterData: digest}
	refused, err := writing{sink: s}.write(ctx, s.lexicons, []kafkago.Message{m}, keepAll)
	if len(refused) > 0 {
		return fmt.Errorf("the ruleset has %d bytes: %w %s; raise its max.message.bytes and topics.lexicon_max_bytes",
			len(ruleset), kafka.ErrTooLarge, s.lexicons.Topic())
	}
	return err
}
