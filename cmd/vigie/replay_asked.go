package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/config"
)

// topicOut is how --out names a topic.
const topicOut = "topic:"

// asked checks what was asked for, without contacting anything.
func (r *replaying) asked(cfg *config.Config) (replay.Asked, error) {
	a := replay.Asked{Topics: r.topics, Partitions: r.partitions, From: r.from, To: r.to, Limit: r.limit}
	if r.dir == "" {
		return a, errors.New("--dir is missing: a replay keeps what it judged in a directory of its own")
	}
	if len(a.Topics) == 0 {
		a.Topics = cfg.Topics.Inputs
	}
	for i, topic := range a.Topics {
		if slices.Contains(cfg.Topics.Outputs(), topic) {
			return a, fmt.Errorf("--topics %s: this topic is written by vigie and holds no events", topic)
		}
		if slices.Contains(a.Topics[:i], topic) {
			return a, fmt.Errorf("--topics %s is there twice", topic)
		}
	}
	for _, x := range []struct{ name, text string }{{"--from", r.from}, {"--to", r.to}} {
		if _, err := replay.ParseBound(x.text, time.Now()); err != nil {
			return a, fmt.Errorf("%s %w", x.name, err)
		}
	}
	if slices.ContainsFunc(r.partitions, func(p int) bool { return p < 0 }) {
		return a, errors.New("--partitions: a partition is a number from 0")
	}
	if r.limit < 0 || r.megabytes < 0 {
		return a, errors.New("--limit and --max-mb-per-s are no negative numbers")
	}
	var err error
	if a.Share, err = parseShare(r.sample); err != nil {
		return a, err
	}
	return a, r.checkOut(cfg)
}

// checkOut checks where the result goes.
func (r *replaying) checkOut(cfg *config.Config) error {
	topic, isTopic := strings.CutPrefix(r.out, topicOut)
	switch {
	case r.publish && r.against != "":
		return errors.New("--publish compares with the flags topic itself: leave --against out")
	case r.withText && r.report == "":
		return errors.New("--with-text goes with --report: nothing else cites anybody")
	case isParquet(r.out) && r.against != "":
		return errors.New("--out *.parquet takes flags; a difference goes to a file of JSON lines")
	case !isTopic:
		return nil
	case r.against != "":
		return errors.New("--out topic: takes flags; a difference goes to a file")
	case topic == "":
		return errors.New("--out topic: names no topic")
	case slices.Contains(append(cfg.Topics.Outputs(), cfg.Topics.Inputs...), topic):
		return fmt.Errorf("--out %s: this is a topic of production; name another", r.out)
	case slices.Contains(r.topics, topic):
		return fmt.Errorf("--out %s: this topic is read", r.out)
	}
	return nil
}
