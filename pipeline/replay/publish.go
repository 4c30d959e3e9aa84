package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// Publication makes the flags topic say what the lexicon of a replay says: it
// writes flags that are new or other than the last ones there, and retractions
// of those that are no longer made. What stands is read from the topic itself,
// so it can be stopped and repeated: what was written is not written again.
type Publication struct {
	Cluster *kafka.Cluster
	Config  *config.Config
	Dir     string
	Plan    *Plan
	// After is the lexicon of the replay, Ruleset its canonical form.
	After   *pipeline.Classifier
	Ruleset []byte
	Now     time.Time
	Log     zerolog.Logger

	// Changes counts what was written, Fates what was not, Strange the records
	// of the flags topic that are neither flags nor retractions.
	Changes map[Change]int
	Fates   map[Fate]int
	Strange int

	// last is the offset of the last outcome of an event with a flag.
	last map[identity]sighting
	// committed is how far production has come.
	committed map[spot]int64
	standing  map[identity]*standing
}

// spot is one partition.
type spot struct {
	topic     string
	partition int
}

// sighting is where a record of an event stands, and when it was written.
type sighting struct {
	spot
	offset, timestamp int64
}

// Run publishes: first the ruleset, unless it stands there, so that the flags
// can be explained; then the flags and the retractions.
func (p *Publication) Run(ctx context.Context) (err error) {
	p.Changes, p.Fates = make(map[Change]int), make(map[Fate]int)
	if err := p.ruleset(ctx); err != nil {
		return err
	}
	if err := p.progress(ctx); err != nil {
		return err
	}
	if err := p.find(); err != nil {
		return err
	}
	p.standing, p.Strange, err = standings(ctx, p.Cluster, p.Config.Topics.Flags, func(id identity, o *flag.Origin) bool {
		_, flagged := p.last[id]
		return flagged || p.judged(o)
	})
	if err != nil {
		return err
	}
	out := newSender(p.Cluster, p.Config, p.Config.Topics.Flags)
	if err := p.flags(ctx, out); err != nil {
		return err
	}
	if err := p.retract(ctx, out); err != nil {
		return err
	}
	return out.flush(ctx)
}

// ruleset makes the lexicons topic hold the one that judged.
func (p *Publication) ruleset(ctx context.Context) error {
	topic := p.Config.Topics.Lexicons
	_, err := pipeline.Published(ctx, p.Cluster, topic, p.Plan.After.Digest)
	if !errors.Is(err, pipeline.ErrUnpublished) {
		return err
	}
	out := &sender{writer: p.Cluster.NewWriter(topic, p.Config.Topics.LexiconMaxBytes)}
	m := kafkago.Message{Key: []byte(p.Plan.After.Digest), Value: p.Ruleset, WriterData: p.Plan.After.Digest}
	if err := out.add(ctx, m); err != nil {
		return err
	}
	return out.flush(ctx)
}

// progress asks how far production has come: what it has not read yet it will
// judge itself, by its own lexicon, and write behind what is published here.
func (p *Publication) progress(ctx context.Context) error {
	p.committed = make(map[spot]int64)
	for _, r := range p.Plan.Ranges {
		offset, err := p.Cluster.Committed(ctx, p.Config.Group.ID, r.Topic, r.Partition)
		if err != nil {
			return err
		}
		p.committed[spot{r.Topic, r.Partition}] = offset
	}
	return nil
}

// find notes which record of each event counts: the last one with a flag.
func (p *Publication) find() error {
	p.last = make(map[identity]sighting)
	_, err := Read(p.Dir, p.Plan, func(o *Outcome) error {
		if o.After == nil {
			return nil
		}
		at := sightingOf(o)
		id := identityOf(&o.After.Event)
		if before, ok := p.last[id]; !ok || before.spot == at.spot || before.timestamp <= at.timestamp {
			p.last[id] = at
		}
		return nil
	})
	return err
}

