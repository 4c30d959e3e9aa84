package faults

import (
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// threeBrokerFaults happen on a cluster of three; every topic has three replicas.
var threeBrokerFaults = []scenario{
	{
		key: "leaders", name: "every partition's leadership moves, six times (three brokers)", repeats: reported, feed: 40 * time.Second,
		act: func(r *run) {
			r.underWay()
			for range 6 {
				r.moveLeaders()
				r.hold(5*time.Second, time.Second)
			}
		},
	},
	{
		key: "one-killed", name: "one of three brokers killed (`kill -9`), then started again", repeats: reported, feed: 60 * time.Second,
		act: func(r *run) {
			r.underWay()
			r.cluster.kill(r.t, 1)
			r.progress()
			r.hold(20*time.Second, time.Second)
			r.cluster.restart(r.t, 1)
			r.progress()
		},
	},
	{
		key: "one-hangs", name: "one of three brokers hangs for 45 s, its connections open", repeats: reported, feed: 60 * time.Second,
		act: func(r *run) {
			r.underWay()
			r.cluster.freeze(r.t, 1)
			r.hold(15*time.Second, time.Second)
			// The two others have taken over by now.
			r.progress()
			r.hold(30*time.Second, time.Second)
			r.cluster.thaw(r.t, 1)
			r.progress()
		},
	},
}

// moveLeaders makes the next replica of every partition its leader, of the
// group's own partitions too, so that its coordinator moves.
func (r *run) moveLeaders() {
	r.t.Helper()
	names := append(append([]string{"__consumer_offsets"}, r.topics.inputs...), r.topics.outputs()...)
	details, err := r.admin.ListTopicsWithInternal(r.t.Context(), names...)
	if err != nil {
		r.t.Fatal(err)
	}
	var order kadm.AlterPartitionAssignmentsReq
	all := make(kadm.TopicsSet)
	details.EachPartition(func(p kadm.PartitionDetail) {
		order.Assign(p.Topic, p.Partition, append(p.Replicas[1:len(p.Replicas):len(p.Replicas)], p.Replicas[0]))
		all.Add(p.Topic, p.Partition)
	})
	if _, err := r.admin.AlterPartitionAssignments(r.t.Context(), order); err != nil {
		r.t.Fatal(err)
	}
	r.until("the preferred leaders are elected", func() bool {
		_, err := r.admin.ElectLeaders(r.t.Context(), kadm.ElectPreferredReplica, all)
		if err != nil {
			return false
		}
		details, err := r.admin.ListTopicsWithInternal(r.t.Context(), names...)
		moved := err == nil
		details.EachPartition(func(p kadm.PartitionDetail) { moved = moved && p.Leader == p.Replicas[0] })
		return moved
	})
}
