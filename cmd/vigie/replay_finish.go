package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// finish makes what was asked for of a directory that is complete, and prints
// the account.
func (r *replaying) finish(ctx context.Context, w io.Writer, cfg *config.Config, cluster *kafka.Cluster, p *replay.Plan, both *bothRules) error {
	var receipts []replay.Receipt
	var difference *replay.Difference
	var err error
	topic, isTopic := strings.CutPrefix(r.out, topicOut)
	switch {
	case both.before != nil:
		difference = replay.NewDifference(both.before.program, both.after.program)
		receipts, err = r.compare(difference, p)
	case r.out == "":
		receipts, err = replay.Read(r.dir, p, nil)
	case isTopic:
		receipts, err = replay.SendFlags(ctx, cluster, cfg, r.dir, p, topic)
	case isParquet(r.out):
		receipts, err = replay.WriteRows(r.dir, p, r.out)
	default:
		receipts, err = replay.WriteFlags(r.dir, p, r.out)
	}
	if err != nil {
		return err
	}
	if r.report != "" {
		if err := r.writePage(ctx, cluster, p, both); err != nil {
			return err
		}
	}
	dead := printAccount(w, p, receipts)
	if difference != nil {
		printDifference(w, difference, both.names())
	}
	if r.publish {
		if err := r.publishAll(ctx, w, cfg, cluster, p, both.after); err != nil {
			return err
		}
	}
	if dead > 0 {
		return errInput
	}
	return nil
}

// compare fills in the difference, and writes it where a file is named.
func (r *replaying) compare(d *replay.Difference, p *replay.Plan) ([]replay.Receipt, error) {
	if r.out != "" {
		return d.WriteDifference(r.dir, p, r.out)
	}
	return replay.Read(r.dir, p, func(o *replay.Outcome) error {
		d.Add(o)
		return nil
	})
}

// printAccount prints the receipts added up, by topic and in all, and returns
// how many records cannot be read.
func printAccount(w io.Writer, p *replay.Plan, receipts []replay.Receipt) (dead int) {
	fmt.Fprintf(w, "lexique %s\n", lexiconTold(p.After))
	if p.Before != nil {
		fmt.Fprintf(w, "comparé à %s\n", lexiconTold(*p.Before))
	}
	var all replay.Receipt
	for _, topic := range p.Asked.Topics {
		var sum replay.Receipt
		partitions := 0
		for i := range receipts {
			if receipts[i].Topic == topic {
				partitions++
				sum.Add(&receipts[i])
			}
		}
		fmt.Fprintf(w, "%s, %s : %s\n", topic, plural(partitions, "partition"), receiptTold(&sum))
		all.Add(&sum)
	}
	if len(p.Asked.Topics) > 1 {
		fmt.Fprintf(w, "en tout : %s\n", receiptTold(&all))
	}
	for _, n := range all.Dead {
		dead += n
	}
	return dead
}

func lexiconTold(l flag.Lexicon) string { return fmt.Sprintf("%s %s, %s", l.Name, l.Version, l.Digest) }

// receiptTold says what became of every offset.
func receiptTold(r *replay.Receipt) string {
	list := []string{
		plural(r.After.Flagged, "alerte"), fmt.Sprintf("%d sans alerte", r.After.Clean),
	}
	for _, x := range []struct {
		n         int
		one, many string
	}{
		{r.After.Language, "dans une autre langue", "dans une autre langue"},
		{r.Left, "hors de l’échantillon", "hors de l’échantillon"},
		{r.Tombstones, "sans valeur", "sans valeur"},
		{r.Markers, "fin de transaction", "fins de transaction"},
		{r.Absent, "sans enregistrement", "sans enregistrement"},
	} {
		switch {
		case x.n == 1:
			list = append(list, "1 "+x.one)
		case x.n > 1:
			list = append(list, fmt.Sprintf("%d %s", x.n, x.many))
		}
	}
	for _, class := range slices.Sorted(maps.Keys(r.Dead)) {
		list = append(list, fmt.Sprintf("%s (%s)", plural(r.Dead[class], "illisible"), class))
	}
	text := fmt.Sprintf("%s : %s", plural(r.Offsets(), "offset"), strings.Join(list, ", "))
	if r.Before != nil {
		text += fmt.Sprintf(" ; avant : %s", plural(r.Before.Flagged, "alerte"))
	}
	return text
}
