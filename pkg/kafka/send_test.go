package kafka

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
)

// What was surely not written is sent again; what may have been is not.
func TestTrapSendWritesTwice(t *testing.T) {
	for _, tt := range []struct {
		name     string
		refusals int64
		why      *kerr.Error
		requests int64
		want     error // nil: written
	}{
		{"another leader", 2, kerr.NotLeaderForPartition, 3, nil},
		{"too few replicas, before", 1, kerr.NotEnoughReplicas, 2, nil},
		{"too few replicas, after", 1, kerr.NotEnoughReplicasAfterAppend, 1, ErrUnknownOutcome},
		{"no acknowledgement in time", 1, kerr.RequestTimedOut, 1, ErrUnknownOutcome},
		{"too large", 1, kerr.MessageTooLarge, 1, ErrTooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake, c, _ := broker(t)
			requests := refuse(fake, tt.refusals, tt.why)
			err := c.Send(t.Context(), "in", 0, []byte("k"), []byte("v"), nil)
			if !errors.Is(err, tt.want) {
				t.Errorf("error is %v, want %v", err, tt.want)
			}
			if n := requests.Load(); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}

func TestScan(t *testing.T) {
	_, c, _ := broker(t)
	fill(t, c, 10)
	for _, from := range []int64{-1, 0, 4, 10, 50} {
		var got []int64
		if _, err := c.Scan(t.Context(), "in", 0, from, func(r *Record) error {
			got = append(got, r.Offset)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if want := max(0, 10-max(from, 0)); int64(len(got)) != want || want > 0 && got[0] != max(from, 0) {
			t.Errorf("from %d: offsets %v", from, got)
		}
	}
	if r, err := c.ReadAt(t.Context(), "in", 0, 7); err != nil || r.Offset != 7 || string(r.Value) != "7" {
		t.Errorf("%v, %v", r, err)
	}
	for _, offset := range []int64{10, 50} {
		if _, err := c.ReadAt(t.Context(), "in", 0, offset); !errors.Is(err, ErrNoRecord) {
			t.Errorf("offset %d: %v", offset, err)
		}
	}
}
