package pipeline

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// partition is the work on one partition during one generation.
type partition struct {
	worker *Worker
	gen    *kafka.Generation
	topic  string
	id     int
	source source
	out    *sink
	unread *progress
	log    zerolog.Logger
}

func (w *Worker) partition(c *kafka.Cluster, gen *kafka.Generation, a kafka.Assignment, out *sink) *partition {
	unread := w.unread.of(a.Topic, a.Partition)
	log := w.log.With().Str("topic", a.Topic).Int("partition", a.Partition).Logger()
	s := &w.cfg.Worker
	// Every partition holds two fetches at most: the one in hand and the next.
	// Cut to that share, none has to wait for the others to finish.
	share := int(s.MaxBytesInFlight) / (2 * len(gen.Assignments))
	return &partition{
		worker: w, gen: gen, topic: a.Topic, id: a.Partition, out: out, unread: unread, log: log,
		source: source{
			progress:   unread,
			partition:  c.Open(a, w.cfg.Group.OnOutOfRange, s.FetchMaxWait),
			budget:     w.budget,
			fetchBytes: max(min(s.FetchMaxBytes, share), 1),
			metrics:    w.metrics,
			log:        log,
		},
	}
}

// work reads, judges, writes and commits until the generation or run ends, and
// then finishes the batch in hand. Its error says that a batch could not be
// finished, and nothing of it was committed, or that reading cannot go on.
func (w *Worker) work(run, gen context.Context, p *partition) error {
	reading, stop := context.WithCancel(gen)
	defer stop()
	defer context.AfterFunc(run, stop)()
	finishing, cancel := w.finishing(run, gen)
	defer cancel()

	fetched := make(chan kafka.Fetched)
	ended := make(chan error, 1)
	go func() { ended <- p.source.read(reading, fetched) }()
	var err error
	for f := range fetched {
		if err == nil {
			err = p.account(reading, finishing, f)
		}
		if err != nil {
			stop()
		}
		w.budget.settle(-f.Bytes)
	}
	return errors.Join(err, <-ended)
}

// finishing returns the context of a batch in hand. It outlives the end of the
// generation by half of the time in which the group would take this worker for
// dead or go on without it, and the end of run by the configured timeout.
func (w *Worker) finishing(run, gen context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(run))
	g := &w.cfg.Group
	later := func(d time.Duration) func() { return func() { time.AfterFunc(d, cancel) } }
	stopGen := context.AfterFunc(gen, later(min(g.SessionTimeout, g.RebalanceTimeout)/2))
	stopRun := context.AfterFunc(run, later(w.cfg.Worker.ShutdownTimeout))
	return ctx, func() {
		stopGen()
		stopRun()
		cancel()
	}
}

// account judges what was fetched, batch by batch, until reading ends.
func (p *partition) account(reading, finishing context.Context, f kafka.Fetched) error {
	from, left := f.From, f.Records
	for records := range slices.Chunk(f.Records, p.worker.cfg.Worker.BatchRecords) {
		if reading.Err() != nil {
			return nil
		}
		rules := p.worker.rules.Load()
		receipt := p.newReceipt(rules, from, records)
		if err := p.settle(finishing, rules, receipt, records); err != nil {
			return fmt.Errorf("offsets %d to %d: %w", receipt.From, receipt.To, err)
		}
		from, left = receipt.To+1, left[len(records):]
		p.unread.accounted(from, left, time.Now())
	}
	return nil
}

// settle takes one batch the whole way: judged, its flags and dead letters
// written, its receipt written, its offset committed.
func (p *partition) settle(ctx context.Context, rules *rules, receipt *flag.Receipt, records []kafka.Record) (err error) {
	started := time.Now()
	batch := p.worker.spans.batch(receipt, started)
	defer func() { batch.end(receipt, err) }()
	j, err := p.judge(ctx, rules, receipt, records)
	if err != nil {
		return err
	}
	if err := p.out.write(ctx, p.out.flags, j.messages(p.worker.cfg.Version), shrinkFlag); err != nil {
		return err
	}
	written := time.Now()
	batch.flagged(j.flagged, written)
	if err := p.out.write(ctx, p.out.dead, j.dead, shrinkDeadLetter); err != nil {
		return err
	}
	if err := p.out.write(ctx, p.out.evidence, j.evidence, shrinkEvidence); err != nil {
		return err
	}
	if err := p.out.write(ctx, p.out.receipts, []kafkago.Message{receiptMessage(receipt)}, keepAll); err != nil {
		return err
	}
	if err := p.gen.Commit(ctx, p.topic, p.id, receipt.To+1); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	p.worker.metrics.committed(receipt, &j, written, time.Since(started))
	p.log.Debug().Int64("from", receipt.From).Int64("to", receipt.To).Int("flagged", receipt.Flagged).
		Int("dead", len(j.dead)).Msg("batch committed")
	return nil
}

