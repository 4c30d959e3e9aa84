package pipeline

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// Worker is a member of the consumer group: it reads, judges, writes and
// commits until it is told to stop. It keeps nothing that Kafka or the
// configuration does not hold.
type Worker struct {
	cfg   *config.Config
	log   zerolog.Logger
	rules atomic.Pointer[rules]
	// held counts the bytes of records held.
	held atomic.Int64
	// large is taken by whoever judges a large event.
	large   chan struct{}
	metrics *metrics
	unread  *unread
	health  health
	spans   spans
}

// NewWorker returns a worker that judges with classifier, whose ruleset in
// canonical form and its digest it publishes when it starts.
func NewWorker(cfg *config.Config, classifier *Classifier, ruleset []byte, digest string, log zerolog.Logger) (*Worker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	r, err := newRules(classifier, ruleset, digest)
	if err != nil {
		return nil, err
	}
	w := &Worker{
		cfg: cfg, log: log, large: make(chan struct{}, 1), metrics: newMetrics(cfg), unread: newUnread(),
	}
	w.rules.Store(r)
	w.metrics.judgesWith(r.lexicon, r.released, time.Now())
	w.metrics.registry.MustRegister(w.unread, stateOf(w))
	return w, nil
}

// Run works until ctx ends, then finishes the batches in hand, leaves the
// group and returns nil. At start its error says that no broker answers
// ([kafka.ErrUnreachable]), that the cluster denies a right ([kafka.ErrDenied])
// or that a topic is missing ([kafka.ErrMissingTopic]);
// once it runs it tries again whatever can pass, and fails only where the
// configuration says so ([kafka.ErrOutOfRange]).
func (w *Worker) Run(ctx context.Context) error {
	cluster, err := kafka.Connect(w.cfg)
	if err != nil {
		return err
	}
	defer cluster.Close()
	err = w.run(ctx, cluster)
	if ctx.Err() != nil {
		err = nil
		w.log.Info().Msg("stopped")
	}
	return err
}

// run is Run with a connection, whose error may be that of a stop.
func (w *Worker) run(ctx context.Context, cluster *kafka.Cluster) error {
	if err := cluster.Reach(ctx); err != nil {
		return err
	}
	topics := w.cfg.Topics
	if err := cluster.CheckRights(ctx, Rights(w.cfg)); err != nil {
		return err
	}
	if _, err := cluster.Require(ctx, append(topics.Outputs(), topics.Inputs...)); err != nil {
		return err
	}
	known, err := cluster.Require(ctx, topics.Inputs)
	if err != nil {
		return err
	}
	out := newSink(cluster, w.cfg, w.metrics, &w.health, w.log)
	rules := w.rules.Load()
	if err := rules.publish(ctx, out); err != nil {
		return err
	}
	w.log.Info().Str("lexicon", rules.lexicon.Name).Str("version", rules.lexicon.Version).
		Str("digest", rules.lexicon.Digest).Msg("started")
	for {
		if known, err = w.attend(ctx, cluster, out, known); err != nil {
			return err
		}
	}
}

// Rights are those that a worker needs on the cluster, and all of them.
func Rights(cfg *config.Config) []kafka.Right {
	var rights []kafka.Right
	for _, topic := range cfg.Topics.Inputs {
		rights = append(rights, kafka.OnTopic(kafka.Read, topic))
	}
	for _, topic := range cfg.Topics.Outputs() {
		rights = append(rights, kafka.OnTopic(kafka.Write, topic))
	}
	return append(rights, kafka.OnGroup(kafka.Read, cfg.Group.ID))
}

