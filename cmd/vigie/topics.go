package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// errTopics says that topics are not as configured; which has been said.
var errTopics = errors.New("topics are not as configured: create those that are missing with vigie topics create, " +
	"and change the others or the configuration")

// topicsAction makes or compares topics; with inputs those too that are read.
type topicsAction func(ctx context.Context, cfg *config.Config, inputs bool) ([]kafka.TopicReport, error)

func topicsCommand(s *settings) *cobra.Command {
	return group("topics", "The topics that vigie writes, and on demand those that it reads",
		topicsAct(s, "create", "Create the topics that are missing, with partitions, retention and limits as configured", kafka.CreateTopics, false),
		topicsAct(s, "check", "Compare the topics with the configuration and change nothing", kafka.CheckTopics, true),
	)
}

// topicsAct is a command that prints what act found; a strict one fails where
// a topic is not as configured.
func topicsAct(s *settings, use, short string, act topicsAction, strict bool) *cobra.Command {
	var inputs bool
	c := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load()
			if err != nil {
				return err
			}
			reports, err := act(c.Context(), cfg, inputs)
			if err != nil {
				return err
			}
			if good := printTopics(c.OutOrStdout(), reports); strict && !good {
				return errTopics
			}
			return nil
		},
	}
	c.Flags().BoolVar(&inputs, "inputs", false, "the topics that are read, too")
	return c
}

// printTopics prints a line a topic, its differences below it, and returns
// whether all are as configured.
func printTopics(w io.Writer, reports []kafka.TopicReport) bool {
	good := true
	for _, r := range reports {
		fmt.Fprintf(w, "%-8s %s\n", r.Status, r.Topic)
		for _, d := range r.Differences {
			fmt.Fprintf(w, "         %s\n", d)
		}
		good = good && (r.Status == kafka.Created || r.Status == kafka.Exists)
	}
	return good
}
