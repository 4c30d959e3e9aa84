package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// Fate is what becomes of a dead letter that is to be sent back.
type Fate string

// The fates.
const (
	// Open letters were not sent back yet.
	Open Fate = "open"
	// Sent letters were sent back now; Returned ones were before, or another
	// letter of the same record was.
	Sent     Fate = "sent"
	Returned Fate = "returned"
	// Untraced letters may have been sent back before: the input topic no longer
	// holds all that came after them.
	Untraced Fate = "untraced"
	// Stuck letters cannot be sent back.
	Stuck Fate = "stuck"
)

// ErrBusy says that letters are being sent back by somebody else.
var ErrBusy = errors.New("another redrive is at work: let it finish, then look what is left")

// Redrive sends dead letters back to their topics. It keeps nothing: a record
// that is sent back carries the place at which it died, so what was done is
// read from the input topics themselves, before anything is sent and after
// every interruption.
type Redrive struct {
	cluster  *kafka.Cluster
	cfg      *config.Config
	letters  []*Letter
	returned *returned

	// Untraced also sends letters of which the input topics no longer show
	// whether they were sent back before.
	Untraced bool
	// Report is told the fate of each letter, in order of origin, and of a fate
	// other than Open, Sent and Returned the reason.
	Report func(l *Letter, fate Fate, why error)
}

// NewRedrive returns one for letters that were chosen. Their keys, values and
// headers are read again when they are sent and need not be kept.
func NewRedrive(cluster *kafka.Cluster, cfg *config.Config, letters []*Letter) *Redrive {
	slices.SortFunc(letters, func(a, b *Letter) int {
		x, y := &a.Origin, &b.Origin
		return cmp.Or(
			cmp.Compare(x.Topic, y.Topic), cmp.Compare(x.Partition, y.Partition), cmp.Compare(x.Offset, y.Offset),
			cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset),
		)
	})
	return &Redrive{
		cluster: cluster, cfg: cfg, letters: letters, returned: newReturned(cluster),
		Report: func(*Letter, Fate, error) {},
	}
}

// Look reports what would become of each letter, and sends none.
func (r *Redrive) Look(ctx context.Context) error {
	if err := r.returned.look(ctx, r.topics(), r.letters); err != nil {
		return err
	}
	for _, l := range r.letters {
		fate, why := r.fate(l)
		r.Report(l, fate, why)
		if fate == Open {
			// A batch that was repeated wrote its dead letters twice.
			r.returned.origins[origin(&l.Origin)] = true
		}
	}
	return nil
}

// fate says what should become of a letter as far as it was looked.
func (r *Redrive) fate(l *Letter) (Fate, error) {
	topic := l.Origin.Topic
	switch {
	case !slices.Contains(r.cfg.Topics.Inputs, topic):
		return Stuck, fmt.Errorf("%s is none of topics.inputs", topic)
	case r.returned.counts[topic] == 0:
		return Stuck, fmt.Errorf("topic %s: %w", topic, kafka.ErrMissingTopic)
	case r.returned.origins[origin(&l.Origin)]:
		return Returned, nil
	case !r.Untraced && !r.returned.shows(l):
		return Untraced, fmt.Errorf("%s no longer holds what came after it; --untraced sends it all the same", topic)
	}
	return Open, nil
}

// Run sends letters back, one after the other, and reports each. Two runs at a
// time would not know of each other's letters, so a run is the member of a
// consumer group that has the first partition of the dead-letter topic, and its
// error is [ErrBusy] where another has it. One that was killed leaves that group
// only after the session timeout: when the next one begins, nothing of it is on
// its way any more.
func (r *Redrive) Run(ctx context.Context) error {
	if err := r.cluster.CheckRights(ctx, r.rights()); err != nil {
		return err
	}
	cfg := r.cfg.Group
	cfg.ID = redriveGroup(r.cfg)
	group, err := r.cluster.Join(&cfg, []string{r.cfg.Topics.DeadLetter})
	if err != nil {
		return err
	}
	defer group.Close()
	next := 0
	for next < len(r.letters) {
		gen, err := nextGeneration(ctx, group)
		if err != nil {
			return fmt.Errorf("group %s: %w", cfg.ID, err)
		}
		if !slices.ContainsFunc(gen.Assignments, func(a kafka.Assignment) bool { return a.Partition == 0 }) {
			return ErrBusy
		}
		ended := make(chan error, 1)
		gen.Start(func(generation context.Context) {
			working, stop := context.WithCancel(ctx)
			defer stop()
			defer context.AfterFunc(generation, stop)()
			var err error
			if next, err = r.send(working, next); generation.Err() != nil && ctx.Err() == nil && !errors.Is(err, kafka.ErrUnknownOutcome) {
				err = nil // somebody joined; who has the partition now goes on
			}
			ended <- err
		})
		if err := <-ended; err != nil {
			return err
		}
	}
	return nil
}

