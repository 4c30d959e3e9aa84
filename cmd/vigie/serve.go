package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
)

// watchpoint is what a worker shows over HTTP to those who watch it: /metrics,
// /livez and /readyz. It answers before the worker is there, since reading a
// lexicon takes seconds.
type watchpoint struct {
	server *http.Server
	worker atomic.Pointer[pipeline.Worker]
}

// watch begins to answer where the configuration says, which may be nowhere.
func watch(cfg *config.Config, log zerolog.Logger) (*watchpoint, error) {
	w := &watchpoint{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "alive\n") })
	mux.Handle("GET /readyz", w.of((*pipeline.Worker).ReadyHandler))
	mux.Handle("GET /metrics", w.of((*pipeline.Worker).MetricsHandler))
	w.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	if cfg.Metrics.Listen == "" {
		return w, nil
	}
	listener, err := listen(cfg)
	if err != nil {
		return nil, err
	}
	log.Info().Str("address", listener.Addr().String()).Msg("metrics and probes are served")
	go func() {
		if err := w.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error().Err(err).Msg("metrics and probes are no longer served")
		}
	}()
	return w, nil
}

// listen listens where the configuration says. Several workers on one machine
// are usual, and one that nobody gave an address of its own takes a free port.
func listen(cfg *config.Config) (net.Listener, error) {
	const key = "metrics.listen"
	listener, err := net.Listen("tcp", cfg.Metrics.Listen)
	if errors.Is(err, syscall.EADDRINUSE) && !cfg.IsSet(key) {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w; give each worker of a machine an address of its own, or none (\"\")", key, err)
	}
	return listener, nil
}

// of answers with a handler of the worker, and 503 before there is one.
func (w *watchpoint) of(handler func(*pipeline.Worker) http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		worker := w.worker.Load()
		if worker == nil {
			http.Error(rw, "the lexicon is not loaded yet", http.StatusServiceUnavailable)
			return
		}
		handler(worker).ServeHTTP(rw, r)
	})
}

// close stops answering.
func (w *watchpoint) close() { _ = w.server.Close() }
