package main

import (
	"io"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
)

func runCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "The worker: a member of the group on the configured topics",
		Long: `run reads the configured topics as a member of the consumer group until it gets
SIGTERM or SIGINT; then it finishes the batches in hand, commits and leaves. On
SIGHUP, or when the files of the configured lexicon or routing have changed, it
loads them, runs their examples, and judges by them from the next batch on; what
is wrong with them is logged, and nothing changes. It logs JSON on standard
error: topics, offsets and counts, never a customer's word.

At metrics.listen it answers /metrics for Prometheus, /livez while the process
runs, and /readyz while it is a member of the group and can write its flags.
Traces go to an OTLP collector where OpenTelemetry's OTEL_* variables name one.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load()
			if err != nil {
				return err
			}
			log := newLog(c.ErrOrStderr(), cfg)
			watched, err := watch(cfg, log)
			if err != nil {
				return err
			}
			defer watched.close()
			r, err := loadRules(&cfg.Lexicon)
			if err != nil {
				return err
			}
			worker, err := newWorker(cfg, r, log)
			if err != nil {
				return err
			}
			spans, stopTraces, err := startTraces(c.Context(), log)
			if err != nil {
				return err
			}
			defer stopTraces()
			if spans != nil {
				worker.TraceTo(spans)
			}
			announce(log, cfg)
			watched.worker.Store(worker)
			defer followRules(c.Context(), worker, &cfg.Lexicon, log)()
			return worker.Run(c.Context())
		},
	}
}

// newLog returns the logger of a configuration.
func newLog(w io.Writer, cfg *config.Config) zerolog.Logger {
	level, err := zerolog.ParseLevel(cfg.Log.Level)
	if err != nil {
		level = zerolog.InfoLevel // the configuration was validated
	}
	return zerolog.New(w).Level(level).With().Timestamp().Logger()
}

// newWorker returns a worker that judges by r.
func newWorker(cfg *config.Config, r *rules, log zerolog.Logger) (*pipeline.Worker, error) {
	canonical, err := r.source.Canonical()
	if err != nil {
		return nil, err
	}
	return pipeline.NewWorker(cfg, r.classifier, canonical, r.program.Digest, log)
}

// announce logs what the worker starts with, without secrets.
func announce(log zerolog.Logger, cfg *config.Config) {
	log.Info().
		Str("version", cfg.Version).
		Strs("brokers", cfg.Kafka.Brokers).
		Bool("tls", cfg.Kafka.TLS.Enabled).
		Str("sasl", cfg.Kafka.SASL.Mechanism).
		Str("group", cfg.Group.ID).
		Strs("inputs", cfg.Topics.Inputs).
		Strs("outputs", cfg.Topics.Outputs()).
		Str("engine", cfg.Lexicon.Engine).
		Msg("starting")
}