// redriveGroup is the group that a redrive is the one member of.
func redriveGroup(cfg *config.Config) string { return cfg.Group.ID + ".redrive" }

// rights are those that sending back needs, beside reading the letters.
func (r *Redrive) rights() []kafka.Right {
	rights := []kafka.Right{kafka.OnTopic(kafka.Read, r.cfg.Topics.DeadLetter), kafka.OnGroup(kafka.Read, redriveGroup(r.cfg))}
	for _, topic := range r.topics() {
		rights = append(rights, kafka.OnTopic(kafka.Read, topic), kafka.OnTopic(kafka.Write, topic))
	}
	return rights
}

// topics are the inputs that letters go back to.
func (r *Redrive) topics() (topics []string) {
	for _, topic := range r.cfg.Topics.Inputs {
		if slices.ContainsFunc(r.letters, func(l *Letter) bool { return l.Origin.Topic == topic }) {
			topics = append(topics, topic)
		}
	}
	return topics
}

// nextGeneration waits for it, over what passes.
func nextGeneration(ctx context.Context, group *kafka.Group) (gen *kafka.Generation, err error) {
	for range 10 {
		gen, err = group.Next(ctx)
		if err == nil || ctx.Err() != nil || errors.Is(err, kafka.ErrDenied) {
			break
		}
	}
	return gen, err
}

// send sends letters from the one at place next on, and returns the place of
// the first that is not settled.
func (r *Redrive) send(ctx context.Context, next int) (int, error) {
	if err := r.returned.look(ctx, r.topics(), r.letters); err != nil {
		return next, err
	}
	for ; next < len(r.letters); next++ {
		if ctx.Err() != nil {
			return next, ctx.Err()
		}
		l := r.letters[next]
		fate, why := r.fate(l)
		if fate == Open {
			// Once begun it is finished: cut off, it would be neither.
			if fate, why = r.sendOne(context.WithoutCancel(ctx), l); fate == Open {
				return next, fmt.Errorf("dead letter %s: %w", l.Place(), why)
			}
		}
		r.Report(l, fate, why)
	}
	return next, nil
}

// sendOne sends one letter back. Its fate stays Open where the error is none of
// the letter's own.
func (r *Redrive) sendOne(ctx context.Context, l *Letter) (Fate, error) {
	whole, err := r.whole(ctx, l)
	switch {
	case errors.Is(err, kafka.ErrNoRecord), errors.Is(err, errLost), errors.Is(err, ErrNoLetter):
		return Stuck, err
	case err != nil:
		return Open, err
	}
	at := r.returned.target(l)
	err = r.cluster.Send(ctx, at.topic, at.partition, whole.Key, whole.Value, whole.withMarks())
	switch {
	case errors.Is(err, kafka.ErrTooLarge):
		return Stuck, err
	case err != nil:
		return Open, err
	}
	r.returned.origins[origin(&l.Origin)] = true
	return Sent, nil
}

var errLost = errors.New("its value is in neither topic any more")

// whole reads a letter again with its value; one that lost it gets it from the
// record that died, as long as that stands.
func (r *Redrive) whole(ctx context.Context, l *Letter) (*Letter, error) {
	record, err := r.cluster.ReadAt(ctx, r.cfg.Topics.DeadLetter, l.Partition, l.Offset)
	if err != nil {
		return nil, err
	}
	whole, err := ReadLetter(l.Partition, record)
	if err != nil || whole.LostSHA256 == "" {
		return whole, err
	}
	o := &whole.Origin
	record, err = r.cluster.ReadAt(ctx, o.Topic, o.Partition, o.Offset)
	if errors.Is(err, kafka.ErrNoRecord) {
		return nil, errLost
	}
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(record.Value); !strings.EqualFold(hex.EncodeToString(sum[:]), whole.LostSHA256) {
		return nil, errLost
	}
	whole.Value = record.Value
	return whole, nil
}
