package kafka

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	fetchapi "github.com/segmentio/kafka-go/protocol/fetch"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// answer is what the leader of a partition sent: whole batches as they lie in
// the log, compressed, and the end of the log.
type answer struct {
	batches batches
	end     int64
}

// ApiKey makes an answer a message of the client's.
//
//nolint:revive // the name is the client's
func (*answer) ApiKey() protocol.ApiKey { return protocol.Fetch }

// exchange is one fetch. It goes by the client's connections to the partition's
// leader, but reads the answer itself (protocol.RawExchanger): the client would
// decompress whole batches, however large they become, and drop where they end.
type exchange struct {
	fetchapi.Request
	version  int16
	clientID string
	// patience is how long the line may be silent, beside wait.
	wait, patience time.Duration
	// room is the memory that an answer may take; grant, if set, is asked for more.
	room  int64
	grant func(n int64) error
}

// headroom is about how much an answer takes beside its batches.
const headroom = 4 << 10

// newExchange asks for one partition from offset on.
func newExchange(topic string, partition int, offset int64, maxBytes int, wait time.Duration) *exchange {
	return &exchange{wait: wait, patience: callTimeout, Request: fetchapi.Request{
		ReplicaID: -1, MaxWaitTime: int32(wait.Milliseconds()), MinBytes: 1, MaxBytes: int32(maxBytes),
		SessionID: -1, SessionEpoch: -1,
		Topics: []fetchapi.RequestTopic{{Topic: topic, Partitions: []fetchapi.RequestPartition{{
			Partition: int32(partition), CurrentLeaderEpoch: -1, FetchOffset: offset, LogStartOffset: -1,
			PartitionMaxBytes: int32(maxBytes),
		}}}},
	}}
}

// Required notes the version that both sides speak.
func (x *exchange) Required(versions map[protocol.ApiKey]int16) bool {
	x.version = versions[protocol.Fetch]
	return true
}

// correlation is the number of the one request that a connection has under way.
const correlation = 1

// RawExchange writes the request and reads the answer. As long as bytes come
// in, it goes on: on a slow line the time for all of it is not bounded.
func (x *exchange) RawExchange(rw io.ReadWriter) (protocol.Message, error) {
	line, ok := rw.(interface {
		SetReadDeadline(t time.Time) error
		SetWriteDeadline(t time.Time) error
	})
	if !ok {
		return nil, fmt.Errorf("a connection without deadlines (%T)", rw)
	}
	if err := line.SetWriteDeadline(time.Now().Add(x.patience)); err != nil {
		return nil, err
	}
	if err := protocol.WriteRequest(rw, x.version, correlation, x.clientID, &x.Request); err != nil {
		return nil, err
	}
	patience := x.wait + x.patience
	read := func(b []byte) error {
		for len(b) > 0 {
			if err := line.SetReadDeadline(time.Now().Add(patience)); err != nil {
				return err
			}
			n, err := rw.Read(b)
			if b, patience = b[n:], x.patience; err != nil && len(b) > 0 {
				return err
			}
		}
		return nil
	}
	var head [8]byte
	if err := read(head[:]); err != nil {
		return nil, err
	}
	size := int64(int32(binary.BigEndian.Uint32(head[:]))) - 4
	if id := int32(binary.BigEndian.Uint32(head[4:])); id != correlation || size < 0 {
		return nil, fmt.Errorf("an answer of %d bytes to request %d, expected one to %d", size, id, correlation)
	}
	if more := size - x.room - headroom; more > 0 && x.grant != nil {
		if err := x.grant(more); err != nil {
			return nil, err
		}
	}
	body := make([]byte, size)
	if err := read(body); err != nil {
		return nil, err
	}
	if err := errors.Join(line.SetReadDeadline(time.Time{}), line.SetWriteDeadline(time.Time{})); err != nil {
		return nil, err
	}
	return x.parse(body)
}

// parse reads an answer; the error of the partition becomes the call's.
func (x *exchange) parse(body []byte) (*answer, error) {
	resp := kmsg.FetchResponse{Version: x.version}
	if err := resp.ReadFrom(body); err != nil {
		return nil, fmt.Errorf("the answer to a fetch cannot be read: %w", err)
	}
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return nil, errors.New("the answer to a fetch of one partition holds none, or several")
	}
	p := &resp.Topics[0].Partitions[0]
	for _, code := range []int16{resp.ErrorCode, p.ErrorCode} {
		if code != 0 {
			return nil, kafkago.Error(code)
		}
	}
	return &answer{batches: p.RecordBatches, end: p.HighWatermark}, nil
}

// fetch does one request.
func (p *Partition) fetch(ctx context.Context, maxBytes int, grant func(n int64) error) (*answer, error) {
	x := newExchange(p.topic, p.id, p.next, maxBytes*p.grow, p.maxWait)
	x.clientID, x.room, x.grant = p.cluster.transport.ClientID, int64(maxBytes), grant
	m, err := p.cluster.transport.RoundTrip(ctx, p.cluster.client.Addr, x)
	if err != nil {
		return nil, p.wrap(err)
	}
	a, ok := m.(*answer)
	if !ok {
		return nil, p.wrap(fmt.Errorf("unexpected answer of type %T", m))
	}
	return a, nil
}
