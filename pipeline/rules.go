package pipeline

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// rules are what a batch is judged by. A worker changes them as a whole,
// between batches: a batch, its flags and its receipt have one lexicon.
type rules struct {
	lexicon flag.Lexicon
	// released is the day of the lexicon's release, as it says itself.
	released time.Time
	// canonical is the ruleset in the form in which it is published.
	canonical []byte
	// classifiers bounds how many batches are judged at a time.
	classifiers chan *Classifier
}

func newRules(classifier *Classifier, canonical []byte, digest string) (*rules, error) {
	p := classifier.program
	if digest != p.Digest {
		return nil, fmt.Errorf("the ruleset's digest is %s, the classifier's %s", digest, p.Digest)
	}
	r := &rules{
		lexicon:     flag.Lexicon{Name: p.Name, Version: p.Version, Digest: p.Digest},
		released:    p.Released,
		canonical:   canonical,
		classifiers: make(chan *Classifier, runtime.GOMAXPROCS(0)),
	}
	for range cap(r.classifiers) {
		r.classifiers <- classifier.Clone()
	}
	return r, nil
}

// publish writes the rules to the lexicons topic, so that flags made by them
// can be explained later.
func (r *rules) publish(ctx context.Context, out *sink) error {
	return out.publish(ctx, r.lexicon.Digest, r.canonical)
}

// Reload makes the worker judge by the rules that load returns, from the next
// batch on. They are published first. Rules that load refuses, or that cannot
// be published, change nothing: the worker goes on with those that it has.
// What came of it is logged and counted.
func (w *Worker) Reload(ctx context.Context, load func() (*Classifier, []byte, string, error)) {
	outcome, err := w.reload(ctx, load)
	w.metrics.reloads.WithLabelValues(outcome).Inc()
	lexicon := w.rules.Load().lexicon
	switch {
	case err != nil:
		w.log.Error().Err(err).Str("digest", lexicon.Digest).Msg("the new rules are refused; judging on by those there were")
	case outcome == reloadSame:
		w.log.Info().Str("digest", lexicon.Digest).Msg("the rules are the same; nothing to change")
	default:
		w.log.Info().Str("lexicon", lexicon.Name).Str("version", lexicon.Version).Str("digest", lexicon.Digest).
			Msg("judging by new rules from the next batch on")
	}
}

// What comes of a reload.
const (
	reloadDone    = "loaded"
	reloadSame    = "unchanged"
	reloadRefused = "refused"
)

func (w *Worker) reload(ctx context.Context, load func() (*Classifier, []byte, string, error)) (outcome string, err error) {
	classifier, canonical, digest, err := load()
	if err != nil {
		return reloadRefused, err
	}
	if digest == w.rules.Load().lexicon.Digest {
		return reloadSame, nil
	}
	next, err := newRules(classifier, canonical, digest)
	if err != nil {
		return reloadRefused, err
	}
	cluster, err := kafka.Connect(w.cfg)
	if err != nil {
		return reloadRefused, err
	}
	defer cluster.Close()
	out := newSink(cluster, w.cfg, w.metrics, &w.health, w.log)
	if err := next.publish(ctx, out); err != nil {
		return reloadRefused, fmt.Errorf("publishing them to %s: %w", w.cfg.Topics.Lexicons, err)
	}
	w.rules.Store(next)
	w.metrics.judgesWith(next.lexicon, next.released, time.Now())
	return reloadDone, nil
}
