package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// exported stands for a collector of OpenTelemetry's, and keeps what it is sent.
type exported struct{ lockedBuffer }

// serve listens until the returned function is called, and names itself in the
// environment.
func (c *exported) serve(t *testing.T) func() {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Error(err)
				return
			}
			body = z
		}
		if _, err := io.Copy(c, body); err != nil {
			t.Error(err)
		}
	}))
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	return server.Close
}

// lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// feed makes records of the documents of files and tells known their texts.
func feed(t *testing.T, known *texts, files []string) []fed {
	t.Helper()
	var records []fed
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		corpus, err := eval.Read(bytes.NewReader(data))
		if err != nil || len(corpus.Documents) == 0 {
			t.Fatalf("%s: %d documents: %v", file, len(corpus.Documents), err)
		}
		for _, d := range corpus.Documents {
			records = append(records, twist(t, known, d.Record().Value, len(records)))
		}
	}
	return records
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// page gets a page; status 0 takes any.
func page(ctx context.Context, t *testing.T, url string, status int) string {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || status != 0 && resp.StatusCode != status {
		t.Errorf("%s answers %d, want %d: %v", url, resp.StatusCode, status, err)
	}
	return string(body)
}

// write sends records to their topics.
func write(ctx context.Context, t *testing.T, cluster *kafka.Cluster, cfg *config.Config, records []fed) {
	t.Helper()
	byTopic := make(map[string][]kafkago.Message)
	for i, r := range records {
		byTopic[r.topic] = append(byTopic[r.topic], kafkago.Message{Key: []byte(r.key), Value: r.value, Headers: r.headers, WriterData: i})
	}
	for topic, messages := range byTopic {
		w := cluster.NewWriter(topic, cfg.Topics.MaxMessageBytes)
		if err := sendAll(ctx, w, messages); err != nil {
			t.Fatal(err)
		}
	}
}

// accounted waits until n records have receipts.
func accounted(ctx context.Context, t *testing.T, cluster *kafka.Cluster, cfg *config.Config, n int, ended <-chan error) {
	t.Helper()
	for next, sum := int64(0), 0; sum < n; {
		select {
		case err := <-ended:
			t.Fatalf("the worker has ended: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
		_, err := cluster.Scan(ctx, cfg.Topics.Receipts, 0, next, func(r *kafka.Record) error {
			var receipt struct{ Data struct{ From, To int } }
			next, sum = r.Offset+1, sum+1
			err := json.Unmarshal(r.Value, &receipt)
			sum += receipt.Data.To - receipt.Data.From
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
