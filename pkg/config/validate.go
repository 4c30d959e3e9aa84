package config

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The longest retentions: what the contract sets as the default is also the
// limit, because flags, receipts and dead letters are about people's health.
const (
	maxRetention           = 30 * 24 * time.Hour
	maxDeadLetterRetention = 14 * 24 * time.Hour
)

// topicName is what Kafka accepts as the name of a topic.
var topicName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,249}$`)

// Validate checks every value without contacting anything. Its error joins all
// that is wrong, each with the place where it was set.
func (c *Config) Validate() error {
	v := validator{places: c.places}
	return v.validate(c)
}

func (v *validator) validate(c *Config) error {
	v.wrong = nil
	v.kafka(&c.Kafka)
	v.group(&c.Group)
	v.topics(&c.Topics)
	v.worker(&c.Worker, &c.Group)
	if c.Lexicon.WatchInterval != 0 {
		between(v, "lexicon.watch_interval", c.Lexicon.WatchInterval, 100*time.Millisecond, time.Hour)
	}
	v.oneOf("lexicon.engine", c.Lexicon.Engine, "words", "cloudflare")
	between(v, "replay.urgent_max_age", c.Replay.UrgentMaxAge, 0, 10*365*24*time.Hour)
	if c.Metrics.Listen != "" {
		v.check(isListen(c.Metrics.Listen), "metrics.listen", "%q is not host:port, for example 127.0.0.1:9464", c.Metrics.Listen)
	}
	v.console(&c.Console)
	v.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	return errors.Join(v.wrong...)
}

// validator collects what is wrong.
type validator struct {
	places map[string]string
	// skip holds the keys whose values could not be read, with their types.
	skip  map[string]reflect.Type
	wrong []error
}

// types tells what the values that could not be read should be. A value itself
// stays out: it may be a secret.
func (v *validator) types() error {
	var wrong []error
	for _, key := range slices.Sorted(maps.Keys(v.skip)) {
		want := "another type"
		switch t := v.skip[key]; {
		case t == nil:
		case t == durationType:
			want = "a duration with its unit, such as 10s or 720h"
		case t.Kind() == reflect.Bool:
			want = "true or false"
		case t.Kind() == reflect.Int || t.Kind() == reflect.Int64:
			want = "a whole number"
		case t.Kind() == reflect.Slice:
			want = "a list"
		case t.Kind() == reflect.String:
			want = "a text"
		case t.Kind() == reflect.Map:
			want = "a section of keys and values, in the environment key=value"
		}
		wrong = append(wrong, fmt.Errorf("%s: the value must be %s", at(v.places, key), want))
	}
	return errors.Join(wrong...)
}

// isListen reports whether an address can be listened at.
func isListen(addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// check notes a message about a key unless ok.
func (v *validator) check(ok bool, key, format string, args ...any) {
	if _, unread := v.skip[key]; !ok && !unread {
		v.wrong = append(v.wrong, fmt.Errorf("%s: %s", at(v.places, key), fmt.Sprintf(format, args...)))
	}
}

func (v *validator) oneOf(key, value string, allowed ...string) {
	v.check(slices.Contains(allowed, value), key, "%q is none of %q", value, allowed)
}

// readable checks that a file, if one is named, can be opened.
func (v *validator) readable(key, path string) {
	if path == "" {
		return
	}
	f, err := os.Open(path)
	v.check(err == nil, key, "%v", err)
	if err == nil {
		_ = f.Close()
	}
}

// between checks a duration or a number against its bounds, both allowed.
func between[T int | int64 | time.Duration](v *validator, key string, value, low, high T) {
	v.check(low <= value && value <= high, key, "%v is not between %v and %v", value, low, high)
}

func (v *validator) kafka(k *Kafka) {
	v.check(len(k.Brokers) > 0, "kafka.brokers", "name at least one broker as host:port")
	for _, b := range k.Brokers {
		if strings.Contains(b, "@") {
			v.check(false, "kafka.brokers", "a broker is host:port, without a user: set kafka.sasl instead")
			continue // what stands before it may be a password
		}
		host, port, err := net.SplitHostPort(b)
		v.check(err == nil && host != "" && port != "", "kafka.brokers", "%q is not host:port", b)
	}
	between(v, "kafka.connect_timeout", k.ConnectTimeout, 100*time.Millisecond, 10*time.Minute)
	t := &k.TLS
	v.check((t.CertFile == "") == (t.KeyFile == ""), "kafka.tls.cert_file", "cert_file and key_file go together")
	v.check(t.Enabled || t.CAFile+t.CertFile+t.KeyFile+t.ServerName == "", "kafka.tls.enabled",
		"TLS files are set but TLS is off; set enabled to true or take them out")
	if t.Enabled {
		v.readable("kafka.tls.ca_file", t.CAFile)
		v.readable("kafka.tls.cert_file", t.CertFile)
		v.readable("kafka.tls.key_file", t.KeyFile)
	}
	s := &k.SASL
	v.oneOf("kafka.sasl.mechanism", s.Mechanism, "", "plain", "scram-sha-256", "scram-sha-512")
	if s.Mechanism == "" {
		v.check(s.Username == "" && s.Password == "", "kafka.sasl.mechanism", "a user or a password is set but no mechanism")
	} else {
		v.check(s.Username != "" && s.Password != "", "kafka.sasl.mechanism", "%s needs username and password", s.Mechanism)
	}
}

func (v *validator) group(g *Group) {
	v.check(g.ID != "", "group.id", "name the consumer group")
	between(v, "group.session_timeout", g.SessionTimeout, 6*time.Second, 5*time.Minute)
	between(v, "group.heartbeat_interval", g.HeartbeatInterval, 100*time.Millisecond, g.SessionTimeout/3)
	between(v, "group.rebalance_timeout", g.RebalanceTimeout, g.SessionTimeout, 30*time.Minute)
	v.oneOf("group.on_out_of_range", g.OnOutOfRange, Earliest, Latest, Fail)
}

func (v *validator) topics(t *Topics) {
	v.check(len(t.Inputs) > 0, "topics.inputs", "name at least one topic to read")
	seen := make(map[string]string)
	name := func(key, topic string) {
		v.check(topicName.MatchString(topic) && topic != "." && topic != "..", key, "%q is no name of a topic", topic)
		v.check(seen[topic] == "", key, "%q is already %s; a topic has one use", topic, seen[topic])
		seen[topic] = key
	}
	for _, topic := range t.Inputs {
		name("topics.inputs", topic)
	}
	for topic := range t.Formats {
		v.check(slices.Contains(t.Inputs, topic), "topics.formats."+topic, "it is none of topics.inputs")
	}
	name("topics.flags", t.Flags)
	name("topics.dead_letter", t.DeadLetter)
	name("topics.receipts", t.Receipts)
	name("topics.lexicons", t.Lexicons)
	if t.Evidence != "" {
		name("topics.evidence", t.Evidence)
	}
	between(v, "topics.partitions", t.Partitions, 1, 10000)
	v.check(t.Replication == -1 || t.Replication >= 1, "topics.replication", "%d is neither -1 nor a number of replicas", t.Replication)
	between(v, "topics.retention", t.Retention, time.Hour, maxRetention)
	between(v, "topics.dead_letter_retention", t.DeadLetterRetention, time.Hour, maxDeadLetterRetention)
	between(v, "topics.evidence_retention", t.EvidenceRetention, time.Hour, maxRetention)
	between(v, "topics.max_message_bytes", t.MaxMessageBytes, 64<<10, 1<<30)
	between(v, "topics.lexicon_max_bytes", t.LexiconMaxBytes, 64<<10, 1<<30)
	between(v, "topics.dead_letter_max_bytes", t.DeadLetterMaxBytes, 64<<10, 1<<30)
}

func (v *validator) worker(w *Worker, g *Group) {
	between(v, "worker.batch_records", w.BatchRecords, 1, 100000)
	between(v, "worker.max_value_bytes", w.MaxValueBytes, 1<<10, 1<<30)
	between(v, "worker.max_bytes_in_flight", w.MaxBytesInFlight, 1<<20, 1<<40)
	between(v, "worker.fetch_max_bytes", w.FetchMaxBytes, 1<<10, 1<<30)
	between(v, "worker.fetch_max_wait", w.FetchMaxWait, 10*time.Millisecond, g.SessionTimeout/2)
	between(v, "worker.watch_interval", w.WatchInterval, 100*time.Millisecond, time.Hour)
	between(v, "worker.evidence_words", w.EvidenceWords, 0, 100)
	between(v, "worker.shutdown_timeout", w.ShutdownTimeout, time.Second, time.Hour)
}
