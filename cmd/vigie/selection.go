package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// classes are those that a dead letter can be of.
var classes = []string{
	string(event.ClassJSON), string(event.ClassEnvelope), string(event.ClassData),
	string(event.ClassType), string(event.ClassFormat), string(event.ClassTooLarge),
}

// selection says which dead letters: those that all of its options take.
type selection struct {
	classes, topics []string
	since, until    string

	from, to time.Time
	places   []pipeline.Stretch
}

func (s *selection) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringSliceVar(&s.classes, "class", nil, "`CLASS`,… of error: "+strings.Join(classes, ", "))
	f.StringSliceVar(&s.topics, "topic", nil, "`TOPIC`,… that they came from")
	f.StringVar(&s.since, "since", "", "died at this `TIME` or later: 2026-11-02, 2026-11-02T08:00:00Z, or 36h for so long ago")
	f.StringVar(&s.until, "until", "", "died before this `TIME`")
}

// parse reads the options and places.
func (s *selection) parse(places []string, now time.Time) (err error) {
	for _, class := range s.classes {
		if !slices.Contains(classes, class) {
			return fmt.Errorf("--class %q is none of %s", class, strings.Join(classes, ", "))
		}
	}
	for _, t := range []struct {
		name, text string
		to         *time.Time
	}{{"--since", s.since, &s.from}, {"--until", s.until, &s.to}} {
		if t.text == "" {
			continue
		}
		if *t.to, err = parseTime(t.text, now); err != nil {
			return fmt.Errorf("%s %q is no time: give 2026-11-02, 2026-11-02T08:00:00Z, or 36h for so long ago", t.name, t.text)
		}
	}
	for _, place := range places {
		at, err := parsePlace(place)
		if err != nil {
			return err
		}
		s.places = append(s.places, at)
	}
	return nil
}

func parseTime(text string, now time.Time) (time.Time, error) {
	if ago, err := time.ParseDuration(text); err == nil {
		return now.Add(-ago), nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	return time.Parse(time.RFC3339, text)
}

// parsePlace reads "3/120" or "3/120-140".
func parsePlace(text string) (pipeline.Stretch, error) {
	partition, offsets, ok := strings.Cut(text, "/")
	first, last, more := strings.Cut(offsets, "-")
	if !more {
		last = first
	}
	p, err1 := strconv.ParseUint(partition, 10, 31)
	from, err2 := strconv.ParseUint(first, 10, 63)
	to, err3 := strconv.ParseUint(last, 10, 63)
	if !ok || err1 != nil || err2 != nil || err3 != nil || to < from {
		return pipeline.Stretch{}, fmt.Errorf("%q is no place: give partition/offset as list prints it, or partition/first-last", text)
	}
	return pipeline.Stretch{Partition: int(p), First: int64(from), Last: int64(to)}, nil
}

// everything reports whether nothing is left out.
func (s *selection) everything() bool {
	return len(s.classes)+len(s.topics)+len(s.places) == 0 && s.since+s.until == ""
}

func (s *selection) takes(l *pipeline.Letter) bool {
	return (len(s.classes) == 0 || slices.Contains(s.classes, l.Class)) &&
		(len(s.topics) == 0 || slices.Contains(s.topics, l.Origin.Topic)) &&
		(s.from.IsZero() || !l.Died.Before(s.from)) &&
		(s.to.IsZero() || l.Died.Before(s.to))
}

// letters returns the chosen letters without what customers said, after it
// has shown each, whole, to see. What is no letter is told on errs; places at
// which none stands are an error.
func (s *selection) letters(ctx context.Context, cfg *config.Config, cluster *kafka.Cluster, errs io.Writer, see func(*pipeline.Letter)) ([]*pipeline.Letter, error) {
	var chosen []*pipeline.Letter
	topic := cfg.Topics.DeadLetter
	stand := 0
	strange, err := pipeline.Letters(ctx, cluster, topic, s.places, func(l *pipeline.Letter) error {
		stand++
		if s.takes(l) {
			if see != nil {
				see(l)
			}
			light := *l
			light.Key, light.Value, light.Headers = nil, nil, nil
			chosen = append(chosen, &light)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if strange > 0 {
		fmt.Fprintf(errs, "%d records of %s are no dead letters of this program and are passed over\n", strange, topic)
	}
	if len(s.places) > 0 && stand == 0 {
		return nil, fmt.Errorf("no dead letter of %s stands there (any more); vigie deadletter list prints the places", topic)
	}
	return chosen, nil
}
