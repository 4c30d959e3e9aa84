package replay

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// Bound is one end of a range: an offset, a time, or neither for the end of
// the log on that side.
type Bound struct {
	offset int64
	at     time.Time
	kind   boundKind
}

type boundKind uint8

const (
	openEnd boundKind = iota
	offsetBound
	timeBound
)

// ago is "30d" or "36h", with or without "last" before it.
var ago = regexp.MustCompile(`^(?:last +)?([0-9]+)([hdw])$`)

// ParseBound reads one: "" for an open end, "1200" for an offset, "2026-11-02"
// for the beginning of that day in UTC, a time by RFC 3339, or "last 30d", "30d",
// "36h", "4w" for so long before now.
func ParseBound(text string, now time.Time) (Bound, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Bound{}, nil
	}
	if n, err := strconv.ParseUint(text, 10, 63); err == nil {
		return Bound{offset: int64(n), kind: offsetBound}, nil
	}
	if m := ago.FindStringSubmatch(text); m != nil {
		unit := map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[m[2]]
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 100*365*24 {
			return Bound{}, fmt.Errorf("%q is too long ago", text)
		}
		return Bound{at: now.Add(-time.Duration(n) * unit), kind: timeBound}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return Bound{at: day, kind: timeBound}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return Bound{at: at, kind: timeBound}, nil
	}
	return Bound{}, fmt.Errorf("%q is neither an offset nor a time: give 1200, 2026-11-02, 2026-11-02T08:00:00Z, or \"last 30d\"", text)
}

// in returns the offset of a bound in a partition whose log holds first to
// end-1: of an open one, other.
func (b Bound) in(ctx context.Context, c *kafka.Cluster, topic string, partition int, first, end, other int64) (int64, error) {
	offset := other
	switch b.kind {
	case offsetBound:
		offset = b.offset
	case timeBound:
		at, found, err := c.OffsetAt(ctx, topic, partition, b.at)
		if err != nil {
			return 0, err
		}
		if offset = at; !found {
			offset = end
		}
	}
	return max(first, min(offset, end)), nil
}
