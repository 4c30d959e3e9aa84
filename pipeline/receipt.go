package pipeline

import (
	"fmt"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// newReceipt begins to account for the offsets from from on, judged by rules.
func (p *partition) newReceipt(rules *rules, from int64) *flag.Receipt {
	return &flag.Receipt{
		Group: p.worker.cfg.Group.ID, Generation: p.gen.ID(),
		Topic: p.topic, Partition: p.id, From: from,
		Skipped: map[string]int{SkipLanguage: 0, SkipMarker: 0, SkipTombstone: 0},
		Dead:    map[string]int{},
		Lexicon: rules.lexicon,
	}
}

// closeReceipt ends a receipt before rest, or with the batch; offsets without
// a record are absent.
func closeReceipt(r *flag.Receipt, batch, rest kafka.Batch) {
	r.To = batch.To
	if len(rest.Records) > 0 {
		r.To = rest.From - 1
	}
	r.Absent = int(r.To - r.From + 1 - int64(len(batch.Records)-len(rest.Records)))
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
