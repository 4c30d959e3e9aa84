package integration

import (
	"compress/gzip"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// span is a span as a collector receives it.
type span struct {
	name, trace, id, parent string
	links                   []string
	attributes              map[string]string
	failed                  bool
	took                    time.Duration
}

// collected is an OTLP receiver on the loopback interface.
type collected struct {
	mu    sync.Mutex
	spans []span
	// raw is all that was received, decompressed.
	raw strings.Builder
}

// all returns the spans whose name begins so.
func (c *collected) all(prefix string) (list []span) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.spans {
		if strings.HasPrefix(s.name, prefix) {
			list = append(list, s)
		}
	}
	return list
}

// ServeHTTP takes an export request as the protocol has it over HTTP.
func (c *collected) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, wrong := gzip.NewReader(strings.NewReader(string(body)))
		if wrong == nil {
			body, err = io.ReadAll(z)
		}
	}
	var req collector.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &req) != nil {
		http.Error(rw, "not an export of traces", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw.Write(body)
	for _, rs := range req.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				got := span{
					name: s.Name, trace: hex.EncodeToString(s.TraceId), id: hex.EncodeToString(s.SpanId), parent: hex.EncodeToString(s.ParentSpanId),
					attributes: make(map[string]string), failed: s.GetStatus().GetCode() == 2,
					took: time.Duration(s.EndTimeUnixNano - s.StartTimeUnixNano),
				}
				for _, l := range s.Links {
					got.links = append(got.links, hex.EncodeToString(l.SpanId))
				}
				for _, a := range s.Attributes {
					got.attributes[a.Key] = a.Value.String()
				}
				c.spans = append(c.spans, got)
			}
		}
	}
}

// collect starts a collector and returns it with a provider that exports to it
// over OTLP, and what sends what it still holds.
func collect(t *testing.T) (*collected, *sdktrace.TracerProvider, func()) {
	t.Helper()
	c := &collected{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	exporter, err := otlptracehttp.New(t.Context(), otlptracehttp.WithEndpointURL(server.URL+"/v1/traces"))
	if err != nil {
		t.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	return c, provider, func() {
		if err := provider.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
