package pipeline

import (
	"context"
	"testing"
	"time"

	"github.com/rs/zerolog"
	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// A stable group whose only member reads calls alone: nobody has the partition
// of mails, and what waits there is told with its age, without being read.
func TestOrphans(t *testing.T) {
	cfg := config.Default()
	cfg.Topics.Inputs = []string{"calls", "mails"}
	addr, stop, err := kafka.Embedded(t.Context(), append(cfg.Topics.Outputs(), cfg.Topics.Inputs...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	cfg.Kafka.Brokers = []string{addr}
	c := classifier(t, "words")
	w, err := NewWorker(cfg, c, nil, c.program.Digest, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	cluster, err := kafka.Connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	look := func() (int, map[spot]orphan) {
		t.Helper()
		unowned, found, err := w.orphans(ctx, cluster)
		if err != nil {
			t.Fatal(err)
		}
		w.unread.found(unowned, found)
		return unowned, found
	}
	if unowned, found := look(); unowned != 2 || len(found) != 0 {
		t.Errorf("without a member %d partitions are nobody's and %v is told, want 2 and nothing", unowned, found)
	}

	group, err := cluster.Join(&cfg.Group, []string{"calls"})
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	if _, err := group.Next(ctx); err != nil {
		t.Fatal(err)
	}
	if unowned, found := look(); unowned != 1 || len(found) != 0 {
		t.Errorf("%d partitions are nobody's and %v is told, want mails, in which there is nothing", unowned, found)
	}
	written := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	to := cluster.NewWriter("mails", 1<<20)
	for i := range 3 {
		m := kafkago.Message{Value: []byte("{}"), Time: written.Add(time.Duration(i) * time.Minute), WriterData: i}
		if _, _, err := to.Write(ctx, []kafkago.Message{m}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // known from the first look on
		unowned, found := look()
		if o := found[spot{"mails", 0}]; unowned != 1 || len(found) != 1 || o.next != 0 || o.records != 3 || !o.oldest.Equal(written) {
			t.Errorf("%d partitions are nobody's, told is %+v; want 3 records since %v", unowned, found, written)
		}
	}
	if age := shown(t, w.unread, "vigie_oldest_unread_seconds"); age[0] < 3600 || age[0] > 3700 {
		t.Errorf("the oldest unread record is %v s old, want an hour", age)
	}
}
