package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/replay"
	htmlreport "github.com/vigie-project/vigie/pipeline/report"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// passageWords is how many words a report cites around what was found.
const passageWords = 10

// replayPage is the report of a replay whose segments are all there.
type replayPage struct {
	dir  string
	plan *replay.Plan
	// before is nil for a replay with one lexicon.
	before, after *rules
	// labels name what both find.
	labels labels
	made   time.Time
}

// writePage writes what --report asks for.
func (r *replaying) writePage(ctx context.Context, cluster *kafka.Cluster, plan *replay.Plan, both *bothRules) error {
	p := &replayPage{dir: r.dir, plan: plan, before: both.before, after: both.after, labels: both.names(), made: time.Now()}
	if !r.withText {
		cluster = nil
	}
	if err := p.write(ctx, cluster, r.report); err != nil {
		return fmt.Errorf("--report: %w", err)
	}
	return nil
}

// isParquet reports whether a file is to hold Parquet.
func isParquet(name string) bool { return strings.HasSuffix(name, ".parquet") }

// write writes the page to a file that only its owner reads. With a cluster it
// cites the examples' words, which it reads from their topics.
func (p *replayPage) write(ctx context.Context, cluster *kafka.Cluster, file string) error {
	page, err := p.page()
	if err != nil {
		return err
	}
	if cluster != nil {
		page.Passages = func(f *flag.Flag) ([]pipeline.Passage, error) { return p.passages(ctx, cluster, f) }
	}
	return replay.WriteFile(file, func(f *os.File) error { return page.Write(f) })
}

// page counts the segments.
func (p *replayPage) page() (*htmlreport.Page, error) {
	page := &htmlreport.Page{
		Share: p.plan.Asked.Share, After: releaseOf(p.after), Names: p.labels.of, Made: p.made, Version: version,
		Tally: htmlreport.NewTally(nil, p.after.program),
	}
	if p.before != nil {
		page.Tally = htmlreport.NewTally(p.before.program, p.after.program)
		page.Before = releaseOf(p.before)
		page.Differences = lexicon.Diff(p.before.source, p.after.source)
	}
	receipts, err := replay.Read(p.dir, p.plan, func(o *replay.Outcome) error {
		page.Tally.Add(o)
		return nil
	})
	page.Topics = topicsRead(receipts)
	return page, err
}

// topicsRead adds the receipts of each topic up.
func topicsRead(receipts []replay.Receipt) (topics []htmlreport.Topic) {
	for i := range receipts {
		r := &receipts[i]
		if len(topics) == 0 || topics[len(topics)-1].Name != r.Topic {
			topics = append(topics, htmlreport.Topic{Name: r.Topic})
		}
		t := &topics[len(topics)-1]
		t.Partitions++
		t.Read += r.Offsets()
		t.Flagged += r.After.Flagged
		t.Clean += r.After.Clean
		t.Left += r.Left
		t.Absent += r.Absent
		t.Skipped += r.After.Language + r.Tombstones + r.Markers
		for _, n := range r.Dead {
			t.Dead += n
		}
		if first := time.UnixMilli(r.First).UTC(); r.First != 0 && (t.First.IsZero() || first.Before(t.First)) {
			t.First = first
		}
		if last := time.UnixMilli(r.Last).UTC(); r.Last != 0 && last.After(t.Last) {
			t.Last = last
		}
	}
	return topics
}

// releaseOf is what a lexicon says of itself.
func releaseOf(r *rules) *htmlreport.Lexicon {
	return &htmlreport.Lexicon{
		Name: r.program.Name, Version: r.program.Version, Digest: r.program.Digest, Released: r.program.Released,
		Author: r.source.Author, Reviewer: r.source.Reviewer, Changelog: r.source.Changelog,
	}
}

// passages returns the words behind a flag, none where its event is gone.
func (p *replayPage) passages(ctx context.Context, cluster *kafka.Cluster, f *flag.Flag) ([]pipeline.Passage, error) {
	o := f.Event.Origin
	r, err := pipeline.RecordAt(ctx, cluster, o.Topic, o.Partition, o.Offset)
	var gone *pipeline.GoneError
	if errors.As(err, &gone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	side := p.after
	if p.before != nil && f.Lexicon.Digest == p.before.program.Digest {
		side = p.before
	}
	result, err := side.classifier.Classify(r)
	var permanent *event.PermanentError
	if errors.As(err, &permanent) || err == nil && (result.Flag == nil || result.Flag.ID != f.ID) {
		return nil, nil // another event stands there by now
	}
	if err != nil {
		return nil, err
	}
	return side.classifier.Passages(result.Flag, passageWords), nil
}
