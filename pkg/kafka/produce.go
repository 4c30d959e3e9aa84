package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	produceapi "github.com/segmentio/kafka-go/protocol/produce"
)

// errNotSent stands for a message that was kept back behind one that failed.
var errNotSent = errors.New("not sent beside a message that is too large")

// balancer puts keys where a Java producer would.
var balancer kafkago.Murmur2Balancer

// PartitionOf returns the one of so many partitions that a [Writer] puts a key in.
func PartitionOf(key []byte, partitions int) int {
	numbers := make([]int, partitions)
	for i := range numbers {
		numbers[i] = i
	}
	return balancer.Balance(kafkago.Message{Key: key}, numbers...)
}

// messageBytes is about what a message takes beside its bytes.
const messageBytes = 32

// sizeOf is about what a message takes in a batch.
func sizeOf(m *kafkago.Message) int64 {
	n := len(m.Key) + len(m.Value) + messageBytes
	for _, h := range m.Headers {
		n += len(h.Key) + len(h.Value)
	}
	return int64(n)
}

// lane is what is to be sent to one partition, in order.
type lane struct {
	partition int
	leader    int
	// messages are places in the list that is sent.
	messages []int
}

// send sends messages, at most most of a partition in one request, and returns
// an error for each, nil for success. A message that fails keeps those behind
// it on its partition back, unless it is too large by itself.
func (w *Writer) send(ctx context.Context, messages []kafkago.Message, most int) []error {
	errs := make([]error, len(messages))
	if i := slices.IndexFunc(messages, func(m kafkago.Message) bool { return sizeOf(&m) > w.maxBytes }); i >= 0 {
		// All are refused for one, before any is sent: it is made smaller, and
		// then they go in their order.
		fail(errs, errNotSent)
		errs[i] = kafkago.MessageSizeTooLarge
		return errs
	}
	lanes, err := w.lanes(ctx, messages)
	if err != nil {
		fail(errs, err)
		return errs
	}
	var sending sync.WaitGroup
	for len(lanes) > 0 {
		n := 1
		for n < len(lanes) && lanes[n].leader == lanes[0].leader {
			n++
		}
		of := lanes[:n]
		lanes = lanes[n:]
		if len(lanes) == 0 { // the last one, or the only one
			w.sendTo(ctx, messages, of, most, errs)
			break
		}
		sending.Go(func() { w.sendTo(ctx, messages, of, most, errs) })
	}
	sending.Wait()
	return errs
}

func fail(errs []error, err error) {
	for i := range errs {
		errs[i] = err
	}
}

// lanes shares messages out among the partitions, those of a leader together.
// What leads them is known from before, and asked for only where it is old.
func (w *Writer) lanes(ctx context.Context, messages []kafkago.Message) ([]lane, error) {
	meta, err := w.cluster.client.Metadata(ctx, &kafkago.MetadataRequest{Topics: []string{w.topic}})
	if err != nil {
		return nil, err
	}
	if len(meta.Topics) != 1 || meta.Topics[0].Error == nil && len(meta.Topics[0].Partitions) == 0 {
		return nil, kafkago.UnknownTopicOrPartition
	}
	topic := &meta.Topics[0]
	if topic.Error != nil {
		return nil, topic.Error
	}
	numbers := make([]int, len(topic.Partitions))
	all := make([]lane, len(topic.Partitions))
	for i := range all {
		numbers[i], all[i] = i, lane{partition: i, leader: -1}
	}
	for _, p := range topic.Partitions {
		if p.ID < len(all) && p.Leader.Host != "" {
			all[p.ID].leader = p.Leader.ID
		}
	}
	for i := range messages {
		to := &all[balancer.Balance(messages[i], numbers...)]
		to.messages = append(to.messages, i)
	}
	all = slices.DeleteFunc(all, func(l lane) bool { return len(l.messages) == 0 })
	slices.SortStableFunc(all, func(a, b lane) int { return a.leader - b.leader })
	return all, nil
}

// sendTo sends what goes to one leader, request after request.
func (w *Writer) sendTo(ctx context.Context, messages []kafkago.Message, lanes []lane, most int, errs []error) {
	for len(lanes) > 0 {
		req := &produceapi.Request{Acks: int16(kafkago.RequireAll), Timeout: int32(callTimeout.Milliseconds())}
		req.Topics = []produceapi.RequestTopic{{Topic: w.topic}}
		sent := make([]lane, len(lanes))
		for i := range lanes {
			l := &lanes[i]
			n := w.fit(messages, l.messages, most)
			sent[i] = lane{partition: l.partition, messages: l.messages[:n]}
			l.messages = l.messages[n:]
			req.Topics[0].Partitions = append(req.Topics[0].Partitions, produceapi.RequestPartition{
				Partition: int32(l.partition),
				RecordSet: protocol.RecordSet{Attributes: protocol.Attributes(kafkago.Lz4), Records: recordsOf(messages, sent[i].messages)},
			})
		}
		answers, err := w.exchange(ctx, req)
		for i := range sent {
			why := err
			if err == nil {
				why = answers(sent[i].partition)
			}
			if why == nil {
				continue
			}
			for _, m := range sent[i].messages {
				errs[m] = why
			}
			if most == 1 && errors.Is(why, kafkago.MessageSizeTooLarge) {
				continue // this one alone is to blame
			}
			for _, m := range lanes[i].messages {
				errs[m] = why
			}
			lanes[i].messages = nil
		}
		lanes = slices.DeleteFunc(lanes, func(l lane) bool { return len(l.messages) == 0 })
	}
}

// fit is how many of the next messages of a partition go in one request.
func (w *Writer) fit(messages []kafkago.Message, next []int, most int) int {
	bytes := int64(0)
	for i, m := range next {
		if bytes += sizeOf(&messages[m]); i == most || i > 0 && bytes > w.maxBytes {
			return i
		}
	}
	return len(next)
}

func recordsOf(messages []kafkago.Message, places []int) kafkago.RecordReader {
	list := make([]kafkago.Record, len(places))
	for i, place := range places {
		m := &messages[place]
		list[i] = kafkago.Record{Key: kafkago.NewBytes(m.Key), Value: kafkago.NewBytes(m.Value), Headers: m.Headers, Time: m.Time}
	}
	return kafkago.NewRecordReader(list...)
}

// exchange does one request, and returns what tells the answer for a partition.
func (w *Writer) exchange(ctx context.Context, req *produceapi.Request) (answer func(partition int) error, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	m, err := w.cluster.transport.RoundTrip(ctx, w.cluster.client.Addr, req)
	if err != nil {
		return nil, err
	}
	resp, ok := m.(*produceapi.Response)
	if !ok || len(resp.Topics) != 1 {
		return nil, fmt.Errorf("unexpected answer of type %T", m)
	}
	return func(partition int) error {
		for _, p := range resp.Topics[0].Partitions {
			switch {
			case p.Partition != int32(partition):
			case p.ErrorCode != 0:
				return kafkago.Error(p.ErrorCode)
			default:
				return nil
			}
		}
		return kafkago.UnknownTopicOrPartition
	}, nil
}
