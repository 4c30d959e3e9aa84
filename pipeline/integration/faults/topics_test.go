package faults

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// topicFaults happen to topics.
var topicFaults = []scenario{
	{
		key: "no-flag-topic", name: "the flag topic missing: at a start, which is refused; then while workers run, until it is created", repeats: noRepeats,
		late: true,
		before: func(r *run) {
			r.drop(r.topics.flags)
			refused := r.start()
			var exit *exec.ExitError
			if err := refused.wait(); !errors.As(err, &exit) || exit.ExitCode() != 2 || !refused.says(r.topics.flags) {
				r.t.Errorf("a worker without a flag topic ended with %v, or does not name it", err)
			}
			r.create(r.topics.flags)
			r.startJoined()
			r.drop(r.topics.flags)
		},
		act: func(r *run) {
			r.until("workers try to write to a topic that is not there", func() bool { return r.tries() > 3 })
			r.hold(15*time.Second, time.Second)
			r.create(r.topics.flags)
		},
	},
	{
		key: "dead-letters-refused", name: "the dead-letter topic refuses writes for 15 s", repeats: noRepeats,
		late: true, feed: 10 * time.Second,
		before: func(r *run) {
			r.startJoined() // a start asks for the right
			r.refuse(r.topics.dead, true)
		},
		act: func(r *run) {
			r.until("partitions wait for their first dead letter", func() bool { return r.tries() > 10 })
			r.awaitFeed()
			r.hold(15*time.Second, time.Second)
			r.nothingPassed()
			r.refuse(r.topics.dead, false)
		},
	},
	{
		key: "partitions", name: "partitions added to an input", repeats: noRepeats,
		act: func(r *run) {
			r.underWay()
			r.grow(r.topics.inputs[0], 5)
			r.progress()
		},
	},
	{
		key: "topic-deleted", name: "an input deleted", repeats: noRepeats, inputs: 3, partitions: 2, retired: 1,
		act: func(r *run) {
			topic := r.topics.inputs[2]
			r.until("all of the input is committed", func() bool { return r.retired(topic) })
			r.mu.Lock()
			r.dropped[topic] = true
			r.mu.Unlock()
			r.drop(topic)
			r.progress()
		},
	},
}

// startJoined starts two workers and waits until they are members of the group.
func (r *run) startJoined() {
	r.t.Helper()
	for _, w := range []*worker{r.start(), r.start()} {
		r.until("the worker has joined", func() bool { return w.says("joined the group") })
	}
}

// tries counts how often the workers tried something again.
func (r *run) tries() (n int) {
	for _, w := range r.workers {
		n += w.tries()
	}
	return n
}

// drop deletes a topic and waits until it is gone.
func (r *run) drop(topic string) {
	r.t.Helper()
	if _, err := r.admin.DeleteTopic(r.t.Context(), topic); err != nil {
		r.t.Fatal(err)
	}
	r.until(topic+" is deleted", func() bool {
		details, err := r.admin.ListTopics(r.t.Context(), topic)
		return err == nil && !details.Has(topic)
	})
}

// grow gives an input so many partitions; the feed uses them from then on.
func (r *run) grow(topic string, partitions int) {
	r.t.Helper()
	if _, err := r.admin.UpdatePartitions(r.t.Context(), partitions, topic); err != nil {
		r.t.Fatal(err)
	}
	r.until("the new partitions are known", func() bool {
		r.client.ForceMetadataRefresh()
		_, _, err := r.client.PartitionLeader(topic, int32(partitions-1))
		return err == nil
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.partitions[topic] = partitions
}

// refuse makes the brokers refuse every write to a topic, or take it again.
func (r *run) refuse(topic string, on bool) {
	r.t.Helper()
	change := func(acl *kadm.ACLBuilder) error {
		acl = acl.Topics(topic).ResourcePatternType(kadm.ACLPatternLiteral)
		if on {
			_, err := r.admin.CreateACLs(r.t.Context(), acl)
			return err
		}
		_, err := r.admin.DeleteACLs(r.t.Context(), acl)
		return err
	}
	// With the first rule for a topic all else is forbidden that no rule allows.
	allow := kadm.NewACLs().Allow("User:*").AllowHosts("*").Operations(kmsg.ACLOperationRead, kmsg.ACLOperationDescribe)
	deny := kadm.NewACLs().Deny("User:*").DenyHosts("*").Operations(kmsg.ACLOperationWrite)
	if err := errors.Join(change(allow), change(deny)); err != nil {
		r.t.Fatal(err)
	}
}

// nothingPassed checks that no partition is committed past its first broken
// event, whose dead letter could not be written.
func (r *run) nothingPassed() {
	r.t.Helper()
	offsets, _ := r.offsets()
	var wrong []string
	offsets.Each(func(o kadm.OffsetResponse) {
		for offset := range o.At {
			if i := r.log[place{o.Topic, o.Partition}][offset]; r.events[i].broken {
				wrong = append(wrong, fmt.Sprintf("%s/%d: %d", o.Topic, o.Partition, offset))
			}
		}
	})
	if len(wrong) > 0 {
		r.t.Errorf("committed though their dead letters could not be written: %s", strings.Join(wrong, ", "))
	}
}

// retired reports whether all of an input that gets no more is committed.
func (r *run) retired(topic string) bool {
	offsets, ok := r.offsets()
	if !ok {
		return false
	}
	for p := range int32(r.partitionsOf(topic)) {
		o, found := offsets.Lookup(topic, p)
		ends, err := r.admin.ListEndOffsets(r.t.Context(), topic)
		end, known := ends.Lookup(topic, p)
		if err != nil || !known || !found || o.At != end.Offset {
			return false
		}
	}
	return true
}
