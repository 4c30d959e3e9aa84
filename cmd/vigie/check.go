package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pkg/config"
)

func checkCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Validate configuration, routing and lexicon without contacting anything",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, wrongConfig := s.load()
			if wrongConfig != nil {
				// What the options name can still be checked, without the configuration.
				cfg = config.Default()
				s.override(cfg)
			}
			r, wrongRules := loadRules(&cfg.Lexicon)
			if err := errors.Join(wrongConfig, wrongRules); err != nil {
				return err
			}
			printLoaded(c.OutOrStdout(), s.config, cfg, r)
			return nil
		},
	}
}

// printLoaded says what was found good.
func printLoaded(w io.Writer, file string, cfg *config.Config, r *rules) {
	const shipped = "(in the program)"
	p := r.program
	fmt.Fprintf(w, "configuration  %s\n", cmp.Or(file, "(defaults and environment)"))
	fmt.Fprintf(w, "  brokers      %s\n", strings.Join(cfg.Kafka.Brokers, ", "))
	fmt.Fprintf(w, "  group        %s\n", cfg.Group.ID)
	fmt.Fprintf(w, "  reads        %s\n", strings.Join(cfg.Topics.Inputs, ", "))
	for _, topic := range slices.Sorted(maps.Keys(cfg.Topics.Formats)) {
		fmt.Fprintf(w, "  format       %s of %s\n", formatOf(cfg.Topics.Formats[topic]), topic)
	}
	fmt.Fprintf(w, "  writes       %s\n", strings.Join(cfg.Topics.Outputs(), ", "))
	fmt.Fprintf(w, "routing        %s\n", cmp.Or(cfg.Lexicon.Routing, shipped))
	fmt.Fprintf(w, "lexicon        %s\n", cmp.Or(cfg.Lexicon.Dir, shipped))
	fmt.Fprintf(w, "  release      %s %s\n", p.Name, p.Version)
	fmt.Fprintf(w, "  digest       %s\n", p.Digest)
	fmt.Fprintf(w, "  holds        %d categories, %d factors, %d terms, %d cues\n", len(p.Categories), len(p.Factors), len(p.Terms), len(r.source.Qualifiers.Cues))
	fmt.Fprintf(w, "engine         %s\n", cfg.Lexicon.Engine)
}

// formatOf is the name of a topic's format, as topics.formats has it.
func formatOf(value any) any {
	if options, ok := value.(map[string]any); ok {
		return options["format"]
	}
	return value
}
