package kafka

import (
	"cmp"
	"encoding/json"
	"slices"

	kafkago "github.com/segmentio/kafka-go"
)

// spot is one partition of one topic.
type spot struct {
	topic     string
	partition int
}

func compareSpots(a, b spot) int {
	return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.partition, b.partition))
}

// evenBalancer shares out the partitions of all topics together, so that no
// two members differ by more than one, and leaves a partition with the member
// that has it where it can. kafka-go's own balancers deal each topic from the
// first member on: with many topics of one partition, one member gets them all.
type evenBalancer struct {
	// owned returns what this member has now, to be told to the leader.
	owned func() map[string][]int
}

// ProtocolName is how members agree on a balancer.
func (evenBalancer) ProtocolName() string { return "vigie-even" }

// UserData is what this member has, as JSON: {"topic": [partitions]}.
func (b evenBalancer) UserData() ([]byte, error) { return json.Marshal(b.owned()) }

// AssignGroups shares partitions among members: first what each claims and
// may keep, then the rest to whoever has least. The same input, in any order,
// gives the same result.
func (evenBalancer) AssignGroups(members []kafkago.GroupMember, partitions []kafkago.Partition) kafkago.GroupMemberAssignments {
	d := newDeal(members, partitions)
	d.keep()
	d.deal()
	result := make(kafkago.GroupMemberAssignments)
	for _, m := range d.members {
		topics := make(map[string][]int)
		for _, s := range m.has {
			topics[s.topic] = append(topics[s.topic], s.partition)
		}
		for _, list := range topics {
			slices.Sort(list)
		}
		result[m.id] = topics
	}
	return result
}

// deal is one sharing out.
type deal struct {
	members []*member
	// free holds the partitions that nobody has yet, in order.
	free []spot
	// low is the fair share rounded down; over counts the members that may have one more.
	low, over int
}

type member struct {
	id     string
	topics []string
	claims []spot
	has    []spot
}

func newDeal(members []kafkago.GroupMember, partitions []kafkago.Partition) *deal {
	d := &deal{}
	for _, p := range partitions {
		d.free = append(d.free, spot{p.Topic, p.ID})
	}
	slices.SortFunc(d.free, compareSpots)
	d.free = slices.Compact(d.free)
	for _, m := range members {
		d.members = append(d.members, &member{id: m.ID, topics: m.Topics, claims: claims(m.UserData)})
	}
	slices.SortFunc(d.members, func(a, b *member) int { return cmp.Compare(a.id, b.id) })
	if len(d.members) > 0 {
		d.low, d.over = len(d.free)/len(d.members), len(d.free)%len(d.members)
	}
	return d
}

// claims reads a member's user data; what cannot be read claims nothing.
func claims(userData []byte) []spot {
	var owned map[string][]int
	if json.Unmarshal(userData, &owned) != nil {
		return nil
	}
	var list []spot
	for topic, partitions := range owned {
		for _, p := range partitions {
			list = append(list, spot{topic, p})
		}
	}
	slices.SortFunc(list, compareSpots)
	return list
}

// keep leaves members what they claim, up to their share of all partitions and
// of each topic.
func (d *deal) keep() {
	share := d.shares()
	for _, m := range d.members {
		for _, s := range m.claims {
			i, free := slices.BinarySearchFunc(d.free, s, compareSpots)
			if !free || !slices.Contains(m.topics, s.topic) || m.count(s.topic) == share[s.topic] {
				continue
			}
			if len(m.has) == d.low {
				if d.over == 0 {
					break
				}
				d.over--
			} else if len(m.has) > d.low {
				break
			}
			m.has = append(m.has, s)
			d.free = slices.Delete(d.free, i, i+1)
		}
	}
}

// shares returns how many partitions of each topic a subscriber may keep.
func (d *deal) shares() map[string]int {
	partitions, subscribers := make(map[string]int), make(map[string]int)
	for _, s := range d.free {
		partitions[s.topic]++
	}
	for _, m := range d.members {
		for _, topic := range m.topics {
			subscribers[topic]++
		}
	}
	for topic, n := range partitions {
		if k := subscribers[topic]; k > 0 {
			partitions[topic] = (n + k - 1) / k
		}
	}
	return partitions
}

// deal gives each free partition to the subscriber with the fewest partitions,
// then the fewest of the same topic.
func (d *deal) deal() {
	for _, s := range d.free {
		var best *member
		for _, m := range d.members {
			if slices.Contains(m.topics, s.topic) && (best == nil || compareLoad(m, best, s.topic) < 0) {
				best = m
			}
		}
		if best != nil {
			best.has = append(best.has, s)
		}
	}
}

func compareLoad(a, b *member, topic string) int {
	return cmp.Or(cmp.Compare(len(a.has), len(b.has)), cmp.Compare(a.count(topic), b.count(topic)))
}

// count returns how many partitions of topic m has.
func (m *member) count(topic string) (n int) {
	for _, s := range m.has {
		if s.topic == topic {
			n++
		}
	}
	return n
}
