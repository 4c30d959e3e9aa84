package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline/console"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/french"
	"github.com/vigie-project/vigie/pkg/kafka"
)

func consoleCommand(s *settings) *cobra.Command {
	var listen, corpus string
	var events []string
	c := &cobra.Command{
		Use:   "console",
		Short: "The web page of the lexicon's owners (in French): try a text, see a change, watch the flags",
		Long: `console serves one web application at console.listen, by default for this machine
alone, until it gets SIGTERM or SIGINT. It tries texts, shows the lexicon and what
a change of it would do, and the flags as they come. It writes nothing: a change
is taken away as a patch. Texts that are tried are neither kept nor logged.

--corpus FILE holds annotated documents, one a line, as for vigie eval: changes are
then measured on it. --events FILE holds messages, structured CloudEvents one a
line. Whoever uses the console can read both.

Where kafka.brokers is configured, the console follows topics.flags and
topics.receipts (as no member of a group) and shows how far the workers have come.
The words behind a flag are shown only where topics.evidence is configured and the
console may read it.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load()
			if err != nil {
				return err
			}
			if listen != "" {
				cfg.Console.Listen = listen
				if err := cfg.Validate(); err != nil {
					return err
				}
			}
			o, err := consoleOptions(cfg, corpus, events, c)
			if err != nil {
				return err
			}
			follow, err := feedOf(cfg, o)
			if err != nil {
				return err
			}
			page, err := console.New(*o)
			if err != nil {
				return err
			}
			ctx, stop := context.WithCancel(c.Context())
			var following sync.WaitGroup
			following.Go(func() { follow(ctx) })
			defer following.Wait()
			defer stop()
			return serveConsole(ctx, &cfg.Console, page.Handler(), c.OutOrStdout())
		},
	}
	f := c.Flags()
	f.StringVar(&listen, "listen", "", "`HOST:PORT` to serve at (default: as configured)")
	f.StringVar(&corpus, "corpus", "", "`FILE` of annotated documents to measure changes on")
	f.StringArrayVar(&events, "events", nil, "`FILE` of messages to try changes on; may be given again")
	return c
}

// consoleOptions loads all that a console shows.
func consoleOptions(cfg *config.Config, corpus string, events []string, c *cobra.Command) (*console.Options, error) {
	o := &console.Options{
		Access: console.Access{Console: cfg.Console}, Now: time.Now, Log: newLog(c.ErrOrStderr(), cfg),
	}
	// Before the lexicon, which takes a second: what is mistyped shows at once.
	for _, file := range events {
		more, err := readEvents(file, c.InOrStdin())
		if err != nil {
			return nil, err
		}
		o.Events = append(o.Events, more...)
	}
	if corpus != "" {
		var err error
		var name string
		if o.Corpus, name, err = readCorpus(corpus, c.InOrStdin()); err != nil {
			return nil, err
		}
		warnOfCorpus(c.ErrOrStderr(), name, o.Corpus)
	}
	r, err := loadRules(&cfg.Lexicon)
	if err != nil {
		return nil, err
	}
	o.Rules = &console.Rules{Source: r.source, Program: r.program, Classifier: r.classifier, Engine: cfg.Lexicon.Engine}
	o.Rules.Files, o.Rules.Dir = place(cfg.Lexicon.Dir, "lexicon")
	names := labelsOf(r.program)
	o.Names = names.of
	o.Samples, err = pickable(names)
	return o, err
}

// feedOf gives the console a feed of the flags where brokers are configured, and
// returns what follows them until its context ends.
func feedOf(cfg *config.Config, o *console.Options) (follow func(context.Context), err error) {
	if !cfg.IsSet("kafka.brokers") {
		return func(context.Context) {}, nil
	}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		return nil, err
	}
	o.Feed = console.NewFeed(cluster, cfg, o.Log)
	return func(ctx context.Context) {
		defer cluster.Close()
		o.Feed.Run(ctx)
	}, nil
}

// pickable are the shipped messages under French names.
func pickable(names labels) ([]console.Sample, error) {
	samples, err := loadSamples()
	if err != nil {
		return nil, err
	}
	list := make([]console.Sample, len(samples))
	for i, s := range samples {
		list[i] = console.Sample{Name: fmt.Sprintf("%s d’exemple n°%s%d", french.Capital(names.of(s.Type)), french.Space, i+1), Value: s.value}
	}
	return list, nil
}

// readEvents reads the messages of a file, one a line.
func readEvents(file string, stdin io.Reader) ([]event.Record, error) {
	f, name, err := open(file, stdin)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []event.Record
	in := bufio.NewReader(f)
	for {
		line, err := in.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			list = append(list, event.Record{Value: line})
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: no event", name)
	}
	return list, nil
}

// leaveWithin is how long open pages may take to end when the console stops.
const leaveWithin = 5 * time.Second

// serveConsole answers until ctx ends.
func serveConsole(ctx context.Context, cfg *config.Console, page http.Handler, out io.Writer) error {
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("console.listen: %w; choose another with --listen", err)
	}
	server := &http.Server{
		Handler: page, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }, // streams end with the console
	}
	scheme, serve := "http", server.Serve
	if cfg.CertFile != "" {
		scheme, serve = "https", func(l net.Listener) error { return server.ServeTLS(l, cfg.CertFile, cfg.KeyFile) }
	}
	fmt.Fprintf(out, "La console est servie sur %s://%s/ ; Ctrl-C l’arrête.\n", scheme, strings.Replace(listener.Addr().String(), "[::]", "localhost", 1))
	left := make(chan struct{})
	stays := context.AfterFunc(ctx, func() {
		defer close(left)
		leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWithin)
		defer cancel()
		if server.Shutdown(leaving) != nil {
			_ = server.Close()
		}
	})
	err = serve(listener)
	if stays() {
		return fmt.Errorf("console: %w", err)
	}
	<-left
	return nil
}
