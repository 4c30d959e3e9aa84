package kafka

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/vigie-project/vigie/pkg/config"
)

// certificate makes one for the loopback address that signs itself, and
// returns it with a file that holds its public part.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, path
}

func TestTLSAndSASL(t *testing.T) {
	pair, ca := certificate(t)
	secure := kfake.TLS(&tls.Config{Certificates: []tls.Certificate{pair}})
	for _, tt := range []struct {
		name   string
		opts   []kfake.Opt
		change func(*config.Kafka)
		ok     bool
	}{
		{"TLS", []kfake.Opt{secure}, func(k *config.Kafka) { k.TLS = config.TLS{Enabled: true, CAFile: ca} }, true},
		{"TLS, unknown authority", []kfake.Opt{secure}, func(k *config.Kafka) { k.TLS = config.TLS{Enabled: true} }, false},
		{"TLS expected", []kfake.Opt{secure}, func(*config.Kafka) {}, false},
		{"plain", []kfake.Opt{kfake.EnableSASL(), kfake.Superuser("PLAIN", "u", "p")},
			func(k *config.Kafka) { k.SASL = config.SASL{Mechanism: "plain", Username: "u", Password: "p"} }, true},
		{"SCRAM 256", []kfake.Opt{kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-256", "u", "p")},
			func(k *config.Kafka) { k.SASL = config.SASL{Mechanism: "scram-sha-256", Username: "u", Password: "p"} }, true},
		{"SCRAM 512", []kfake.Opt{kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "u", "p")},
			func(k *config.Kafka) { k.SASL = config.SASL{Mechanism: "scram-sha-512", Username: "u", Password: "p"} }, true},
		{"wrong password", []kfake.Opt{kfake.EnableSASL(), kfake.Superuser("PLAIN", "u", "p")},
			func(k *config.Kafka) { k.SASL = config.SASL{Mechanism: "plain", Username: "u", Password: "x"} }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1)}, tt.opts...)...)
			if err != nil {
				t.Fatal(err)
			}
			defer fake.Close()
			cfg := config.Default()
			cfg.Kafka.Brokers = fake.ListenAddrs()
			cfg.Kafka.ConnectTimeout = 5 * time.Second
			if !tt.ok {
				cfg.Kafka.ConnectTimeout = 500 * time.Millisecond
			}
			tt.change(&cfg.Kafka)
			c, err := Connect(cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			err = c.Reach(t.Context())
			if tt.ok && err != nil || !tt.ok && !errors.Is(err, ErrUnreachable) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestConnectRefusesBadFiles(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, k := range []config.TLS{
		{Enabled: true, CAFile: "nowhere.pem"},
		{Enabled: true, CAFile: empty},
		{Enabled: true, CertFile: "nowhere.pem", KeyFile: "nowhere.pem"},
	} {
		cfg := config.Default()
		cfg.Kafka.TLS = k
		if _, err := Connect(cfg); err == nil {
			t.Errorf("%+v was accepted", k)
		}
	}
}
