package integration

import "github.com/twmb/franz-go/pkg/kgo"

// javaPartition is where Kafka's Java producer puts a key: murmur2, as the
// other client of these tests implements it.
func javaPartition(key []byte, partitions int) int32 {
	p := kgo.StickyKeyPartitioner(nil).ForTopic("")
	return int32(p.Partition(&kgo.Record{Key: key}, partitions))
}