func sightingOf(o *Outcome) sighting {
	return sighting{spot{o.Origin.Topic, o.Origin.Partition}, o.Origin.Offset, o.Origin.Timestamp}
}

// judged reports whether a record stands in the range of the replay.
func (p *Publication) judged(o *flag.Origin) bool {
	return o != nil && slices.ContainsFunc(p.Plan.Ranges, func(r Range) bool {
		return r.Topic == o.Topic && r.Partition == o.Partition && r.From <= o.Offset && o.Offset < r.End
	})
}

// unread reports whether production has not come to a record.
func (p *Publication) unread(at spot, offset int64) bool { return offset >= p.committed[at] }

// flags publishes those that differ from what stands.
func (p *Publication) flags(ctx context.Context, out *sender) error {
	_, err := Read(p.Dir, p.Plan, func(o *Outcome) error {
		if o.After == nil {
			return nil
		}
		id, at := identityOf(&o.After.Event), sightingOf(o)
		s := p.standing[id]
		switch {
		case p.last[id] != at:
			return nil // a later record of the event counts
		case p.unread(at.spot, at.offset):
			p.Fates[Unread]++
			return nil
		case s.stands() && !p.judged(s.flag.Event.Origin):
			p.Fates[Elsewhere]++
			return nil
		}
		old := ageOf(o, p.Now) > p.Config.Replay.UrgentMaxAge
		next, change, fate := decide(o.After, s, old)
		if next == nil {
			p.Fates[fate]++
			return nil
		}
		p.Changes[change]++
		return out.add(ctx, pipeline.FlagMessage(next, o.Traceparent, p.Config.Version))
	})
	return err
}

// retract takes back what stands of events that are judged again and no longer
// flagged. Each is judged once more for it: where it cannot be, nothing is said
// of the person.
func (p *Publication) retract(ctx context.Context, out *sender) error {
	j := &judge{after: p.After.Clone(), share: 1, maxValue: p.Config.Worker.MaxValueBytes, large: &sync.Mutex{}, log: p.Log}
	for _, id := range slices.Sorted(maps.Keys(p.standing)) {
		s := p.standing[id]
		o := s.flag.Event.Origin
		_, flagged := p.last[id]
		switch {
		case flagged || !s.stands() || !p.judged(o) || !Sampled(s.flag.Event.Source, s.flag.Event.ID, p.Plan.Asked.Share):
			continue
		case p.unread(spot{o.Topic, o.Partition}, o.Offset):
			p.Fates[Unread]++
			continue
		}
		clean, err := p.clean(ctx, j, s.flag)
		switch {
		case err != nil:
			return err
		case !clean:
			p.Fates[Gone]++
			continue
		}
		p.Changes[Removed]++
		if err := out.add(ctx, pipeline.RetractionMessage(s.retraction(p.Plan.After), p.Config.Version)); err != nil {
			return err
		}
	}
	return nil
}

// clean reports whether the event of a flag still stands where it did, and
// makes none now.
func (p *Publication) clean(ctx context.Context, j *judge, f *flag.Flag) (bool, error) {
	o := f.Event.Origin
	record, err := p.Cluster.ReadAt(ctx, o.Topic, o.Partition, o.Offset)
	switch {
	case errors.Is(err, kafka.ErrNoRecord):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("%s/%d/%d: %w", o.Topic, o.Partition, o.Offset, err)
	}
	doc, err := j.after.Decode(pipeline.EventRecord(record, o.Topic, o.Partition))
	if err != nil || doc.Source != f.Event.Source || doc.ID != f.Event.ID {
		return false, nil //nolint:nilerr // it cannot be judged any more
	}
	receipt := Receipt{Dead: make(map[string]int)}
	made := j.record(record, Segment{Topic: o.Topic, Partition: o.Partition}, &receipt)
	return made == nil && receipt.After.Judged() == 1, nil
}
