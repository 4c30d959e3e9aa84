package kafka

import (
	"context"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

// OffsetAt returns the offset of the first record of a partition whose
// timestamp is at or later; found is false where there is none.
func (c *Cluster) OffsetAt(ctx context.Context, topic string, partition int, at time.Time) (offset int64, found bool, err error) {
	err = again(ctx, canPass, func() (err error) {
		offset, found, err = c.offsetAt(ctx, topic, partition, at)
		return err
	})
	return offset, found, err
}

func (c *Cluster) offsetAt(ctx context.Context, topic string, partition int, at time.Time) (offset int64, found bool, err error) {
	p := &Partition{cluster: c, topic: topic, id: partition}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := c.client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{
		Topics: map[string][]kafkago.OffsetRequest{topic: {kafkago.TimeOffsetOf(partition, at)}},
	})
	if err != nil {
		return 0, false, p.wrap(err)
	}
	for _, o := range resp.Topics[topic] {
		if o.Partition != partition {
			continue
		}
		if o.Error != nil {
			return 0, false, p.wrap(o.Error)
		}
		for offset := range o.Offsets { // one was asked for
			if offset >= 0 {
				return offset, true, nil
			}
		}
		return 0, false, nil
	}
	return 0, false, p.wrap(kafkago.UnknownTopicOrPartition)
}
