package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// account judges what was fetched, batch by batch, until reading ends.
func (p *partition) account(reading, finishing context.Context, f fetch) error {
	b := p.source.budget
	borrowed := &loan{pool: b.decoded}
	defer borrowed.end()
	limit := kafka.Limit{Records: p.worker.cfg.Worker.BatchRecords, Bytes: b.part(), Grant: borrowed.grant(reading)}
	for reading.Err() == nil {
		batch, err := f.Read(limit)
		if err != nil {
			return nil // used up, or reading has ended
		}
		b.hold(batch.Bytes)
		err = p.settleAll(reading, finishing, batch, f)
		b.hold(-batch.Bytes)
		borrowed.end()
		if err != nil {
			return err
		}
	}
	return nil
}

// settleAll settles a batch, in parts where it makes more than there is memory for.
func (p *partition) settleAll(reading, finishing context.Context, batch kafka.Batch, f fetch) error {
	for reading.Err() == nil {
		rest, err := p.settle(finishing, batch)
		if err != nil {
			return fmt.Errorf("offsets %d to %d: %w", batch.From, batch.To, err)
		}
		if len(rest.Records) == 0 {
			oldest, more := f.Oldest()
			p.unread.accounted(batch.To+1, more, oldest, time.Now())
			return nil
		}
		p.unread.accounted(rest.From, true, rest.Records[0].Timestamp, time.Now())
		batch = rest
	}
	return nil
}

// settle takes one batch the whole way: judged, its flags and dead letters
// written, its receipt written, its offset committed. It returns what is left.
func (p *partition) settle(ctx context.Context, batch kafka.Batch) (rest kafka.Batch, err error) {
	started := time.Now()
	rules := p.worker.rules.Load()
	receipt := p.newReceipt(rules, batch.From)
	span := p.worker.spans.batch(receipt, started)
	defer func() { span.end(receipt, err) }()
	j, rest, err := p.judge(ctx, rules, receipt, batch)
	if err != nil {
		return rest, err
	}
	out := writing{p.out, p.owned(batch.From)}
	refused, err := out.write(ctx, out.flags, j.messages(), ShrinkFlag)
	if err != nil {
		return rest, err
	}
	p.refuse(&j, receipt, refused, batch.Records)
	written := time.Now()
	span.flagged(j.flagged, written)
	if err := out.insist(ctx, out.dead, j.dead, shrinkDeadLetter); err != nil {
		return rest, err
	}
	// Evidence that the topic does not take, however little of it, is left out.
	if _, err := out.write(ctx, out.evidence, j.evidence, shrinkEvidence); err != nil {
		return rest, err
	}
	if err := out.insist(ctx, out.receipts, []kafkago.Message{receiptMessage(receipt)}, keepAll); err != nil {
		return rest, err
	}
	if err := p.commit(ctx, receipt.To+1); err != nil {
		return rest, err
	}
	p.worker.metrics.committed(receipt, &j, written, time.Since(started))
	p.log.Debug().Int64("from", receipt.From).Int64("to", receipt.To).Int("flagged", receipt.Flagged).
		Int("dead", len(j.dead)).Msg("batch committed")
	return rest, nil
}

// refuse makes dead letters of records whose flags no topic takes: each is a
// person whom nobody would hear of otherwise.
func (p *partition) refuse(j *judgements, receipt *flag.Receipt, refused []kafkago.Message, records []kafka.Record) {
	for _, m := range refused {
		id := m.WriterData.(*flag.Flag).ID
		at := slices.IndexFunc(j.flagged, func(f flagged) bool { return f.flag.ID == id })
		f := j.flagged[at]
		j.flagged = slices.Delete(j.flagged, at, at+1)
		j.evidence = slices.DeleteFunc(j.evidence, func(m kafkago.Message) bool { return m.WriterData.(*flag.Evidence).Flag == f.flag })
		j.counts[tally{f.kind, outcomeFlagged}]--
		receipt.Flagged--
		i, _ := slices.BinarySearchFunc(records, f.flag.Event.Origin.Offset, func(r kafka.Record, offset int64) int {
			return cmp.Compare(r.Offset, offset)
		})
		p.kill(j, receipt, &records[i], &event.PermanentError{
			Class: event.ClassTooLarge, Message: "its flag is larger than topics.max_message_bytes, whatever is left out",
		})
	}
}

// kill makes a dead letter of a record.
func (p *partition) kill(j *judgements, receipt *flag.Receipt, record *kafka.Record, why *event.PermanentError) {
	receipt.Dead[string(why.Class)]++
	j.count(unknownKind, outcomeDead)
	m := deadLetter(EventRecord(record, p.topic, p.id), why, p.worker.cfg.Version)
	if record.Huge != nil {
		m = withoutValue(m, record.Huge.Size, record.Huge.SHA256)
	}
	j.dead = append(j.dead, m)
	p.log.Warn().Int64("offset", record.Offset).Str("class", string(why.Class)).Msg("record is a dead letter")
}

// ownedTimeout bounds how long the coordinator may take to say who owns a partition.
const ownedTimeout = 2 * time.Second

// owned returns what asks whether this generation still owns the partition: by
// committing once more what it has committed, which only the owner may. Without
// an answer nothing is known, and that is no error.
func (p *partition) owned(committed int64) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, ownedTimeout)
		defer cancel()
		err := p.gen.Commit(ctx, p.topic, p.id, committed)
		if err == nil || errors.Is(err, kafka.ErrAgain) {
			return nil
		}
		return fmt.Errorf("the partition has another owner: %w", err)
	}
}

// commit commits the offsets before offset, and tries again while the
// generation can still succeed.
func (p *partition) commit(ctx context.Context, offset int64) error {
	var pause backoff
	for {
		err := p.gen.Commit(ctx, p.topic, p.id, offset)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, kafka.ErrAgain):
			return fmt.Errorf("commit: %w", err)
		}
		p.worker.metrics.retries.WithLabelValues(p.topic).Inc()
		p.log.Warn().Err(err).Int("tries", pause.tries+1).Msg("committing failed; trying again")
		if err := pause.wait(ctx); err != nil {
			return err
		}
	}
}
