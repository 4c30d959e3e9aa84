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
SIGTERM or SIGINT; then it finishes the batches in hand, commits and leaves. It
logs JSON on standard error: topics, offsets and counts, never a customer's word.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load()
			if err != nil {
				return err
			}
			r, err := loadRules(&cfg.Lexicon)
			if err != nil {
				return err
			}
			log := newLog(c.ErrOrStderr(), cfg)
			worker, err := newWorker(cfg, r, log)
			if err != nil {
				return err
			}
			summarize(log, cfg)
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

// summarize logs what the worker starts with, without secrets.
func summarize(log zerolog.Logger, cfg *config.Config) {
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
