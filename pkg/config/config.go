// Package config holds what can be set: plain structs whose every field says
// its default and what changes with it. [Load] puts the layers together:
// defaults, then a YAML file, then the environment.
package config

import "time"

// Config is the whole configuration.
type Config struct {
	Kafka   Kafka   `koanf:"kafka"`
	Group   Group   `koanf:"group"`
	Topics  Topics  `koanf:"topics"`
	Worker  Worker  `koanf:"worker"`
	Lexicon Lexicon `koanf:"lexicon"`
	Replay  Replay  `koanf:"replay"`
	Metrics Metrics `koanf:"metrics"`
	Console Console `koanf:"console"`
	Log     Log     `koanf:"log"`

	// Version is the program's own, written in the vigie-version header of what
	// it sends. The build sets it; no file and no environment does.
	Version string `koanf:"-"`

	// places says by key where a value that is no default was set.
	places map[string]string
}

// IsSet reports whether the file or the environment set a key, such as
// "metrics.listen", be it to its default.
func (c *Config) IsSet(key string) bool { return c.places[key] != "" }

// At returns a key with the place where it was set, if it was, as errors name it.
func (c *Config) At(key string) string { return at(c.places, key) }

// Kafka says how to reach the brokers.
type Kafka struct {
	// Brokers to ask first, as host:port; one that answers is enough, the others
	// are found through it. Default: localhost:9092.
	Brokers []string `koanf:"brokers"`
	// ClientID is what the brokers' logs and quotas call this client. Default: vigie.
	ClientID string `koanf:"client_id"`
	// ConnectTimeout is how long a start may take to reach a broker before it
	// gives up. Default: 10s. A running worker never gives up.
	ConnectTimeout time.Duration `koanf:"connect_timeout"`
	TLS            TLS           `koanf:"tls"`
	SASL           SASL          `koanf:"sasl"`
}

// TLS says how connections are encrypted.
type TLS struct {
	// Enabled encrypts every connection. Default: false.
	Enabled bool `koanf:"enabled"`
	// CAFile is a PEM file of the authorities that sign the brokers'
	// certificates. Default: those of the system.
	CAFile string `koanf:"ca_file"`
	// CertFile and KeyFile are this client's own PEM certificate and key, both or
	// neither. Default: neither.
	CertFile string `koanf:"cert_file"`
	KeyFile  string `koanf:"key_file"`
	// ServerName is the name expected in the certificates. Default: the broker's host.
	ServerName string `koanf:"server_name"`
}

// SASL says how this client proves who it is.
type SASL struct {
	// Mechanism is plain, scram-sha-256 or scram-sha-512; empty is no
	// authentication. Default: empty. Plain without TLS sends the password in clear.
	Mechanism string `koanf:"mechanism"`
	// Username of this client. Default: empty.
	Username string `koanf:"username"`
	// Password of this client; better given by PasswordFile. Default: empty.
	Password Secret `koanf:"password"`
	// PasswordFile is a file whose content, without the end of its last line, is
	// the password. Default: none.
	PasswordFile string `koanf:"password_file"`
}

// Group is the consumer group.
type Group struct {
	// ID of the group; workers of one ID share the partitions. Default: vigie.
	// Another ID reads everything again from the start.
	ID string `koanf:"id"`
	// SessionTimeout is how long a silent worker keeps its partitions. Default:
	// 10s. Half of the lower of SessionTimeout and RebalanceTimeout is what a
	// batch in hand has to finish when the group changes.
	SessionTimeout time.Duration `koanf:"session_timeout"`
	// HeartbeatInterval is how often a worker shows that it is there, at most a
	// third of SessionTimeout. Default: 1s. Lower makes rebalances quicker.
	HeartbeatInterval time.Duration `koanf:"heartbeat_interval"`
	// RebalanceTimeout is how long the group waits for the slowest worker when it
	// shares the partitions out again. Default: 60s.
	RebalanceTimeout time.Duration `koanf:"rebalance_timeout"`
	// OnOutOfRange says what to do where the committed offset is no longer in
	// the log: earliest goes to the oldest record (records may be judged again,
	// none is left out), latest to the end (what lies between is never judged),
	// fail stops the worker. Default: earliest.
	OnOutOfRange string `koanf:"on_out_of_range"`
}

// Policies of Group.OnOutOfRange.
const (
	Earliest = "earliest"
	Latest   = "latest"
	Fail     = "fail"
)

