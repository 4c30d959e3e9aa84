package kafka

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"
)

// topology lists the partitions of topics, given as name and count.
func topology(counts map[string]int) (topics []string, partitions []kafkago.Partition) {
	for topic, n := range counts {
		topics = append(topics, topic)
		for i := range n {
			partitions = append(partitions, kafkago.Partition{Topic: topic, ID: i})
		}
	}
	return topics, partitions
}

func assign(t *testing.T, members []kafkago.GroupMember, partitions []kafkago.Partition) map[string]map[string][]int {
	t.Helper()
	result := evenBalancer{}.AssignGroups(members, partitions)
	got := make(map[string]map[string][]int)
	seen := make(map[string]bool)
	for id, topics := range result {
		got[id] = topics
		for topic, list := range topics {
			for _, p := range list {
				place := fmt.Sprintf("%s/%d", topic, p)
				if seen[place] {
					t.Errorf("%s is given twice", place)
				}
				seen[place] = true
			}
		}
	}
	if len(seen) != len(partitions) {
		t.Errorf("%d of %d partitions are given", len(seen), len(partitions))
	}
	return got
}

func size(topics map[string][]int) (n int) {
	for _, list := range topics {
		n += len(list)
	}
	return n
}

// Five topics of one partition, dealt topic by topic from the first member on,
// would all land on one of them.
func TestTrapBuiltInBalancersPileUpSmallTopics(t *testing.T) {
	for _, tt := range []struct {
		name    string
		members int
		counts  map[string]int
	}{
		{"small topics", 3, map[string]int{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}},
		{"mixed", 3, map[string]int{"a": 6, "b": 1, "c": 2, "d": 1}},
		{"more members than partitions", 5, map[string]int{"a": 2, "b": 1}},
		{"one member", 1, map[string]int{"a": 6, "b": 3}},
		{"nothing", 2, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			topics, partitions := topology(tt.counts)
			var members []kafkago.GroupMember
			for i := range tt.members {
				members = append(members, kafkago.GroupMember{ID: fmt.Sprint("m", i), Topics: topics})
			}
			low := len(partitions) / tt.members
			for id, got := range assign(t, members, partitions) {
				if n := size(got); n != low && n != low+1 {
					t.Errorf("%s has %d partitions, fair are %d or %d", id, n, low, low+1)
				}
			}
		})
	}
}

func TestBalancerKeepsWhatMembersHave(t *testing.T) {
	topics, partitions := topology(map[string]int{"a": 6, "b": 6})
	claim := func(topics map[string][]int) []byte { b, _ := json.Marshal(topics); return b }
	members := []kafkago.GroupMember{
		{ID: "new", Topics: topics, UserData: []byte("null")},
		{ID: "old", Topics: topics, UserData: claim(map[string][]int{"a": {0, 2, 4}, "b": {1, 3, 5}})},
		{ID: "other", Topics: topics, UserData: claim(map[string][]int{"a": {1, 3, 5}, "b": {0, 2, 4}})},
	}
	got := assign(t, members, partitions)
	// The newcomer gets a share of each topic, the others give up no more.
	want := map[string]map[string][]int{
		"new":   {"a": {4, 5}, "b": {4, 5}},
		"old":   {"a": {0, 2}, "b": {1, 3}},
		"other": {"a": {1, 3}, "b": {0, 2}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// While a new configuration is rolled out, members subscribe to different topics.
func TestBalancerHonoursSubscriptions(t *testing.T) {
	_, partitions := topology(map[string]int{"a": 4, "b": 4})
	members := []kafkago.GroupMember{
		{ID: "both", Topics: []string{"a", "b"}},
		{ID: "only a", Topics: []string{"a"}, UserData: []byte(`{"b":[0,1]}`)},
	}
	got := assign(t, members, partitions)
	if n := len(got["only a"]["b"]); n != 0 {
		t.Errorf("a member was given %d partitions of a topic that it does not read", n)
	}
}

func TestBalancerIsDeterministic(t *testing.T) {
	topics, partitions := topology(map[string]int{"a": 7, "b": 1, "c": 3})
	members := []kafkago.GroupMember{
		{ID: "x", Topics: topics, UserData: []byte(`{"a":[0,1,2],"c":[0]}`)},
		{ID: "y", Topics: topics, UserData: []byte(`{"a":[0,3],"gone":[1]}`)},
		{ID: "z", Topics: topics, UserData: []byte("not json")},
	}
	want := assign(t, members, partitions)
	for range 20 {
		rand.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		rand.Shuffle(len(partitions), func(i, j int) { partitions[i], partitions[j] = partitions[j], partitions[i] })
		if diff := cmp.Diff(want, assign(t, members, partitions)); diff != "" {
			t.Fatal(diff)
		}
	}
}
