package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/go-logr/logr"
	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// tracesFlush is how long a stop may take to send the last spans.
const tracesFlush = 3 * time.Second

// errTraces says that the environment's variables for traces cannot be met.
var errTraces = errors.New("traces")

// wantsTraces reads OpenTelemetry's standard variables: traces are on where an
// exporter or an OTLP endpoint is named, and off by default.
func wantsTraces(getenv func(string) string) (bool, error) {
	if getenv("OTEL_SDK_DISABLED") == "true" {
		return false, nil
	}
	switch exporter := getenv("OTEL_TRACES_EXPORTER"); exporter {
	case "none":
		return false, nil
	case "":
		if getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
			return false, nil
		}
	case "otlp":
	default:
		return false, fmt.Errorf("%w: OTEL_TRACES_EXPORTER is %q; otlp and none are known", errTraces, exporter)
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"} {
		switch protocol := getenv(name); protocol {
		case "":
			continue
		case "http/protobuf":
			return true, nil
		default:
			return false, fmt.Errorf("%w: %s is %q; only http/protobuf is spoken, to port 4318 of most collectors", errTraces, name, protocol)
		}
	}
	return true, nil
}

// spanLog logs what OpenTelemetry cannot make of its variables. It leaves out
// their values: headers hold the collector's credentials.
type spanLog struct{ log zerolog.Logger }

func (spanLog) Init(logr.RuntimeInfo)            {}
func (spanLog) Enabled(level int) bool           { return level == 0 }
func (spanLog) Info(int, string, ...any)         {}
func (s spanLog) WithValues(...any) logr.LogSink { return s }
func (s spanLog) WithName(string) logr.LogSink   { return s }
func (s spanLog) Error(_ error, what string, _ ...any) {
	s.log.Warn().Str("what", what).Msg("traces: a variable OTEL_* cannot be read")
}

// startTraces returns what spans are sent to, nil while traces are off, and
// what sends the last of them and ends it. Endpoint, headers, certificates,
// sampling and queues are as OTEL_* says. A collector that does not answer
// costs spans, never events.
func startTraces(ctx context.Context, log zerolog.Logger) (provider *sdktrace.TracerProvider, stop func(), err error) {
	on, err := wantsTraces(os.Getenv)
	if !on || err != nil {
		return nil, func() {}, err
	}
	// By default these two write to standard error, as text.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn().Err(err).Msg("traces: spans are lost") }))
	otel.SetLogger(logr.New(spanLog{log}))
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, func() {}, fmt.Errorf("%w: %w", errTraces, err)
	}
	named, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "vigie"), attribute.String("service.version", version)),
		resource.WithFromEnv())
	if err != nil {
		return nil, func() {}, fmt.Errorf("%w: %w", errTraces, err)
	}
	provider = sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(named))
	log.Info().Msg("traces are on")
	return provider, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tracesFlush)
		defer cancel()
		if err := provider.Shutdown(ctx); err != nil {
			log.Warn().Err(err).Msg("traces: the last spans are lost")
		}
	}, nil
}
