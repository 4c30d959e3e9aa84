package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
)

// Owned returns the partitions that the members of a group have, by topic, as
// its coordinator knows them. While a group shares its partitions out, and
// where it has no member, nobody has any; stable says which of the two it is
// not: that the members have what they were given.
func (c *Cluster) Owned(ctx context.Context, group string) (owned map[string][]int, stable bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := c.client.DescribeGroups(ctx, &kafkago.DescribeGroupsRequest{GroupIDs: []string{group}})
	if err != nil {
		return nil, false, fmt.Errorf("looking at group %s: %w", group, err)
	}
	owned = make(map[string][]int)
	for _, g := range resp.Groups {
		switch {
		case errors.Is(g.Error, kafkago.GroupIdNotFound):
			continue // nobody has ever been a member
		case g.Error != nil:
			return nil, false, fmt.Errorf("looking at group %s: %w", group, g.Error)
		}
		if stable = g.GroupState == "Stable"; !stable {
			continue
		}
		for _, m := range g.Members {
			for _, t := range m.MemberAssignments.Topics {
				owned[t.Topic] = append(owned[t.Topic], t.Partitions...)
			}
		}
	}
	return owned, stable, nil
}

// Committed returns the offset that a group goes on from, -1 where it has
// committed none.
func (c *Cluster) Committed(ctx context.Context, group, topic string, partition int) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := c.client.OffsetFetch(ctx, &kafkago.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{topic: {partition}}})
	if err == nil {
		err = resp.Error
	}
	if errors.Is(err, kafkago.GroupIdNotFound) {
		return -1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("the offset of group %s in %s/%d: %w", group, topic, partition, err)
	}
	for _, p := range resp.Topics[topic] {
		if p.Partition == partition {
			return p.CommittedOffset, p.Error
		}
	}
	return -1, nil
}

// Bounds returns the first offset of a partition's log and the one after its
// last, as its leader knows them.
func (c *Cluster) Bounds(ctx context.Context, topic string, partition int) (first, last int64, err error) {
	return (&Partition{cluster: c, topic: topic, id: partition}).bounds(ctx)
}

// Stamp returns the timestamp of the first record at or after an offset, the
// zero time where there is none. It fetches one batch to know.
func (c *Cluster) Stamp(ctx context.Context, topic string, partition int, offset int64) (time.Time, error) {
	p := c.Open(Assignment{Topic: topic, Partition: partition, Offset: offset},
		Reading{Policy: config.Fail, MaxWait: 10 * time.Millisecond, MaxRecord: largestRecord})
	f, err := p.Fetch(ctx, 1, nil)
	if err != nil {
		return time.Time{}, err
	}
	if b, err := f.Read(Limit{Records: 1}); err == nil && len(b.Records) > 0 {
		return time.UnixMilli(b.Records[0].Timestamp), nil
	}
	return time.Time{}, nil
}
