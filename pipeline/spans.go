package pipeline

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/vigie-project/vigie/pkg/flag"
)

// spans makes the spans of a trace: one a batch, and one a flagged event, which
// continues the event's own trace. Attributes are places, counts, flag ids and
// the lexicon's digest, as in logs. The zero value makes none and costs nothing.
type spans struct{ tracer trace.Tracer }

// TraceTo makes the worker send its spans to a provider. Call it before Run.
func (w *Worker) TraceTo(provider trace.TracerProvider) {
	w.spans = spans{tracer: provider.Tracer("github.com/vigie-project/vigie", trace.WithInstrumentationVersion(w.cfg.Version))}
}

// clock returns the time where spans are made, else the zero time.
func (s *spans) clock() time.Time {
	if s.tracer == nil {
		return time.Time{}
	}
	return time.Now()
}

// batchSpan is the span of a batch; nil makes none.
type batchSpan struct {
	tracer trace.Tracer
	ctx    context.Context
	span   trace.Span
	at     []attribute.KeyValue
}

// batch begins the span of a batch that began at began.
func (s *spans) batch(r *flag.Receipt, began time.Time) *batchSpan {
	if s.tracer == nil {
		return nil
	}
	at := []attribute.KeyValue{
		attribute.String("messaging.system", "kafka"),
		attribute.String("messaging.operation.type", "process"),
		attribute.String("messaging.destination.name", r.Topic),
		attribute.Int("messaging.destination.partition.id", r.Partition),
		attribute.String("messaging.consumer.group.name", r.Group),
		attribute.String("vigie.lexicon.digest", r.Lexicon.Digest),
	}
	ctx, span := s.tracer.Start(context.Background(), "batch "+r.Topic,
		trace.WithSpanKind(trace.SpanKindConsumer), trace.WithTimestamp(began), trace.WithAttributes(at...))
	return &batchSpan{tracer: s.tracer, ctx: ctx, span: span, at: at}
}

// flagged makes the spans of the events whose flags were confirmed at written.
// One whose trace context cannot be read belongs to the batch's trace.
func (b *batchSpan) flagged(all []flagged, written time.Time) {
	if b == nil {
		return
	}
	for i := range all {
		f := &all[i]
		ctx := propagation.TraceContext{}.Extract(b.ctx, propagation.MapCarrier{"traceparent": f.traceparent})
		_, span := b.tracer.Start(ctx, "flag "+f.flag.Event.Origin.Topic,
			trace.WithSpanKind(trace.SpanKindConsumer), trace.WithTimestamp(f.began),
			trace.WithLinks(trace.Link{SpanContext: b.span.SpanContext()}),
			trace.WithAttributes(b.at...), trace.WithAttributes(
				attribute.Int64("messaging.kafka.offset", f.flag.Event.Origin.Offset),
				attribute.String("vigie.flag.id", f.flag.ID),
			))
		span.End(trace.WithTimestamp(written))
	}
}

// end ends the span of the batch with what became of it.
func (b *batchSpan) end(r *flag.Receipt, err error) {
	if b == nil {
		return
	}
	dead, skipped := 0, 0
	for _, n := range r.Dead {
		dead += n
	}
	for _, n := range r.Skipped {
		skipped += n
	}
	b.span.SetAttributes(
		attribute.Int64("vigie.from", r.From), attribute.Int64("vigie.to", r.To),
		attribute.Int("vigie.flagged", r.Flagged), attribute.Int("vigie.clean", r.Clean),
		attribute.Int("vigie.skipped", skipped), attribute.Int("vigie.dead", dead), attribute.Int("vigie.absent", r.Absent),
	)
	if err != nil {
		b.span.SetStatus(codes.Error, "the batch was given up; its records are judged again")
	}
	b.span.End()
}
