package kafka

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/vigie-project/vigie/pkg/config"
)

// serveRaw makes the broker answer every fetch with the same bytes.
func serveRaw(fake *kfake.Cluster, raw []byte, end int64) {
	fake.ControlKey(int16(kmsg.Fetch), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		return fetchAnswer(kreq.(*kmsg.FetchRequest), raw, end, 0), nil, true
	})
}

func fetchAnswer(req *kmsg.FetchRequest, raw []byte, end int64, code int16) *kmsg.FetchResponse {
	resp := req.ResponseKind().(*kmsg.FetchResponse)
	part := kmsg.NewFetchResponseTopicPartition()
	part.HighWatermark, part.RecordBatches, part.ErrorCode = end, raw, code
	topic := kmsg.NewFetchResponseTopic()
	topic.Topic, topic.TopicID = req.Topics[0].Topic, req.Topics[0].TopicID
	topic.Partitions = append(topic.Partitions, part)
	resp.Topics = append(resp.Topics, topic)
	return resp
}

// A stored batch larger than what was asked for asks for memory before it is
// taken, and is given up when there is none.
func TestLargeBatchAsks(t *testing.T) {
	fake, c, _ := broker(t)
	raw := batch{base: 0, length: 1, records: []int64{0}, value: make([]byte, 300_000)}.encode()
	serveRaw(fake, raw, 1)
	p := c.Open(at(0), reading(config.Earliest))
	refuse := errors.New("no")
	if _, err := p.Fetch(t.Context(), 100_000, func(n int64) error {
		if n < 190_000 || n > 210_000 {
			t.Errorf("asked for %d", n)
		}
		return refuse
	}); !errors.Is(err, refuse) {
		t.Errorf("error is %v", err)
	}
	f, err := p.Fetch(t.Context(), 100_000, func(int64) error { return nil })
	if err != nil || f.Stored != int64(len(raw)) {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := p.Fetch(t.Context(), 300_000, func(n int64) error {
		t.Errorf("asked for %d though it fits", n)
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// An answer that says "out of range" of an offset that is in the log comes from
// a broker that is behind; to believe it would read everything again.
func TestOutOfRangeByABrokerThatIsBehind(t *testing.T) {
	fake, c, _ := broker(t)
	fill(t, c, 4)
	p := c.Open(at(2), reading(config.Earliest))
	fake.ControlKey(int16(kmsg.Fetch), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		return fetchAnswer(kreq.(*kmsg.FetchRequest), nil, -1, kerr.OffsetOutOfRange.Code), nil, true
	})
	if f, err := p.Fetch(t.Context(), 1<<20, nil); !errors.Is(err, kafkago.OffsetOutOfRange) || errors.Is(err, ErrOutOfRange) {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := p.Fetch(t.Context(), 1<<20, nil); err != nil || f.From != 2 || f.Reset {
		t.Errorf("%+v, %v", f, err)
	}
}

// On a slow line an answer takes its time; a silent one is given up.
func TestTrapSlowLineNeverFinishes(t *testing.T) {
	req := &kmsg.FetchRequest{Version: 11, Topics: []kmsg.FetchRequestTopic{{Topic: "in"}}}
	raw := batch{base: 0, length: 1, records: []int64{0}, value: make([]byte, 2000)}.encode()
	body := fetchAnswer(req, raw, 1, 0).AppendTo([]byte{0, 0, 0, 0, 0, 0, 0, correlation})
	binary.BigEndian.PutUint32(body, uint32(len(body)-4))
	for _, tt := range []struct {
		name  string
		sends int
		ok    bool
	}{{"slow", len(body), true}, {"silent in the middle", len(body) / 2, false}} {
		t.Run(tt.name, func(t *testing.T) {
			here, there := net.Pipe()
			defer func() { _ = here.Close() }()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				defer func() { _ = there.Close() }()
				var asked [512]byte
				if _, err := there.Read(asked[:]); err != nil {
					return
				}
				tick := time.NewTicker(20 * time.Millisecond)
				defer tick.Stop()
				for sent := 0; sent < tt.sends; sent += 50 {
					<-tick.C
					if _, err := there.Write(body[sent:min(sent+50, tt.sends)]); err != nil {
						return
					}
				}
				<-ctx.Done()
			}()
			x := newExchange("in", 0, 0, 1<<20, time.Millisecond)
			x.Required(map[protocol.ApiKey]int16{protocol.Fetch: 11})
			x.patience = 400 * time.Millisecond // the whole takes twice as long
			m, err := x.RawExchange(protocol.NewConn(here, "test"))
			var timeout net.Error
			if tt.ok != (err == nil) || !tt.ok && (!errors.As(err, &timeout) || !timeout.Timeout()) {
				t.Fatalf("%v, %v", m, err)
			}
		})
	}
}