// judge classifies records by rules and counts them in receipt. Its error is that of ctx.
func (p *partition) judge(ctx context.Context, rules *rules, receipt *flag.Receipt, records []kafka.Record) (j judgements, err error) {
	var classifier *Classifier
	select {
	case classifier = <-rules.classifiers:
	case <-ctx.Done():
		return judgements{}, ctx.Err()
	}
	defer func() { rules.classifiers <- classifier }()
	version := p.worker.cfg.Version
	for i := range records {
		if ctx.Err() != nil {
			return judgements{}, ctx.Err()
		}
		if records[i].Control {
			receipt.Skipped[SkipMarker]++
			j.count(unknownKind, outcomeSkipped+SkipMarker)
			continue
		}
		r := eventRecord(&records[i], p.topic, p.id)
		began := p.worker.spans.clock()
		result, permanent := p.classify(classifier, r)
		if permanent != nil {
			j.count(unknownKind, outcomeDead)
			receipt.Dead[string(permanent.Class)]++
			j.dead = append(j.dead, deadLetter(r, permanent, version))
			p.log.Warn().Int64("offset", r.Origin.Offset).Str("class", string(permanent.Class)).Msg("record is a dead letter")
			continue
		}
		receipt.Repaired += result.Repaired
		switch result.Outcome {
		case Skipped:
			receipt.Skipped[result.Skip]++
			j.count(result.Kind, outcomeSkipped+result.Skip)
		case Flagged:
			receipt.Flagged++
			j.count(result.Kind, outcomeFlagged)
			j.flagged = append(j.flagged, flagged{flag: result.Flag, traceparent: result.Traceparent, stamp: r.Origin.Timestamp, began: began})
			if p.out.evidence != nil {
				if m, ok := evidenceMessage(p.evidence(classifier, result.Flag), version); ok {
					j.evidence = append(j.evidence, m)
				}
			}
			p.log.Info().Int64("offset", r.Origin.Offset).Str("flag", result.Flag.ID).Msg("flag")
		default:
			receipt.Clean++
			j.count(result.Kind, outcomeClean)
		}
	}
	return j, nil
}

// evidence returns the words behind a flag that was judged last. Should that
// fail, the flag counts for more than its words.
func (p *partition) evidence(c *Classifier, f *flag.Flag) (e *flag.Evidence) {
	e = &flag.Evidence{Flag: f}
	defer func() {
		if failure := recover(); failure != nil {
			p.log.Error().Str("flag", f.ID).Type("failure", failure).Bytes("stack", debug.Stack()).
				Msg("the program failed on the evidence of a flag; please report this")
			e.Quotes = nil
		}
	}()
	e.Quotes = c.Quotes(f, p.worker.cfg.Worker.EvidenceWords)
	return e
}

// classify judges one record. A record that makes the program fail becomes a
// dead letter too: read again after a restart it would stop its partition, and
// everybody behind it, for ever. What the failure says may hold a customer's
// text and is not repeated.
func (p *partition) classify(c *Classifier, r event.Record) (result Result, permanent *event.PermanentError) {
	defer func() {
		if failure := recover(); failure != nil {
			p.log.Error().Int64("offset", r.Origin.Offset).Type("failure", failure).Bytes("stack", debug.Stack()).
				Msg("the program failed on a record; please report this")
			permanent = &event.PermanentError{Class: event.ClassData, Message: "the program failed on this record"}
			*c = *c.Clone() // its scratch memory may be halfway through
		}
	}()
	if limit := p.worker.cfg.Worker.MaxValueBytes; len(r.Value) > limit {
		return Result{}, &event.PermanentError{
			Class:   event.ClassTooLarge,
			Message: fmt.Sprintf("the value has %d bytes, worker.max_value_bytes is %d", len(r.Value), limit),
		}
	}
	result, err := c.Classify(r)
	if err != nil && !errors.As(err, &permanent) {
		permanent = &event.PermanentError{Class: event.ClassData, Message: "the record could not be judged"}
	}
	return result, permanent
}
