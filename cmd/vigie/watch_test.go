package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rs/zerolog"
	traces "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/vigie-project/vigie/pkg/config"
)

const listenVariable = "VIGIE_METRICS__LISTEN"

// freeport chooses an address that nobody listens at, outside of the range that
// systems hand out by themselves.
func freeport(ts *testscript.TestScript, _ bool, _ []string) {
	for port := 15000 + time.Now().UnixNano()%4000; ; port++ {
		addr := fmt.Sprintf("127.0.0.1:%d", port)
		if l, err := net.Listen("tcp", addr); err == nil {
			ts.Check(l.Close())
			ts.Setenv(listenVariable, addr)
			return
		}
	}
}

func get(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: get PATH CODE")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		resp, err := http.Get("http://" + ts.Getenv(listenVariable) + args[0])
		var body []byte
		if err == nil {
			body, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil && resp.StatusCode == want {
			_, _ = ts.Stdout().Write(body)
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s: no %d within a minute: %v, %s", args[0], want, err, body)
		}
	}
}

// otlp takes what a collector would be sent.
type otlp struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (o *otlp) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var req traces.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &req) != nil {
		http.Error(rw, "not an export of traces", http.StatusBadRequest)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, rs := range req.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				fmt.Fprintf(&o.lines, "%s %s %s resource %v attributes %v\n", hex.EncodeToString(s.TraceId), hex.EncodeToString(s.ParentSpanId),
					s.Name, rs.Resource.Attributes, s.Attributes)
			}
		}
	}
}

// collectors are those of scripts, by the endpoint that they were told.
var collectors sync.Map

func collector(ts *testscript.TestScript, _ bool, _ []string) {
	o := &otlp{}
	server := httptest.NewServer(o)
	ts.Defer(server.Close)
	ts.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	collectors.Store(server.URL, o)
}

func spans(ts *testscript.TestScript, _ bool, _ []string) {
	o, ok := collectors.Load(ts.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"))
	if !ok {
		ts.Fatalf("spans without a collector")
	}
	got := o.(*otlp)
	got.mu.Lock()
	defer got.mu.Unlock()
	_, _ = ts.Stdout().Write(got.lines.Bytes())
}

// When traces are on, and what is refused.
func TestWantsTraces(t *testing.T) {
	for _, tt := range []struct {
		name    string
		environ map[string]string
		on      bool
		wrong   string
	}{
		{"nothing is said", nil, false, ""},
		{"an endpoint", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel:4318"}, true, ""},
		{"an endpoint of traces", map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://otel:4318/v1/traces"}, true, ""},
		{"the exporter, with its default endpoint", map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, true, ""},
		{"none, though there is an endpoint", map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel:4318"}, false, ""},
		{"the whole SDK off", map[string]string{"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "otlp"}, false, ""},
		{"another exporter", map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, false, `OTEL_TRACES_EXPORTER is "zipkin"`},
		{"HTTP said", map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, true, ""},
		{"gRPC", map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, "only http/protobuf"},
		{"gRPC for others, HTTP for traces", map[string]string{
			"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
		}, true, ""},
	} {
		on, err := wantsTraces(func(name string) string { return tt.environ[name] })
		if on != tt.on || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s: on %v, %v", tt.name, on, err)
		}
	}
}

// The address that nobody set may be taken: by another worker of this machine.
func TestListenWhereTheDefaultIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	cfg := config.Default()
	cfg.Metrics.Listen = taken.Addr().String() // as the default would be
	l, err := listen(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if host, port, _ := net.SplitHostPort(l.Addr().String()); host != "127.0.0.1" || port == "0" || l.Addr().String() == taken.Addr().String() {
		t.Errorf("it listens at %s", l.Addr())
	}
	set, err := config.Load("", []string{listenVariable + "=" + taken.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := listen(set); err == nil || !strings.Contains(err.Error(), "metrics.listen") {
		t.Errorf("the address that was set is taken: %v", err)
	}
}

// Before the lexicon is read the process is alive and not ready.
func TestWatchBeforeTheWorker(t *testing.T) {
	cfg := config.Default()
	cfg.Metrics.Listen = ""
	w, err := watch(cfg, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/livez": 200, "/readyz": 503, "/metrics": 503, "/debug/pprof/": 404, "/": 404} {
		answer := httptest.NewRecorder()
		w.server.Handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if answer.Code != want {
			t.Errorf("%s answers %d, want %d", path, answer.Code, want)
		}
	}
}
