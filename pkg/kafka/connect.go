// Package kafka holds what vigie knows of Kafka: how to connect, a partition
// read record by record, the group's membership and balance, topics, writing,
// and a broker inside the process for trials and tests.
//
// It stands on segmentio/kafka-go; what that client does in silence and a
// service that may lose nothing must not, is guarded here, one guard a file.
package kafka

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"github.com/vigie-project/vigie/pkg/config"
)

// ErrUnreachable says that no broker answered, or none let this client in.
var ErrUnreachable = errors.New("no broker could be reached")

// metadataTTL bounds how old the known leaders of partitions may be: after a
// broker's death this long passes at most before its successors are found.
const metadataTTL = 2 * time.Second

// callTimeout bounds one request that is no fetch.
const callTimeout = 10 * time.Second

// Cluster is a way to the brokers. It is safe for many goroutines.
type Cluster struct {
	client    *kafkago.Client
	transport *kafkago.Transport
	dialer    *kafkago.Dialer
	brokers   []string
	cfg       *config.Kafka
}

// Connect prepares connections as configured without opening one; its error is
// about the certificates or the credentials.
func Connect(cfg *config.Config) (*Cluster, error) {
	secure, err := tlsConfig(&cfg.Kafka.TLS)
	if err != nil {
		return nil, err
	}
	mechanism, err := saslMechanism(&cfg.Kafka.SASL)
	if err != nil {
		return nil, err
	}
	net := net.Dialer{Timeout: 3 * time.Second}
	c := &Cluster{
		transport: &kafkago.Transport{
			Dial: net.DialContext, ClientID: cfg.Kafka.ClientID, TLS: secure, SASL: mechanism,
			MetadataTTL: metadataTTL,
			// Only these: a cluster may hold thousands of topics of others.
			MetadataTopics: append(cfg.Topics.Outputs(), cfg.Topics.Inputs...),
		},
		dialer: &kafkago.Dialer{
			Timeout: 3 * time.Second, ClientID: cfg.Kafka.ClientID, TLS: secure, SASLMechanism: mechanism,
		},
		brokers: cfg.Kafka.Brokers,
		cfg:     &cfg.Kafka,
	}
	c.client = &kafkago.Client{Addr: kafkago.TCP(cfg.Kafka.Brokers...), Transport: c.transport}
	return c, nil
}

// Close ends the connections that are not in use.
func (c *Cluster) Close() { c.transport.CloseIdleConnections() }

// Reach waits until a broker answers, at most the configured connect timeout; a
// single one that does not let this client in is not asked again. Its error wraps
// [ErrUnreachable] and says what to look at.
func (c *Cluster) Reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.ConnectTimeout)
	defer cancel()
	brokers := strings.Join(c.brokers, ", ")
	// The error of a context that has ended says nothing; the one before does.
	var last refusal
	for {
		_, err := c.client.Metadata(ctx, &kafkago.MetadataRequest{})
		if err == nil {
			return nil
		}
		if last.err == nil || ctx.Err() == nil {
			last = refusalOf(err, c.cfg)
		}
		switch ended := pause(ctx, 100*time.Millisecond) != nil; {
		case last.final && len(c.brokers) == 1: // another one may take it
			return fmt.Errorf("%w at %s: %w; %s", ErrUnreachable, brokers, last.err, last.hint)
		case ended && last.hint != "":
			return fmt.Errorf("%w at %s within %v: %w; %s", ErrUnreachable, brokers, c.cfg.ConnectTimeout, last.err, last.hint)
		case ended:
			return fmt.Errorf("%w at %s within %v: %w", ErrUnreachable, brokers, c.cfg.ConnectTimeout, last.err)
		}
	}
}

// pause waits for d or until ctx ends, whose error it returns.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// tlsConfig returns the TLS settings, nil when TLS is off.
func tlsConfig(t *config.TLS) (*tls.Config, error) {
	if !t.Enabled {
		return nil, nil
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("kafka.tls.ca_file: %w", err)
		}
		secure.RootCAs = x509.NewCertPool()
		if !secure.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("kafka.tls.ca_file: %s holds no certificate in PEM", t.CAFile)
		}
	}
	if t.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("kafka.tls.cert_file and key_file: %w", err)
		}
		secure.Certificates = []tls.Certificate{pair}
	}
	return secure, nil
}

// saslMechanism returns the authentication, nil for none.
func saslMechanism(s *config.SASL) (sasl.Mechanism, error) {
	switch s.Mechanism {
	case "":
		return nil, nil
	case "plain":
		return plain.Mechanism{Username: s.Username, Password: string(s.Password)}, nil
	}
	algorithm := scram.SHA256
	if s.Mechanism == "scram-sha-512" {
		algorithm = scram.SHA512
	}
	mechanism, err := scram.Mechanism(algorithm, s.Username, string(s.Password))
	if err != nil {
		return nil, fmt.Errorf("kafka.sasl: %w", err)
	}
	return mechanism, nil
}
