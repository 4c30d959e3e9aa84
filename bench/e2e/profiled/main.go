// Command profiled is `vigie run` without its command line, under a CPU
// profile from its first assignment on, which it writes to BENCH_PROFILE.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	cfg, err := config.Load("", os.Environ())
	if err != nil {
		return err
	}
	program, err := lexicon.Unpack(configs.Program(lexicon.EngineVersion))
	if err != nil {
		return err
	}
	classifier, err := pipeline.NewClassifier(program, cfg.Lexicon.Engine)
	if err != nil {
		return err
	}
	// What the lexicons' topic gets is not what is measured.
	worker, err := pipeline.NewWorker(cfg, classifier, []byte("{}"), program.Digest, zerolog.New(os.Stderr).With().Timestamp().Logger())
	if err != nil {
		return err
	}
	out, err := os.Create(os.Getenv("BENCH_PROFILE"))
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	defer func() {
		pprof.StopCPUProfile()
		err = errors.Join(err, out.Close())
	}()
	return worker.Run(ctx)
}