// Topics names the topics and says how `topics create` makes them.
type Topics struct {
	// Inputs are the topics that are read. In the environment: separated by
	// commas. Default: calls.transcripts, mails, letters, surveys, complaints.
	Inputs []string `koanf:"inputs"`
	// Formats says by topic how its values are read: the name of a format of
	// `vigie formats`, or a section of options with the name as format. In the
	// environment: topic=format, separated by commas. Default: empty; all values
	// are CloudEvents. It decides flags, so it is part of the lexicon's digest.
	Formats map[string]any `koanf:"formats"`
	// Flags, DeadLetter, Receipts and Lexicons are the topics that are written.
	// Defaults: fragility.flags, fragility.dead-letter, fragility.receipts,
	// fragility.lexicons.
	Flags      string `koanf:"flags"`
	DeadLetter string `koanf:"dead_letter"`
	Receipts   string `koanf:"receipts"`
	Lexicons   string `koanf:"lexicons"`
	// Evidence is where the words behind each flag are written. Default: empty,
	// nowhere; then no customer's word leaves the input topics but in dead
	// letters. Its readers read what people said of their health.
	Evidence string `koanf:"evidence"`

	// Partitions of a new topic; lexicons always has one. Default: 6. More
	// partitions than workers times cores serve nobody; they can be added later,
	// but a key's later flags then go to another partition.
	Partitions int `koanf:"partitions"`
	// Replication of a new topic, -1 for the brokers' default. Default: -1.
	Replication int `koanf:"replication"`
	// Retention of flags and receipts, how long a record stays at most, up to
	// 720h (30 days). Default: 720h.
	Retention time.Duration `koanf:"retention"`
	// DeadLetterRetention, at most 336h (14 days): dead letters hold customers'
	// words. Default: 336h.
	DeadLetterRetention time.Duration `koanf:"dead_letter_retention"`
	// EvidenceRetention, at most 720h (30 days). Default: 336h.
	EvidenceRetention time.Duration `koanf:"evidence_retention"`
	// MaxMessageBytes is the largest flag, receipt or evidence that is sent, and
	// the max.message.bytes of those topics. Default: 4194304 (4 MiB).
	MaxMessageBytes int `koanf:"max_message_bytes"`
	// LexiconMaxBytes is the same for lexicons: one is a record, learned layer
	// included. Default: 16777216 (16 MiB).
	LexiconMaxBytes int `koanf:"lexicon_max_bytes"`
	// DeadLetterMaxBytes is the same for dead letters, which carry the original
	// value; one that is larger goes without its value. Default: 16777216 (16 MiB).
	DeadLetterMaxBytes int `koanf:"dead_letter_max_bytes"`
}

// Outputs lists the topics that are written.
func (t *Topics) Outputs() []string {
	topics := []string{t.Flags, t.Receipts, t.DeadLetter, t.Lexicons}
	if t.Evidence != "" {
		topics = append(topics, t.Evidence)
	}
	return topics
}

// Worker says how the work is cut and bounded.
type Worker struct {
	// BatchRecords is how many records of a partition are judged, written and
	// committed together. Default: 500. After a crash at most this many per
	// partition are judged again.
	BatchRecords int `koanf:"batch_records"`
	// MaxValueBytes is the largest value that is read; a larger one becomes a
	// dead letter of class too_large. Default: 4194304 (4 MiB).
	MaxValueBytes int `koanf:"max_value_bytes"`
	// MaxBytesInFlight bounds the bytes of records held at a time over all
	// partitions, as stored and decompressed, and of what comes out of them.
	// Default: 67108864 (64 MiB). Each partition has its share; an eighth is lent
	// for a stored batch and an eighth for a record larger than that, one alone
	// whatever its size. With many partitions a small value cuts batches smaller
	// than BatchRecords.
	MaxBytesInFlight int64 `koanf:"max_bytes_in_flight"`
	// FetchMaxBytes is how much a fetch asks for, as stored (compressed).
	// Default: 1048576 (1 MiB); less where many partitions share MaxBytesInFlight.
	FetchMaxBytes int `koanf:"fetch_max_bytes"`
	// FetchMaxWait is how long a broker holds a fetch when there is nothing new.
	// Default: 250ms. Longer spares requests, and delays a stop as long.
	FetchMaxWait time.Duration `koanf:"fetch_max_wait"`
	// WatchInterval is how often topics are looked at for new partitions and
	// deletions. Default: 5s.
	WatchInterval time.Duration `koanf:"watch_interval"`
	// EvidenceWords is how many words around each span go to the evidence topic,
	// at most, on either side. Default: 8.
	EvidenceWords int `koanf:"evidence_words"`
	// ShutdownTimeout is how long batches in hand may take to finish on SIGTERM
	// before they are given up; they are then judged again by another worker.
	// Default: 20s.
	ShutdownTimeout time.Duration `koanf:"shutdown_timeout"`
}

// Lexicon says what is looked for and with which matcher.
type Lexicon struct {
	// Dir of the lexicon's files. Default: empty, the one shipped in the program.
	Dir string `koanf:"dir"`
	// Routing is the file of the routing policy. Default: empty, the one shipped.
	Routing string `koanf:"routing"`
	// WatchInterval is how often a running worker looks whether the files of Dir
	// and Routing have changed; 0s never, SIGHUP always does. Default: 10s. A
	// change counts once the files are the same for one interval.
	WatchInterval time.Duration `koanf:"watch_interval"`
	// Engine is words or cloudflare; they find the same. Default: words, which
	// is faster and takes less memory.
	Engine string `koanf:"engine"`

	// Formats are Topics.Formats in the form that a ruleset holds, nil for none:
	// how values are read is part of the rules. Whoever loads rules sets it.
	Formats []byte `koanf:"-"`
}

// Replay says what replays that publish must not do.
type Replay struct {
	// UrgentMaxAge is the age of an event above which a replay no longer routes it
	// urgent, but to the care team with severity 3: help that comes weeks late is
	// another kind of help. Default: 48h. What production has routed urgent stays so.
	UrgentMaxAge time.Duration `koanf:"urgent_max_age"`
}

// Metrics says where figures are shown.
type Metrics struct {
	// Listen is the host:port at which /metrics, /livez and /readyz answer over
	// HTTP; empty for nowhere. Default: 127.0.0.1:9464, which only this machine
	// reaches; a worker that finds the default taken by another takes a free port
	// and logs it. Whoever reaches it sees topics and counts, never a customer's
	// text; on other interfaces, keep it on a network of your own.
	Listen string `koanf:"listen"`
}

// Log says what is logged.
type Log struct {
	// Level is debug, info, warn or error. Default: info. No level logs a
	// customer's text, key, subject or event id.
	Level string `koanf:"level"`
}

// Secret is a string that no log and no print shows.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(hidden)"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
