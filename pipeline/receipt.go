package pipeline

import (
	"fmt"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// newReceipt accounts for the offsets from from to the last of records, none
// judged by rules yet; those without a record are absent.
func (p *partition) newReceipt(rules *rules, from int64, records []kafka.Record) *flag.Receipt {
	to := records[len(records)-1].Offset
	return &flag.Receipt{
		Group: p.worker.cfg.Group.ID, Generation: p.gen.ID(),
		Topic: p.topic, Partition: p.id, From: from, To: to,
		Absent:  int(to - from + 1 - int64(len(records))),
		Skipped: map[string]int{SkipLanguage: 0, SkipMarker: 0, SkipTombstone: 0},
		Dead:    map[string]int{},
		Lexicon: rules.lexicon,
	}
}

// receiptMessage is a receipt as it is written; all receipts of a partition
// have one key, so that they stay in order.
func receiptMessage(r *flag.Receipt) kafkago.Message {
	return kafkago.Message{
		Key:        fmt.Appendf(nil, "%s/%d", r.Topic, r.Partition),
		Value:      r.AppendJSON(nil),
		Headers:    []kafkago.Header{contentType},
		WriterData: r,
	}
}
