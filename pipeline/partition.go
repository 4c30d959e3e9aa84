package pipeline

import (
	"context"
	"errors"
	"runtime/debug"
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

func (w *Worker) partition(c *kafka.Cluster, gen *kafka.Generation, a kafka.Assignment, out *sink, b *budget) *partition {
	unread := w.unread.of(a.Topic, a.Partition)
	log := w.log.With().Str("topic", a.Topic).Int("partition", a.Partition).Logger()
	s := &w.cfg.Worker
	return &partition{
		worker: w, gen: gen, topic: a.Topic, id: a.Partition, out: out, unread: unread, log: log,
		source: source{
			progress: unread,
			partition: c.Open(a, kafka.Reading{
				Policy: w.cfg.Group.OnOutOfRange, MaxWait: s.FetchMaxWait,
				// What neither is judged nor can be a dead letter is not taken into memory.
				MaxRecord: int64(max(s.MaxValueBytes, w.cfg.Topics.DeadLetterMaxBytes)),
			}),
			budget:     b,
			fetchBytes: int(min(int64(s.FetchMaxBytes), b.part())),
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

	incoming := make(chan fetch)
	ended := make(chan error, 1)
	go func() { ended <- p.source.read(reading, incoming) }()
	var err error
	for f := range incoming {
		if err == nil {
			err = p.account(reading, finishing, f)
		}
		if err != nil {
			stop()
		}
		f.end(p.source.budget)
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

// judge classifies the records of a batch by rules and counts them in receipt.
// It stops where what came out takes as much memory as is there for it, and
// returns the rest. Its error is that of ctx.
func (p *partition) judge(ctx context.Context, rules *rules, receipt *flag.Receipt, batch kafka.Batch) (j judgements, rest kafka.Batch, err error) {
	var classifier *Classifier
	select {
	case classifier = <-rules.classifiers:
	case <-ctx.Done():
		return j, rest, ctx.Err()
	}
	defer func() { rules.classifiers <- classifier }()
	room := p.source.budget.part()
	for i := range batch.Records {
		record := &batch.Records[i]
		if room <= 0 {
			rest = kafka.Batch{From: record.Offset, To: batch.To, Records: batch.Records[i:]}
			break
		}
		done, err := p.worker.begin(ctx, classifier, len(record.Value))
		if err != nil {
			return j, rest, err
		}
		room -= p.judgeRecord(classifier, record, receipt, &j)
		done()
	}
	closeReceipt(receipt, batch, rest)
	return j, rest, nil
}

// judgeRecord classifies one record, counts it, and returns about how much
// memory what came of it takes.
func (p *partition) judgeRecord(c *Classifier, record *kafka.Record, receipt *flag.Receipt, j *judgements) (took int64) {
	if record.Control {
		receipt.Skipped[SkipMarker]++
		j.count(unknownKind, outcomeSkipped+SkipMarker)
		return 0
	}
	r := EventRecord(record, p.topic, p.id)
	began := p.worker.spans.clock()
	result, permanent := p.classify(c, r, record)
	if permanent != nil {
		p.kill(j, receipt, record, permanent)
		return 0 // it holds what was read
	}
	receipt.Repaired += result.Repaired
	j.unframed(result.Framing)
	switch result.Outcome {
	case Skipped:
		receipt.Skipped[result.Skip]++
		j.count(result.Kind, outcomeSkipped+result.Skip)
	case Flagged:
		receipt.Flagged++
		j.count(result.Kind, outcomeFlagged)
		f := flagged{
			message: FlagMessage(result.Flag, result.Traceparent, p.worker.cfg.Version),
			flag:    result.Flag, kind: result.Kind, traceparent: result.Traceparent, stamp: r.Origin.Timestamp, began: began,
		}
		j.flagged = append(j.flagged, f)
		took = size(f.message)
		if p.out.evidence != nil {
			if m, ok := evidenceMessage(p.evidence(c, result.Flag), p.worker.cfg.Version); ok {
				j.evidence = append(j.evidence, m)
				took += size(m)
			}
		}
		p.log.Info().Int64("offset", r.Origin.Offset).Str("flag", result.Flag.ID).Msg("flag")
	default:
		receipt.Clean++
		j.count(result.Kind, outcomeClean)
	}
	return took
}

// size is about how much memory a message takes.
func size(m kafkago.Message) int64 { return int64(len(m.Key) + len(m.Value)) }

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
func (p *partition) classify(c *Classifier, r event.Record, stored *kafka.Record) (result Result, permanent *event.PermanentError) {
	defer func() {
		if failure := recover(); failure != nil {
			p.log.Error().Int64("offset", r.Origin.Offset).Type("failure", failure).Bytes("stack", debug.Stack()).
				Msg("the program failed on a record; please report this")
			permanent = &event.PermanentError{Class: event.ClassData, Message: "the program failed on this record"}
			*c = *c.Clone() // its scratch memory may be halfway through
		}
	}()
	if permanent := Unreadable(stored, p.worker.cfg.Worker.MaxValueBytes); permanent != nil {
		return Result{}, permanent
	}
	result, err := c.Classify(r)
	if err != nil && !errors.As(err, &permanent) {
		permanent = &event.PermanentError{Class: event.ClassData, Message: "the record could not be judged"}
	}
	return result, permanent
}