// attend is a member of the group for the topics in known, until they are no
// longer so and it returns what they are now. A topic that was deleted is
// left out: subscribed to, it would starve the others.
func (w *Worker) attend(ctx context.Context, cluster *kafka.Cluster, out *sink, known map[string]int) (map[string]int, error) {
	for _, topic := range w.cfg.Topics.Inputs {
		if _, ok := known[topic]; !ok {
			w.log.Error().Str("topic", topic).Msg("the topic no longer exists; the others are read on")
		}
	}
	if len(known) == 0 {
		return cluster.Watch(ctx, w.cfg.Topics.Inputs, known, w.cfg.Worker.WatchInterval)
	}
	group, err := cluster.Join(&w.cfg.Group, slices.Sorted(maps.Keys(known)))
	if err != nil {
		return nil, err
	}
	defer group.Close()

	var now map[string]int
	run, stop := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		var ended error
		if now, ended = cluster.Watch(run, w.cfg.Topics.Inputs, known, w.cfg.Worker.WatchInterval); ended == nil {
			w.log.Info().Msg("topics or partitions have changed; joining the group again")
			stop(errTopicsChanged)
		}
	})
	watching.Go(func() { w.look(run, cluster) })
	err = w.generations(run, stop, cluster, group, out)
	stop(err)
	watching.Wait()
	if errors.Is(err, errTopicsChanged) {
		return now, nil
	}
	return nil, err
}

var errTopicsChanged = errors.New("the topics have changed")

// generations works through one generation after the other until run ends,
// whose cause it returns.
func (w *Worker) generations(run context.Context, stop context.CancelCauseFunc, cluster *kafka.Cluster, group *kafka.Group, out *sink) error {
	var joining, working backoff
	for {
		gen, err := group.Next(run)
		switch {
		case run.Err() != nil:
			return context.Cause(run)
		case errors.Is(err, kafka.ErrDenied):
			// It had all rights when it started: whoever took one may give it back.
			// Joining needs several; which is missing is told by asking.
			if missing := cluster.CheckRights(run, Rights(w.cfg)); missing != nil {
				err = missing
			}
			w.log.Error().Err(err).Int("tries", joining.tries+1).Msg("the group could not be joined; trying again")
			_ = joining.wait(run)
			continue
		case err != nil:
			w.log.Warn().Err(err).Int("tries", joining.tries+1).Msg("the group could not be joined; trying again")
			_ = joining.wait(run)
			continue
		}
		joining = backoff{}
		w.log.Info().Int("generation", gen.ID()).Int("partitions", len(gen.Assignments)).Msg("joined the group")
		w.joined(gen)
		finished := w.generation(run, stop, cluster, gen, out)
		w.left()
		if finished {
			working = backoff{}
			continue
		}
		// What could not be committed will be judged and written again: not in
		// a storm, while what hinders it lasts.
		_ = working.wait(run)
	}
}

// joined notes for those who watch that a generation begins.
func (w *Worker) joined(gen *kafka.Generation) {
	w.unread.begin(gen.Assignments)
	w.metrics.rebalances.Inc()
	w.metrics.partitions.Set(float64(len(gen.Assignments)))
	w.health.join(len(gen.Assignments))
}

// left notes that it has ended.
func (w *Worker) left() {
	w.metrics.partitions.Set(0)
	w.health.leave()
}

// generation works on all partitions of a generation and returns when the
// last batch in hand is finished or given up, after the generation has ended
// or run has. finished is false when a batch was given up.
func (w *Worker) generation(run context.Context, stop context.CancelCauseFunc, cluster *kafka.Cluster, gen *kafka.Generation, out *sink) (finished bool) {
	var working sync.WaitGroup
	var givenUp atomic.Bool
	// A generation without partitions waits here too.
	working.Add(1)
	gen.Start(func(ctx context.Context) {
		select {
		case <-ctx.Done():
		case <-run.Done():
		}
		working.Done()
		<-ctx.Done()
	})
	budget := newBudget(w.cfg.Worker.MaxBytesInFlight, len(gen.Assignments), &w.held)
	for _, a := range gen.Assignments {
		p := w.partition(cluster, gen, a, out, budget)
		working.Add(1)
		gen.Start(func(ctx context.Context) {
			err := w.work(run, ctx, p)
			givenUp.CompareAndSwap(false, err != nil)
			working.Done()
			switch {
			case errors.Is(err, kafka.ErrOutOfRange):
				p.log.Error().Err(err).Msg("stopping, as the configuration says")
				stop(err)
			case err != nil:
				// Returning ends the generation for all: whether the offset was
				// committed is not known, so it is asked for again.
				p.log.Warn().Err(err).Msg("batch given up; its records will be judged again")
				return
			}
			// Returning here would take every other partition along.
			<-ctx.Done()
		})
	}
	working.Wait()
	return !givenUp.Load()
}
