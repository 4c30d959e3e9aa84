package main

import (
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"
	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// demoPatience is how long the demonstration may take before something is wrong.
const demoPatience = time.Minute

func demoCommand(s *settings) *cobra.Command {
	var sendOnly bool
	var brokers []string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Sample events through a broker in this process and the real worker, with the flags as they come",
		Long: `demo starts a broker inside the program (never for production), sends it sample
events of all five kinds, runs the real worker on them, prints each flag as it
comes (in French, with the customer's words) and ends by itself. It takes the
default configuration, with --lexicon and --routing.

With --send-only it sends the samples to the configured brokers and does nothing
else.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !sendOnly {
				if len(brokers) > 0 {
					return fmt.Errorf("--brokers goes with --send-only: the demonstration has a broker of its own")
				}
				return demonstrate(c, s)
			}
			cfg, err := s.load()
			if err != nil {
				return err
			}
			if len(brokers) > 0 {
				cfg.Kafka.Brokers = brokers
			}
			return sendSamples(c, cfg)
		},
	}
	c.Flags().BoolVar(&sendOnly, "send-only", false, "only send the samples, to the configured brokers")
	c.Flags().StringSliceVar(&brokers, "brokers", nil, "`HOST:PORT`,… to send to (default: as configured)")
	return c
}

// demonstrate runs the whole demonstration.
func demonstrate(c *cobra.Command, s *settings) error {
	cfg := config.Default()
	s.override(cfg)
	cfg.Group.ID = "vigie-demo"
	r, err := loadRules(&cfg.Lexicon)
	if err != nil {
		return err
	}
	events, err := loadSamples()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(c.Context(), demoPatience,
		fmt.Errorf("the demonstration did not end within %v", demoPatience))
	defer cancel()
	addr, stop, err := kafka.Embedded(ctx, append(cfg.Topics.Outputs(), cfg.Topics.Inputs...)...)
	if err != nil {
		return err
	}
	defer stop()
	cfg.Kafka.Brokers = []string{addr}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		return err
	}
	defer cluster.Close()

	report := newReport(c.OutOrStdout(), r.program, events)
	report.begin(cfg.Topics.Inputs)
	if err := send(ctx, cluster, &cfg.Topics, events); err != nil {
		return err
	}
	worker, err := newWorker(cfg, r, zerolog.Nop())
	if err != nil {
		return err
	}
	working, stopWorker := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- worker.Run(working)
		cancel() // nothing more will come
	}()
	err = follow(ctx, cluster, &cfg.Topics, report)
	stopWorker()
	if failed := <-ended; failed != nil {
		return failed
	}
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	report.end()
	return nil
}

// watcher is told of flags and receipts until it has seen all.
type watcher interface {
	flag(value []byte) error
	receipt(value []byte) error
	complete() bool
}

// follow reads flags and receipts from their first partitions until w has
// seen all.
func follow(ctx context.Context, cluster *kafka.Cluster, topics *config.Topics, w watcher) error {
	open := func(topic string) *kafka.Partition {
		return cluster.Open(kafka.Assignment{Topic: topic, Offset: -1}, kafka.Reading{
			Policy: config.Earliest, MaxWait: 50 * time.Millisecond, MaxRecord: int64(topics.MaxMessageBytes),
		})
	}
	sources := []struct {
		from *kafka.Partition
		take func([]byte) error
	}{{open(topics.Flags), w.flag}, {open(topics.Receipts), w.receipt}}
	for !w.complete() {
		for _, s := range sources {
			fetched, err := s.from.Fetch(ctx, 1<<20, nil)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err != nil {
				return err
			}
			for _, r := range fetched.Rest() {
				if err := s.take(r.Value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// sendSamples sends the shipped events to the brokers of cfg.
func sendSamples(c *cobra.Command, cfg *config.Config) error {
	events, err := loadSamples()
	if err != nil {
		return err
	}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		return err
	}
	defer cluster.Close()
	if err := cluster.Reach(c.Context()); err != nil {
		return err
	}
	if _, err := cluster.Require(c.Context(), cfg.Topics.Inputs); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Context(), demoPatience)
	defer cancel()
	if err := send(ctx, cluster, &cfg.Topics, events); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%d sample events sent\n", len(events))
	return nil
}

// send writes events to the input topics, each kind to one of its own as far
// as there are enough.
func send(ctx context.Context, cluster *kafka.Cluster, topics *config.Topics, events []*sample) error {
	order := map[string]int{"transcript": 0, "email": 1, "letter": 2, "survey": 3, "complaint": 4}
	byTopic := make(map[string][]kafkago.Message)
	for _, e := range events {
		topic := topics.Inputs[order[e.kind()]%len(topics.Inputs)]
		byTopic[topic] = append(byTopic[topic], kafkago.Message{
			Key: []byte(e.Subject), Value: e.value, WriterData: e,
			Headers: []kafkago.Header{{Key: "content-type", Value: []byte("application/cloudevents+json")}},
		})
	}
	for topic, messages := range byTopic {
		w := cluster.NewWriter(topic, topics.MaxMessageBytes)
		if err := sendAll(ctx, w, messages); err != nil {
			return err
		}
	}
	return nil
}

// sendAll writes messages, and again those that failed until ctx ends: right
// after its creation a topic has no leader for a moment.
func sendAll(ctx context.Context, w *kafka.Writer, messages []kafkago.Message) error {
	for {
		failed, _, err := w.Write(ctx, messages)
		if err == nil {
			return nil
		}
		messages = failed
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}
