package integration

import (
	"strconv"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// The marker at the end of a transaction takes an offset: it is skipped and
// counted. What the transaction held is judged, aborted or not.
func TestTrapControlMarkersLookLikeRecords(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		upstream, err := kgo.NewClient(
			kgo.SeedBrokers(brokers...), kgo.TransactionalID(e.cfg.Group.ID), kgo.DefaultProduceTopic(e.calls()),
		)
		if err != nil {
			t.Fatal(err)
		}
		defer upstream.Close()
		for i, end := range []kgo.TransactionEndTry{kgo.TryCommit, kgo.TryAbort} {
			if err := upstream.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			r := &kgo.Record{Value: mail(strconv.Itoa(i), "D-1", texts[1])}
			if err := upstream.ProduceSync(t.Context(), r).FirstErr(); err != nil {
				t.Fatal(err)
			}
			if err := upstream.EndTransaction(t.Context(), end); err != nil {
				t.Fatal(err)
			}
		}
		w := e.start()
		at := place{e.calls(), 0}
		var markers int
		var flagged int64
		for _, r := range e.accounted(map[place]int64{at: 4})[at] {
			markers += r.Skipped["marker"]
			flagged += r.Flagged
		}
		w.end()
		if markers != 2 || flagged != 2 {
			t.Errorf("%d markers and %d flags, want 2 and 2", markers, flagged)
		}
	})
}
