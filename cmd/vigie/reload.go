package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
)

// followRules reloads the worker's rules on SIGHUP and when their files have
// changed, until stop is called, which waits for a reload in hand.
func followRules(ctx context.Context, worker *pipeline.Worker, cfg *config.Lexicon, log zerolog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	var ticks <-chan time.Time
	var ticker *time.Ticker
	if cfg.WatchInterval > 0 && cfg.Dir+cfg.Routing != "" {
		ticker = time.NewTicker(cfg.WatchInterval)
		ticks = ticker.C
	}
	files := newWatched(cfg)
	var following sync.WaitGroup
	following.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
				if cfg.Dir+cfg.Routing == "" {
					log.Warn().Msg("SIGHUP: neither lexicon.dir nor lexicon.routing is set, and the rules in the program do not change")
					continue
				}
			case <-ticks:
				if !files.changed() {
					continue
				}
			}
			worker.Reload(ctx, func() (*pipeline.Classifier, []byte, string, error) { return loadTested(cfg) })
		}
	})
	return func() {
		signal.Stop(hangups)
		if ticker != nil {
			ticker.Stop()
		}
		cancel()
		following.Wait()
	}
}

// loadTested loads rules for a running worker: they must compile, and their
// examples must hold.
func loadTested(cfg *config.Lexicon) (*pipeline.Classifier, []byte, string, error) {
	r, err := loadRules(cfg)
	if err != nil {
		return nil, nil, "", err
	}
	switch err := testExamples(io.Discard, r); {
	case errors.Is(err, errInput):
		return nil, nil, "", errors.New("an example of the lexicon does not hold; vigie lexicon test says which")
	case err != nil:
		return nil, nil, "", err
	}
	canonical, err := r.source.Canonical()
	return r.classifier, canonical, r.program.Digest, err
}

// watched are the files of rules. They are looked at, not listened to:
// notifications do not cross every kind of mount, and a mounted configuration
// changes by a link above its files.
type watched struct {
	cfg *config.Lexicon
	// seen is how the files were at the last look, loaded when rules were last
	// loaded.
	seen, loaded uint64
}

func newWatched(cfg *config.Lexicon) *watched {
	now := fingerprint(cfg)
	return &watched{cfg: cfg, seen: now, loaded: now}
}

// changed reports whether the files differ from those loaded and have been the
// same for two looks: files half copied are no rules.
func (w *watched) changed() bool {
	now := fingerprint(w.cfg)
	settled := now == w.seen
	w.seen = now
	if !settled || now == w.loaded {
		return false
	}
	w.loaded = now
	return true
}

// fingerprint sums up names, sizes and times of the files. One that cannot be
// read counts as such: loading will say why.
func fingerprint(cfg *config.Lexicon) uint64 {
	sum := fnv.New64a()
	note := func(name string, info fs.FileInfo, err error) {
		if err != nil {
			_, _ = fmt.Fprintln(sum, name, "cannot be read")
			return
		}
		_, _ = fmt.Fprintln(sum, name, info.Size(), info.ModTime().UnixNano())
	}
	if cfg.Dir != "" {
		files := os.DirFS(cfg.Dir)
		_ = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				return nil
			}
			info, err := fs.Stat(files, name) // of the file that a link leads to
			note(name, info, err)
			return nil
		})
	}
	if cfg.Routing != "" {
		info, err := os.Stat(cfg.Routing)
		note(cfg.Routing, info, err)
	}
	return sum.Sum64()
}
