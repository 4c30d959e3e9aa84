package integration

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// committed returns the group's offset of a partition, -1 without one or while
// the broker has no coordinator yet.
func (e *env) committed(topic string, partition int32) int64 {
	e.t.Helper()
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Group = e.cfg.Group.ID
	rt := kmsg.NewOffsetFetchRequestTopic()
	rt.Topic, rt.Partitions = topic, []int32{partition}
	req.Topics = append(req.Topics, rt)
	group := kmsg.NewOffsetFetchRequestGroup()
	group.Group = e.cfg.Group.ID
	gt := kmsg.NewOffsetFetchRequestGroupTopic()
	gt.Topic, gt.Partitions = topic, []int32{partition}
	group.Topics = append(group.Topics, gt)
	req.Groups = append(req.Groups, group)
	resp, err := req.RequestWith(e.t.Context(), e.client)
	if err != nil {
		return -1
	}
	for _, g := range resp.Groups {
		for _, t := range g.Topics {
			for _, p := range t.Partitions {
				return p.Offset
			}
		}
	}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			return p.Offset
		}
	}
	return -1
}

// commit sets the group's offset of a partition from outside; the group must be empty.
func (e *env) commit(topic string, partition int32, offset int64) {
	e.t.Helper()
	e.until("the commit from outside is accepted", func() bool {
		req := kmsg.NewPtrOffsetCommitRequest()
		req.Group, req.Generation = e.cfg.Group.ID, -1
		rt := kmsg.NewOffsetCommitRequestTopic()
		rt.Topic = topic
		rp := kmsg.NewOffsetCommitRequestTopicPartition()
		rp.Partition, rp.Offset = partition, offset
		rt.Partitions = append(rt.Partitions, rp)
		req.Topics = append(req.Topics, rt)
		resp, err := req.RequestWith(e.t.Context(), e.client)
		return err == nil && resp.Topics[0].Partitions[0].ErrorCode == 0
	})
}

// ends returns the end of each partition of a topic that is not empty.
func (e *env) ends(topic string) map[int32]int64 {
	e.t.Helper()
	meta := kmsg.NewPtrMetadataRequest()
	mt := kmsg.NewMetadataRequestTopic()
	mt.Topic = kmsg.StringPtr(topic)
	meta.Topics = append(meta.Topics, mt)
	topics, err := meta.RequestWith(e.t.Context(), e.client)
	if err != nil {
		e.t.Fatal(err)
	}
	ends := make(map[int32]int64)
	for p := range int32(len(topics.Topics[0].Partitions)) {
		req := kmsg.NewPtrListOffsetsRequest()
		rt := kmsg.NewListOffsetsRequestTopic()
		rt.Topic = topic
		rp := kmsg.NewListOffsetsRequestTopicPartition()
		rp.Partition, rp.Timestamp = p, -1 // the end
		rt.Partitions = append(rt.Partitions, rp)
		req.Topics = append(req.Topics, rt)
		resp, err := req.RequestWith(e.t.Context(), e.client)
		if err != nil {
			e.t.Fatal(err)
		}
		got := resp.Topics[0].Partitions[0]
		if got.ErrorCode != 0 {
			e.t.Fatal(kerr.ErrorForCode(got.ErrorCode))
		}
		if got.Offset > 0 {
			ends[p] = got.Offset
		}
	}
	return ends
}
