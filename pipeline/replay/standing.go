package replay

import (
	"context"
	"errors"
	"time"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// identity is an event's source, a NUL and its id.
type identity string

func identityOf(e *flag.EventRef) identity { return identity(e.Source + "\x00" + e.ID) }

// standing is the last that the flags topic says of an event.
type standing struct {
	// flag is without its findings.
	flag *flag.Flag
	// reason of the retraction behind it, "" while it stands.
	reason string

	partition int
	timestamp int64
}

// standings reads what stands on the flags topic of events that matter, and
// counts what is neither a flag nor a retraction.
func standings(ctx context.Context, c *kafka.Cluster, topic string, matters func(identity, *flag.Origin) bool) (all map[identity]*standing, strange int, err error) {
	counts, err := c.Require(ctx, []string{topic})
	if err != nil {
		return nil, 0, err
	}
	all = make(map[identity]*standing)
	for partition := range counts[topic] {
		_, err := c.Scan(ctx, topic, partition, -1, func(r *kafka.Record) error {
			f, err := flag.Parse(r.Value)
			if err == nil {
				if id := identityOf(&f.Event); matters(id, f.Event.Origin) {
					f.Findings = nil
					all[id] = all[id].then(&standing{flag: f, partition: partition, timestamp: r.Timestamp})
				}
				return nil
			}
			retraction, err := flag.ParseRetraction(r.Value)
			if errors.Is(err, flag.ErrNoRetraction) {
				strange++
				return nil
			}
			if last := all[identityOf(&retraction.Event)]; last != nil && last.flag.ID == retraction.Retracts {
				last.reason = retraction.Reason
			}
			return nil
		})
		if err != nil {
			return nil, 0, err
		}
	}
	return all, strange, nil
}

// then returns the later of two: within a partition the one behind, else the
// one that was written later.
func (s *standing) then(next *standing) *standing {
	if s == nil || s.partition == next.partition || s.timestamp <= next.timestamp {
		return next
	}
	return s
}

// stands reports whether there is a flag that was not retracted.
func (s *standing) stands() bool { return s != nil && s.reason == "" }

// barred reports whether somebody took the flag back for a reason that no
// lexicon changes: the person asked to be erased, or the flag was an error.
func (s *standing) barred() bool { return s != nil && s.reason != "" && s.reason != flag.ReasonLexicon }

// Fate is what publishing does about an event.
type Fate string

// The fates.
const (
	// Unchanged: what stands says the same, or is the same judgement.
	Unchanged Fate = "unchanged"
	// Barred: the flag was retracted for another reason than the lexicon.
	Barred Fate = "barred"
	// Elsewhere: what stands was made of another record of the event, which the
	// replay did not judge.
	Elsewhere Fate = "elsewhere"
	// Unread: production has not come to the event yet.
	Unread Fate = "unread"
	// Urgent: what stands is urgent and the event is too old to be routed so
	// again; it is left as it is.
	Urgent Fate = "urgent"
	// Gone: the event of a flag that would be retracted cannot be judged any more.
	Gone Fate = "gone"
)

// decide says what becomes of an event that the replay flags with f, where s is
// what stands of it: the flag to publish, with the change that it makes, or the
// fate that speaks against it. old events are not routed urgent.
func decide(f *flag.Flag, s *standing, old bool) (*flag.Flag, Change, Fate) {
	if s.barred() {
		return nil, "", Barred
	}
	next := *f
	next.Replay = true
	var before *flag.Flag
	if s.stands() {
		if s.flag.ID == f.ID {
			return nil, "", Unchanged
		}
		before, next.Supersedes = s.flag, s.flag.ID
	}
	switch change := Compare(before, &next); {
	case change == Same:
		return nil, "", Unchanged
	case !old || next.Route != flag.RouteUrgent:
		return &next, change, ""
	case before != nil && before.Route == flag.RouteUrgent:
		return nil, "", Urgent
	}
	next.Route, next.Severity = flag.RouteCare, 3
	change := Compare(before, &next)
	if change == Same {
		return nil, "", Unchanged
	}
	return &next, change, ""
}

// retraction is the one of what stands, by a ruleset that makes no flag.
func (s *standing) retraction(by flag.Lexicon) *flag.Retraction {
	f := s.flag
	return &flag.Retraction{
		Event: f.Event, Time: f.Time, Case: f.Case, Retracts: f.ID, Reason: flag.ReasonLexicon, Lexicon: by,
	}
}

// ageOf is how old an event is, by its own time, without one by its record's.
func ageOf(o *Outcome, now time.Time) time.Duration {
	at := o.At()
	if own, err := time.Parse(time.RFC3339, o.After.Time); err == nil {
		at = own
	}
	return now.Sub(at)
}
