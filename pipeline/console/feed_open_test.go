package console

import (
	"errors"
	"testing"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// quoted is the evidence of a flag.
func quoted(f *flag.Flag, text string) *flag.Evidence {
	return &flag.Evidence{Flag: f, Quotes: []flag.Quote{{Term: f.Findings[0].Term, Span: f.Findings[0].Spans[0], Text: text}}}
}

func (s *stage) evidence(list ...*flag.Evidence) {
	for _, e := range list {
		s.send(s.cfg.Topics.Evidence, kafkago.Message{Key: []byte(e.Flag.Case), Value: e.AppendJSON(nil)})
	}
}

// place waits for a flag and returns where it stands.
func (s *stage) place(f *flag.Flag) (partition int, offset int64) {
	s.t.Helper()
	until(s.t, "the flag has come", func() bool { return s.feed.find(f.ID) != nil })
	e := s.feed.find(f.ID)
	return e.Partition, e.Offset
}

func (s *stage) opened(f *flag.Flag) *Opened {
	s.t.Helper()
	partition, offset := s.place(f)
	o, err := s.feed.open(s.t.Context(), partition, offset)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// A flag is opened with the words of its own evidence, and with no others.
func TestOpenEvidence(t *testing.T) {
	s := started(t)
	one, two, none := sampleFlag(1, nil), sampleFlag(2, nil), sampleFlag(3, nil)
	two.Case = one.Case
	s.evidence(quoted(two, "de l’autre"), quoted(one, "du premier"))
	s.send(s.cfg.Topics.Evidence, kafkago.Message{Key: []byte(one.Case), Value: []byte("{")})
	s.flags(one, two, none)
	for f, want := range map[*flag.Flag]string{one: "du premier", two: "de l’autre", none: ""} {
		got := s.opened(f).Evidence
		text := ""
		if len(got.Quotes) > 0 {
			text = got.Quotes[0].Text
		}
		if text != want || got.Off || !got.State.OK() {
			t.Errorf("of %s the evidence is %+v, want %q", f.ID, got, want)
		}
	}
}

// Evidence is found where it was written before the topic had more partitions.
func TestOpenEvidenceOnAnotherPartition(t *testing.T) {
	s := started(t)
	f := sampleFlag(1, nil)
	key := []byte(f.Case)
	elsewhere := (kafka.PartitionOf(key, partitions) + 1) % partitions
	if err := s.cluster.Send(t.Context(), s.cfg.Topics.Evidence, elsewhere, key, quoted(f, "ailleurs").AppendJSON(nil), nil); err != nil {
		t.Fatal(err)
	}
	s.flags(f)
	if got := s.opened(f).Evidence; len(got.Quotes) != 1 {
		t.Errorf("the evidence is %+v", got)
	}
}

// Evidence that is off, missing or denied is said to be so; the flag opens.
func TestOpenWithoutEvidence(t *testing.T) {
	t.Run("off", func(t *testing.T) {
		s := newStage(t, newFake(t).ListenAddrs(), func(c *config.Config) { c.Topics.Evidence = "" })
		s.create()
		s.run()
		f := sampleFlag(1, nil)
		s.flags(f)
		if got := s.opened(f).Evidence; !got.Off || got.Quotes != nil {
			t.Errorf("the evidence is %+v", got)
		}
	})
	t.Run("missing", func(t *testing.T) {
		s := newStage(t, newFake(t).ListenAddrs(), func(c *config.Config) { c.Topics.Evidence = "" })
		s.create()
		s.cfg.Topics.Evidence = "elsewhere"
		s.run()
		f := sampleFlag(1, nil)
		s.flags(f)
		if got := s.opened(f).Evidence; got.State.Condition != Missing {
			t.Errorf("the evidence is %+v", got)
		}
	})
	t.Run("denied", func(t *testing.T) {
		fake := newFake(t)
		s := newStage(t, fake.ListenAddrs(), nil)
		s.create()
		s.run()
		f := sampleFlag(1, nil)
		s.evidence(quoted(f, "secret"))
		s.flags(f)
		s.place(f)
		fake.ControlKey(int16(kmsg.ListOffsets), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
			fake.KeepControl()
			req := kreq.(*kmsg.ListOffsetsRequest)
			if req.Topics[0].Topic != s.cfg.Topics.Evidence {
				return nil, nil, false
			}
			resp := req.ResponseKind().(*kmsg.ListOffsetsResponse)
			topic := kmsg.NewListOffsetsResponseTopic()
			topic.Topic = req.Topics[0].Topic
			for _, p := range req.Topics[0].Partitions {
				part := kmsg.NewListOffsetsResponseTopicPartition()
				part.Partition, part.ErrorCode = p.Partition, kerr.TopicAuthorizationFailed.Code
				topic.Partitions = append(topic.Partitions, part)
			}
			resp.Topics = append(resp.Topics, topic)
			return resp, nil, true
		})
		if got := s.opened(f).Evidence; got.State.Condition != Denied || got.Quotes != nil {
			t.Errorf("the evidence is %+v", got)
		}
	})
}

// What came later decides what a flag still says.
func TestOpenFate(t *testing.T) {
	s := started(t)
	standing, retracted, replaced, back := sampleFlag(1, nil), sampleFlag(2, nil), sampleFlag(3, nil), sampleFlag(4, nil)
	anew := sampleFlag(3, func(f *flag.Flag) { f.ID = flag.ID(f.Event.Source, f.Event.ID, "sha256:1") })
	retract := func(f *flag.Flag) {
		s.send(s.cfg.Topics.Flags, pipeline.RetractionMessage(&flag.Retraction{
			Event: f.Event, Case: f.Case, Retracts: f.ID, Reason: flag.ReasonLexicon, Lexicon: f.Lexicon,
		}, "test"))
	}
	s.flags(standing, retracted, replaced, back)
	retract(retracted)
	retract(back)
	s.flags(anew, back)
	s.holds(8)
	first := func(f *flag.Flag) *Opened {
		t.Helper()
		for _, e := range s.entries() {
			if e.ID == f.ID && e.Retraction == "" {
				o, err := s.feed.open(t.Context(), e.Partition, e.Offset)
				if err != nil {
					t.Fatal(err)
				}
				return o
			}
		}
		t.Fatal("no such flag")
		return nil
	}
	for name, tt := range map[string]struct {
		flag *flag.Flag
		want Fate
	}{
		"standing": {standing, Fate{Complete: true}}, "retracted": {retracted, Fate{Retracted: flag.ReasonLexicon, Complete: true}},
		"replaced": {replaced, Fate{Replaced: true, Complete: true}}, "back": {back, Fate{Complete: true}},
		"anew": {anew, Fate{Complete: true}},
	} {
		got := first(tt.flag).Fate
		got.Offset = 0
		if got != tt.want {
			t.Errorf("%s: the fate is %+v, want %+v", name, got, tt.want)
		}
	}
	var retraction *Entry
	for _, e := range s.entries() {
		if e.Retraction != "" {
			retraction = e
		}
	}
	o, err := s.feed.open(t.Context(), retraction.Partition, retraction.Offset)
	if err != nil || o.Retraction == nil || o.Flag != nil {
		t.Errorf("the retraction opens as %+v, %v", o, err)
	}
}

// A place without a flag is told from a broker that does not answer.
func TestOpenNothing(t *testing.T) {
	s := started(t)
	s.send(s.cfg.Topics.Flags, kafkago.Message{Key: []byte("k"), Value: []byte("{")})
	until(t, "it is read", func() bool { return s.feed.Figures().Strange == 1 })
	var gone *pipeline.GoneError
	for _, at := range []struct {
		partition int
		offset    int64
	}{{0, 999}, {99, 0}, {1 << 30, 1 << 62}} {
		if _, err := s.feed.open(t.Context(), at.partition, at.offset); !errors.As(err, &gone) {
			t.Errorf("%v: %v", at, err)
		}
	}
	strange := 0
	for p := range partitions {
		if _, err := s.feed.open(t.Context(), p, 0); errors.Is(err, errStrange) {
			strange++
		}
	}
	if strange != 1 {
		t.Errorf("%d strange records, want 1", strange)
	}
}
