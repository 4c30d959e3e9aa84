package kafka

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
)

// Status says what was found about a topic.
type Status string

// The statuses of topics.
const (
	Created Status = "created"
	Exists  Status = "exists"  // as configured
	Differs Status = "differs" // exists, but not as configured
	Missing Status = "missing"
)

// TopicReport is what was found or done about one topic.
type TopicReport struct {
	Topic  string
	Status Status
	// Differences says, one sentence each, what is not as configured.
	Differences []string
}

// spec is how a topic should be.
type spec struct {
	name       string
	partitions int
	settings   map[string]string
}

// CreateTopics creates the topics that are written, and with inputs also those
// that are read, where they do not exist yet; those that do are compared and
// left as they are. Its error wraps [ErrUnreachable] where no broker answers.
func CreateTopics(ctx context.Context, cfg *config.Config, inputs bool) ([]TopicReport, error) {
	c, err := Connect(cfg)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if err := c.Reach(ctx); err != nil {
		return nil, err
	}
	specs := specsOf(&cfg.Topics, inputs)
	if err := c.mayDescribe(ctx, specs); err != nil {
		return nil, err
	}
	created, err := c.create(ctx, specs, cfg.Topics.Replication)
	if err != nil {
		return nil, err
	}
	return c.compare(ctx, specs, created)
}

// CheckTopics compares the topics that are written, and with inputs also those
// that are read, with the configuration, and changes nothing.
func CheckTopics(ctx context.Context, cfg *config.Config, inputs bool) ([]TopicReport, error) {
	c, err := Connect(cfg)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if err := c.Reach(ctx); err != nil {
		return nil, err
	}
	specs := specsOf(&cfg.Topics, inputs)
	if err := c.mayDescribe(ctx, specs); err != nil {
		return nil, err
	}
	return c.compare(ctx, specs, nil)
}

// mayDescribe checks that topics may be looked at: kafka-go waits for those
// that it has created until it sees them.
func (c *Cluster) mayDescribe(ctx context.Context, specs []spec) error {
	var rights []Right
	for _, s := range specs {
		rights = append(rights, OnTopic(Describe, s.name), OnTopic(DescribeConfigs, s.name))
	}
	return c.CheckRights(ctx, rights)
}

// longestSegment is how long a segment of a log is written to, at most.
const longestSegment = 12 * time.Hour

// specsOf lists how the topics should be. Every one has an end: what is known
// of people's frailty is not kept by default, and the lexicons, which hold no
// customer's word, keep the last of each digest.
//
// Kafka deletes a segment when its newest record is past retention.ms, and by
// default writes a week to one: its oldest record would stay a week too long.
// So segments are short, and their length is part of what is kept.
func specsOf(t *config.Topics, inputs bool) []spec {
	kept := func(d time.Duration, bytes int) map[string]string {
		segment := min(longestSegment, d/2)
		return map[string]string{
			"cleanup.policy":    "delete",
			"retention.ms":      strconv.FormatInt((d - segment).Milliseconds(), 10),
			"segment.ms":        strconv.FormatInt(segment.Milliseconds(), 10),
			"max.message.bytes": strconv.Itoa(bytes),
		}
	}
	specs := []spec{
		{t.Flags, t.Partitions, kept(t.Retention, t.MaxMessageBytes)},
		{t.Receipts, t.Partitions, kept(t.Retention, t.MaxMessageBytes)},
		{t.DeadLetter, t.Partitions, kept(t.DeadLetterRetention, t.DeadLetterMaxBytes)},
		{t.Lexicons, 1, map[string]string{
			"cleanup.policy":    "compact",
			"max.message.bytes": strconv.Itoa(t.LexiconMaxBytes),
		}},
	}
	if t.Evidence != "" {
		specs = append(specs, spec{t.Evidence, t.Partitions, kept(t.EvidenceRetention, t.MaxMessageBytes)})
	}
	if inputs {
		for _, name := range t.Inputs {
			specs = append(specs, spec{name, t.Partitions, kept(t.DeadLetterRetention, t.DeadLetterMaxBytes)})
		}
	}
	return specs
}

// create asks for all topics and returns those that are new.
func (c *Cluster) create(ctx context.Context, specs []spec, replication int) (map[string]bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*callTimeout)
	defer cancel()
	req := &kafkago.CreateTopicsRequest{}
	for _, s := range specs {
		t := kafkago.TopicConfig{Topic: s.name, NumPartitions: s.partitions, ReplicationFactor: replication}
		for _, key := range slices.Sorted(maps.Keys(s.settings)) {
			t.ConfigEntries = append(t.ConfigEntries, kafkago.ConfigEntry{ConfigName: key, ConfigValue: s.settings[key]})
		}
		req.Topics = append(req.Topics, t)
	}
	resp, err := c.client.CreateTopics(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("creating topics: %w", err)
	}
	created := make(map[string]bool)
	var wrong []error
	for _, s := range specs {
		switch err := resp.Errors[s.name]; {
		case err == nil:
			created[s.name] = true
		case !errors.Is(err, kafkago.TopicAlreadyExists):
			wrong = append(wrong, fmt.Errorf("creating topic %s: %w", s.name, named(err, OnTopic(Create, s.name))))
		}
	}
	return created, errors.Join(wrong...)
}

// compare reports on each topic; those in created are new and need no look.
func (c *Cluster) compare(ctx context.Context, specs []spec, created map[string]bool) ([]TopicReport, error) {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.name
	}
	counts, err := c.Partitions(ctx, names)
	if err != nil {
		return nil, err
	}
	var reports []TopicReport
	for _, s := range specs {
		r := TopicReport{Topic: s.name, Status: Created}
		if !created[s.name] {
			if r, err = c.look(ctx, s, counts); err != nil {
				return nil, err
			}
		}
		reports = append(reports, r)
	}
	return reports, nil
}

// look compares one topic with its spec.
func (c *Cluster) look(ctx context.Context, s spec, counts map[string]int) (TopicReport, error) {
	r := TopicReport{Topic: s.name, Status: Exists}
	count, ok := counts[s.name]
	if !ok {
		r.Status = Missing
		return r, nil
	}
	if count != s.partitions {
		r.Differences = append(r.Differences, fmt.Sprintf("has %d partitions, configured are %d", count, s.partitions))
	}
	is, err := c.settings(ctx, s.name)
	if err != nil {
		return r, err
	}
	for _, key := range slices.Sorted(maps.Keys(s.settings)) {
		if is[key] != s.settings[key] {
			r.Differences = append(r.Differences, fmt.Sprintf("%s is %s, configured is %s", key, is[key], s.settings[key]))
		}
	}
	if len(r.Differences) > 0 {
		r.Status = Differs
	}
	return r, nil
}

// settings returns the settings of a topic, its own and inherited.
func (c *Cluster) settings(ctx context.Context, topic string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := c.client.DescribeConfigs(ctx, &kafkago.DescribeConfigsRequest{
		Resources: []kafkago.DescribeConfigRequestResource{{ResourceType: kafkago.ResourceTypeTopic, ResourceName: topic}},
	})
	if err != nil {
		return nil, fmt.Errorf("looking at topic %s: %w", topic, err)
	}
	settings := make(map[string]string)
	for _, r := range resp.Resources {
		if r.Error != nil {
			return nil, fmt.Errorf("looking at topic %s: %w", topic, named(r.Error, OnTopic(DescribeConfigs, topic)))
		}
		for _, e := range r.ConfigEntries {
			settings[e.ConfigName] = e.ConfigValue
		}
	}
	return settings, nil
}
