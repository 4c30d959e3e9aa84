// Command passthrough is the ceiling of a worker: it reads, writes and commits
// as `vigie run` does, with the same client and settings, and looks at nothing.
// Of every ten events one makes a record of a flag's size. With BENCH_PROFILE it
// writes a CPU profile there.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"strconv"
	"syscall"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// loop passes events of one generation through.
type loop struct {
	cfg             *config.Config
	cluster         *kafka.Cluster
	flags, receipts *kafka.Writer
	flagBytes       int
}

func run(ctx context.Context) error {
	cfg, err := config.Load("", os.Environ())
	if err != nil {
		return err
	}
	size, err := strconv.Atoi(os.Getenv("BENCH_FLAG_BYTES"))
	if err != nil {
		return fmt.Errorf("BENCH_FLAG_BYTES: %w", err)
	}
	if path := os.Getenv("BENCH_PROFILE"); path != "" {
		out, err := os.Create(path)
		if err != nil {
			return err
		}
		defer out.Close()
		if err := pprof.StartCPUProfile(out); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		return err
	}
	defer cluster.Close()
	if err := cluster.Reach(ctx); err != nil {
		return err
	}
	l := &loop{
		cfg: cfg, cluster: cluster, flagBytes: size,
		flags:    cluster.NewWriter(cfg.Topics.Flags, cfg.Topics.MaxMessageBytes),
		receipts: cluster.NewWriter(cfg.Topics.Receipts, cfg.Topics.MaxMessageBytes),
	}
	group, err := cluster.Join(&cfg.Group, cfg.Topics.Inputs)
	if err != nil {
		return err
	}
	defer group.Close()
	for {
		gen, err := group.Next(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil { // the broker may only just have started
			fmt.Fprintln(os.Stderr, err)
			time.Sleep(time.Second)
			continue
		}
		for _, a := range gen.Assignments {
			gen.Start(func(ended context.Context) {
				if err := l.work(ended, gen, a); err != nil && ended.Err() == nil {
					fmt.Fprintln(os.Stderr, err)
				}
				<-ended.Done()
			})
		}
	}
}

// again is how long the loop waits before it tries once more, as a worker does.
const again = 100 * time.Millisecond

// work reads one partition, a fetch ahead.
func (l *loop) work(ctx context.Context, gen *kafka.Generation, a kafka.Assignment) error {
	s := &l.cfg.Worker
	share := s.MaxBytesInFlight / 16 * 3 / int64(len(gen.Assignments)) // as the worker shares it out
	from := l.cluster.Open(a, kafka.Reading{Policy: config.Earliest, MaxWait: s.FetchMaxWait, MaxRecord: int64(s.MaxValueBytes)})
	fetched := make(chan *kafka.Fetched)
	failed := make(chan error, 1)
	go func() {
		defer close(fetched)
		for {
			f, err := from.Fetch(ctx, int(min(int64(s.FetchMaxBytes), share)), nil)
			if err != nil && ctx.Err() == nil { // right after its creation a topic has no leader
				fmt.Fprintln(os.Stderr, err)
				time.Sleep(again)
				continue
			}
			if err != nil {
				failed <- err
				return
			}
			if f.From == f.Next {
				continue
			}
			select {
			case fetched <- f:
			case <-ctx.Done():
				return
			}
		}
	}()
	for f := range fetched {
		for {
			batch, err := f.Read(kafka.Limit{Records: s.BatchRecords, Bytes: share})
			if err != nil {
				break // used up
			}
			for {
				err := l.pass(ctx, gen, a, batch)
				if err == nil {
					break
				}
				if ctx.Err() != nil {
					return err
				}
				fmt.Fprintln(os.Stderr, err)
				time.Sleep(again)
			}
		}
	}
	return <-failed
}

// pass writes what a worker would write for a batch, and commits it.
func (l *loop) pass(ctx context.Context, gen *kafka.Generation, a kafka.Assignment, batch kafka.Batch) error {
	receipt := &flag.Receipt{
		Group: l.cfg.Group.ID, Generation: gen.ID(), Topic: a.Topic, Partition: a.Partition, From: batch.From, To: batch.To,
		Skipped: map[string]int{"language": 0, "marker": 0, "tombstone": 0}, Dead: map[string]int{},
	}
	var flags []kafkago.Message
	for i := range batch.Records {
		r := &batch.Records[i]
		if r.Offset%10 != 0 {
			receipt.Clean++
			continue
		}
		receipt.Flagged++
		// A copy of the event's beginning, its id among it: it is compressed
		// about as well as a flag.
		flags = append(flags, kafkago.Message{
			Key: r.Key, Value: bytes.Clone(r.Value[:min(l.flagBytes, len(r.Value))]), WriterData: &r.Offset,
		})
	}
	if len(flags) > 0 {
		if _, _, err := l.flags.Write(ctx, flags); err != nil {
			return err
		}
	}
	told := kafkago.Message{
		Key: fmt.Appendf(nil, "%s/%d", a.Topic, a.Partition), Value: receipt.AppendJSON(nil), WriterData: receipt,
	}
	if _, _, err := l.receipts.Write(ctx, []kafkago.Message{told}); err != nil {
		return err
	}
	return gen.Commit(ctx, a.Topic, a.Partition, batch.To+1)
}
