package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

func deadletterCommand(s *settings) *cobra.Command {
	return group("deadletter", "What could not be read, and its way back",
		deadletterList(s), deadletterShow(s), deadletterRedrive(s),
	)
}

// withCluster calls do with a connection to the configured brokers.
func (s *settings) withCluster(ctx context.Context, do func(*config.Config, *kafka.Cluster) error) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		return err
	}
	defer cluster.Close()
	if err := cluster.Reach(ctx); err != nil {
		return err
	}
	return do(cfg, cluster)
}

const lineOfLetter = "%-10s %-20s %-9s %-30s %8s %8s  %s\n"

func deadletterList(s *settings) *cobra.Command {
	var pick selection
	var open bool
	c := &cobra.Command{
		Use:   "list [PLACE…]",
		Short: "A line a dead letter: where it stands, when and why it died, where it came from, how often",
		Long: `list prints a line for each dead letter that the options choose, all without any.
A PLACE is partition/offset on the dead-letter topic, or partition/first-last.
No text, key or header of a message is printed.`,
		RunE: func(c *cobra.Command, places []string) error {
			if err := pick.parse(places, time.Now()); err != nil {
				return err
			}
			return s.withCluster(c.Context(), func(cfg *config.Config, cluster *kafka.Cluster) error {
				out, errs := c.OutOrStdout(), c.ErrOrStderr()
				fmt.Fprintf(out, lineOfLetter, "PLACE", "DIED", "CLASS", "ORIGIN", "ATTEMPTS", "BYTES", "WHY")
				classes := make(map[string]int)
				line := func(l *pipeline.Letter) {
					classes[l.Class]++
					o := &l.Origin
					fmt.Fprintf(out, lineOfLetter, l.Place(), l.Died.Format("2006-01-02T15:04:05Z"), l.Class,
						fmt.Sprintf("%s/%d/%d", o.Topic, o.Partition, o.Offset), fmt.Sprint(l.Attempts), fmt.Sprint(l.Size), l.Message)
				}
				letters, err := pick.letters(c.Context(), cfg, cluster, errs, func(l *pipeline.Letter) {
					if !open {
						line(l)
					}
				})
				if err != nil {
					return err
				}
				if open {
					r := pipeline.NewRedrive(cluster, cfg, letters)
					r.Report = func(l *pipeline.Letter, fate pipeline.Fate, _ error) {
						if fate != pipeline.Returned {
							line(l)
						}
					}
					if err := r.Look(c.Context()); err != nil {
						return err
					}
				}
				fmt.Fprintf(errs, "%s\n", tally(classes, "dead letter"))
				return nil
			})
		},
	}
	pick.flags(c)
	c.Flags().BoolVar(&open, "open", false, "only those that were not sent back yet; looks through the input topics")
	return c
}

func deadletterRedrive(s *settings) *cobra.Command {
	var pick selection
	var all, dryRun, untraced bool
	c := &cobra.Command{
		Use:   "redrive [PLACE…]",
		Short: "Send dead letters back to the topics that they came from, each once",
		Long: `redrive writes the original key, value and headers of the chosen letters to the
partition that each came from, one after the other, with two headers beside them:
redrive-origin, the place at which it died, and attempts, how often it has.
Should it die again, attempts counts on.

What was sent back is read from the input topics, so redrive can be stopped or
killed and started again with the same options: nothing is sent twice. It prints
a line for each letter. Exit code 1: some could not be sent.`,
		RunE: func(c *cobra.Command, places []string) error {
			if err := pick.parse(places, time.Now()); err != nil {
				return err
			}
			if pick.everything() != all {
				return errors.New("name letters by place, --class, --topic, --since or --until, or all of them by --all alone")
			}
			return s.withCluster(c.Context(), func(cfg *config.Config, cluster *kafka.Cluster) error {
				letters, err := pick.letters(c.Context(), cfg, cluster, c.ErrOrStderr(), nil)
				if err != nil {
					return err
				}
				r := pipeline.NewRedrive(cluster, cfg, letters)
				r.Untraced = untraced
				fates := make(map[string]int)
				r.Report = func(l *pipeline.Letter, fate pipeline.Fate, why error) {
					fates[string(fate)]++
					printFate(c.OutOrStdout(), l, fate, why)
				}
				act := r.Run
				if dryRun {
					act = r.Look
				}
				err = act(c.Context())
				if dryRun || err == nil {
					fmt.Fprintf(c.ErrOrStderr(), "%s\n", tally(fates, "dead letter"))
				} else {
					fmt.Fprintf(c.ErrOrStderr(), "stopped after %s; the same command goes on from there\n", tally(fates, "dead letter"))
				}
				switch {
				case errors.Is(err, kafka.ErrUnknownOutcome):
					return fmt.Errorf("%w: %w; start again when the brokers are well", kafka.ErrUnreachable, err)
				case c.Context().Err() != nil:
					return errInterrupted
				case err != nil:
					return err
				case fates[string(pipeline.Stuck)]+fates[string(pipeline.Untraced)] > 0:
					return errInput
				}
				return nil
			})
		},
	}
	pick.flags(c)
	c.Flags().BoolVar(&all, "all", false, "every dead letter that stands on the topic")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "say what would become of each, send nothing")
	c.Flags().BoolVar(&untraced, "untraced", false, "also those of which the input topic no longer shows whether they were sent back before")
	return c
}

func printFate(w io.Writer, l *pipeline.Letter, fate pipeline.Fate, why error) {
	o := &l.Origin
	fmt.Fprintf(w, "%-9s %-10s %s/%d/%d", fate, l.Place(), o.Topic, o.Partition, o.Offset)
	if why != nil {
		fmt.Fprintf(w, ": %v", why)
	}
	fmt.Fprintln(w)
}

// tally is "3 dead letters: 2 json, 1 data".
func tally(counts map[string]int, noun string) string {
	names := make([]string, 0, len(counts))
	sum := 0
	for name, n := range counts {
		sum += n
		names = append(names, fmt.Sprintf("%d %s", n, name))
	}
	slices.Sort(names)
	if sum != 1 {
		noun += "s"
	}
	if sum == 0 {
		return "no " + noun
	}
	return fmt.Sprintf("%d %s: %s", sum, noun, strings.Join(names, ", "))
}
