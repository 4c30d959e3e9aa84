package config

import "time"

// Default returns the configuration without a file and an environment.
func Default() *Config {
	return &Config{
		Kafka: Kafka{
			Brokers:        []string{"localhost:9092"},
			ClientID:       "vigie",
			ConnectTimeout: 10 * time.Second,
		},
		Group: Group{
			ID:                "vigie",
			SessionTimeout:    10 * time.Second,
			HeartbeatInterval: time.Second,
			RebalanceTimeout:  time.Minute,
			OnOutOfRange:      Earliest,
		},
		Topics: Topics{
			Inputs:              []string{"calls.transcripts", "mails", "letters", "surveys", "complaints"},
			Flags:               "fragility.flags",
			DeadLetter:          "fragility.dead-letter",
			Receipts:            "fragility.receipts",
			Lexicons:            "fragility.lexicons",
			Partitions:          6,
			Replication:         -1,
			Retention:           maxRetention,
			DeadLetterRetention: maxDeadLetterRetention,
			EvidenceRetention:   maxDeadLetterRetention,
			MaxMessageBytes:     4 << 20,
			LexiconMaxBytes:     16 << 20,
			DeadLetterMaxBytes:  16 << 20,
		},
		Worker: Worker{
			BatchRecords:     500,
			MaxValueBytes:    4 << 20,
			MaxBytesInFlight: 64 << 20,
			FetchMaxBytes:    1 << 20,
			FetchMaxWait:     250 * time.Millisecond,
			WatchInterval:    5 * time.Second,
			EvidenceWords:    8,
			ShutdownTimeout:  20 * time.Second,
		},
		Lexicon: Lexicon{WatchInterval: 10 * time.Second, Engine: "words"},
		Replay:  Replay{UrgentMaxAge: 48 * time.Hour},
		Metrics: Metrics{Listen: "127.0.0.1:9464"},
		Console: Console{Listen: "127.0.0.1:8464", Proxies: []string{}, Hosts: []string{}},
		Log:     Log{Level: "info"},
		Version: "dev",
	}
}
