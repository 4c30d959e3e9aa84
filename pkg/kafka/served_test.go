package kafka

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
	"sync/atomic"

	"github.com/segmentio/kafka-go/compress"
	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// batch is a stored batch from base on, over length offsets, with records at
// some of them: what compaction leaves.
type batch struct {
	base, length int64
	records      []int64

	// value of every record, "v" if nil.
	value []byte
	// attributes of the batch; their codec compresses it.
	attributes int16
	// spoil, if set, changes the bytes before the checksum is taken, spoilAfter after.
	spoil, spoilAfter func(raw []byte)
}

// encode returns the batch in the record format v2.
func (b batch) encode() []byte {
	value := b.value
	if value == nil {
		value = []byte("v")
	}
	var records bytes.Buffer
	out := io.WriteCloser(unclosed{&records})
	if codec := compress.Compression(b.attributes & attrCompression).Codec(); codec != nil {
		out = codec.NewWriter(&records)
	}
	for _, offset := range b.records {
		r := []byte{0}                                 // attributes
		r = kbin.AppendVarlong(r, 0)                   // timestamp delta
		r = kbin.AppendVarint(r, int32(offset-b.base)) // offset delta
		r = kbin.AppendVarintBytes(r, []byte("k"))     // key
		r = kbin.AppendVarintBytes(r, value)           // value
		r = kbin.AppendVarint(r, 1)                    // headers
		r = kbin.AppendVarintBytes(r, []byte("h"))
		r = kbin.AppendVarintBytes(r, []byte("1"))
		_, _ = out.Write(append(kbin.AppendVarint(nil, int32(len(r))), r...))
	}
	_ = out.Close()
	m := kmsg.RecordBatch{
		FirstOffset: b.base, PartitionLeaderEpoch: 0, Magic: 2, LastOffsetDelta: int32(b.length - 1), Attributes: b.attributes,
		FirstTimestamp: 1000, MaxTimestamp: 2000,
		ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, NumRecords: int32(len(b.records)), Records: records.Bytes(),
	}
	m.Length = int32(len(m.AppendTo(nil)) - 12)
	raw := m.AppendTo(nil)
	if b.spoil != nil {
		b.spoil(raw)
	}
	// The checksum covers everything after itself.
	binary.BigEndian.PutUint32(raw[17:], crc32.Checksum(raw[21:], castagnoli))
	if b.spoilAfter != nil {
		b.spoilAfter(raw)
	}
	return raw
}

// unclosed is a writer with a Close that does nothing.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// serve makes the broker answer fetches from these batches: from the batch
// that holds the offset, or the next one, as many whole ones as fit, at least
// one. The returned function counts the requests.
func serve(fake *kfake.Cluster, batches []batch, end int64) func() int64 {
	var requests atomic.Int64
	fake.ControlKey(int16(kmsg.Fetch), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		requests.Add(1)
		req := kreq.(*kmsg.FetchRequest)
		asked := req.Topics[0].Partitions[0]
		resp := req.ResponseKind().(*kmsg.FetchResponse)
		part := kmsg.NewFetchResponseTopicPartition()
		part.Partition, part.HighWatermark, part.LastStableOffset = asked.Partition, end, end
		first := slices.IndexFunc(batches, func(b batch) bool { return b.base+b.length > asked.FetchOffset })
		for i := first; i >= 0 && i < len(batches); i++ {
			raw := batches[i].encode()
			if i > first && len(part.RecordBatches)+len(raw) > int(asked.PartitionMaxBytes) {
				break
			}
			part.RecordBatches = append(part.RecordBatches, raw...)
			if len(batches[i].records) == 0 && i > first {
				// A segment of the log ends here: an answer never spans two.
				break
			}
		}
		topic := kmsg.NewFetchResponseTopic()
		topic.Topic, topic.TopicID = req.Topics[0].Topic, req.Topics[0].TopicID
		topic.Partitions = append(topic.Partitions, part)
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	return requests.Load
}
