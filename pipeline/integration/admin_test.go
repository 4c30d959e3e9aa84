package integration

import (
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// limit sets the largest message of a topic.
func (e *env) limit(topic string, bytes int) {
	e.t.Helper()
	e.alter(topic, map[string]string{"max.message.bytes": strconv.Itoa(bytes)})
}

// alter changes settings of a topic and waits until its broker, which learns
// of them from the controller, has them.
func (e *env) alter(topic string, settings map[string]string) {
	e.t.Helper()
	r := kmsg.NewIncrementalAlterConfigsRequestResource()
	r.ResourceType, r.ResourceName = kmsg.ConfigResourceTypeTopic, topic
	for name, value := range settings {
		c := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		c.Name, c.Value = name, &value
		r.Configs = append(r.Configs, c)
	}
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	req.Resources = append(req.Resources, r)
	resp, err := req.RequestWith(e.t.Context(), e.client)
	if err == nil {
		err = kerr.ErrorForCode(resp.Resources[0].ErrorCode)
	}
	if err != nil {
		e.t.Fatal(err)
	}
	e.until("the broker knows the settings", func() bool {
		req := kmsg.NewPtrDescribeConfigsRequest()
		r := kmsg.NewDescribeConfigsRequestResource()
		r.ResourceType, r.ResourceName = kmsg.ConfigResourceTypeTopic, topic
		req.Resources = append(req.Resources, r)
		resp, err := req.RequestWith(e.t.Context(), e.client)
		if err != nil {
			e.t.Fatal(err)
		}
		known := 0
		for _, c := range resp.Resources[0].Configs {
			if want, ok := settings[c.Name]; ok && c.Value != nil && *c.Value == want {
				known++
			}
		}
		return known == len(settings)
	})
}

// grow gives a topic so many partitions.
func (e *env) grow(topic string, partitions int32) {
	e.t.Helper()
	req := kmsg.NewPtrCreatePartitionsRequest()
	req.TimeoutMillis = 5000
	t := kmsg.NewCreatePartitionsRequestTopic()
	t.Topic, t.Count = topic, partitions
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(e.t.Context(), e.client)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

// drop deletes a topic.
func (e *env) drop(topic string) {
	e.t.Helper()
	req := kmsg.NewPtrDeleteTopicsRequest()
	req.TimeoutMillis = 5000
	req.TopicNames = []string{topic}
	t := kmsg.NewDeleteTopicsRequestTopic()
	t.Topic = kmsg.StringPtr(topic)
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(e.t.Context(), e.client)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

// cut removes the records before offset.
func (e *env) cut(topic string, partition int32, offset int64) {
	e.t.Helper()
	req := kmsg.NewPtrDeleteRecordsRequest()
	req.TimeoutMillis = 5000
	t := kmsg.NewDeleteRecordsRequestTopic()
	t.Topic = topic
	p := kmsg.NewDeleteRecordsRequestTopicPartition()
	p.Partition, p.Offset = partition, offset
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(e.t.Context(), e.client)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode)
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

// exists reports whether the broker has a topic.
func (e *env) exists(topic string) bool {
	e.t.Helper()
	req := kmsg.NewPtrMetadataRequest()
	t := kmsg.NewMetadataRequestTopic()
	t.Topic = kmsg.StringPtr(topic)
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(e.t.Context(), e.client)
	if err != nil {
		e.t.Fatal(err)
	}
	return resp.Topics[0].ErrorCode == 0
}
