package integration

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// as returns the configuration of e changed to reach a broker by another way.
func (e *env) as(change func(*config.Config)) *config.Config {
	cfg := *e.cfg
	change(&cfg)
	return &cfg
}

// TestSecure is all that needs a broker with users and rules, on one.
func TestSecure(t *testing.T) {
	b := newSecureBroker(t)
	t.Run("who is let in", b.testConnections)
	t.Run("secrets", b.testSecrets)
	t.Run("rights", b.testRights)
	t.Run("rights come and go", b.testRightsComeAndGo)
}

// Each way in lets the right ones in, and a worker works; to the wrong ones
// it says which setting to look at.
func (b *secureBroker) testConnections(t *testing.T) {
	tls := config.TLS{Enabled: true, CAFile: b.ca}
	scram := config.SASL{Mechanism: "scram-sha-512", Username: account, Password: password}
	plain := config.SASL{Mechanism: "plain", Username: account, Password: password}
	with := func(addr string, tls config.TLS, sasl config.SASL) func(*config.Config) {
		return func(c *config.Config) { c.Kafka.Brokers, c.Kafka.TLS, c.Kafka.SASL = []string{addr}, tls, sasl }
	}
	wrong := func(s config.SASL) config.SASL { s.Password = "wrong"; return s }
	unknown := func(s config.SASL) config.SASL { s.Username = "nobody"; return s }
	mutual := config.TLS{Enabled: true, CAFile: b.ca, CertFile: b.user, KeyFile: b.key}
	_, port, _ := strings.Cut(b.scram, ":")

	for _, tt := range []struct {
		name   string
		change func(*config.Config)
		user   string // who is let in
		says   string // of who is not
	}{
		{"SCRAM", with(b.scram, tls, scram), "User:vigie", ""},
		{"PLAIN", with(b.plain, tls, plain), "User:vigie", ""},
		{"client certificate", with(b.mutual, mutual, config.SASL{}), "User:CN=vigie", ""},
		{"another name by configuration", with("127.0.0.1:"+port, config.TLS{Enabled: true, CAFile: b.ca, ServerName: "localhost"}, scram), "User:vigie", ""},

		{"SCRAM, wrong password", with(b.scram, tls, wrong(scram)), "", "user name, password"},
		{"SCRAM, unknown user", with(b.scram, tls, unknown(scram)), "", "user name, password"},
		{"SCRAM, no user", with(b.scram, tls, config.SASL{}), "", "kafka.sasl"},
		{"SCRAM asked for PLAIN", with(b.scram, tls, plain), "", "kafka.sasl.mechanism"},
		{"PLAIN, wrong password", with(b.plain, tls, wrong(plain)), "", "user name, password"},
		{"PLAIN, unknown user", with(b.plain, tls, unknown(plain)), "", "user name, password"},
		{"no client certificate", with(b.mutual, tls, config.SASL{}), "", "kafka.tls.cert_file"},
		{"client certificate of another authority", with(b.mutual, config.TLS{Enabled: true, CAFile: b.ca, CertFile: b.strangeUser, KeyFile: b.strangeKey}, config.SASL{}), "", "kafka.tls.cert_file"},
		{"broker of an unknown authority", with(b.scram, config.TLS{Enabled: true}, scram), "", "kafka.tls.ca_file"},
		{"broker of another authority", with(b.scram, config.TLS{Enabled: true, CAFile: b.strangeUser}, scram), "", "kafka.tls.ca_file"},
		{"broker of another name", with("127.0.0.1:"+port, tls, scram), "", "kafka.tls.server_name"},
		{"no TLS", with(b.scram, config.TLS{}, scram), "", "kafka.tls.enabled"},
		{"TLS where there is none", with(b.internal, tls, config.SASL{}), "", "kafka.tls.enabled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newEnv(t, []string{b.internal}, 1, nil)
			cfg := e.as(tt.change)
			if tt.user != "" {
				b.allow(t, tt.user, workerRules(e.cfg)...)
				e.works(cfg)
				return
			}
			cfg.Kafka.ConnectTimeout = 3 * time.Second
			err := newWorker(t, cfg, &log{}).Run(t.Context())
			if !errors.Is(err, kafka.ErrUnreachable) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error is %v, without %q", err, tt.says)
			}
			if err != nil && (strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "wrong")) {
				t.Errorf("error %q holds the password", err)
			}
		})
	}
}

// works lets a worker of cfg read, flag, write a dead letter and commit.
func (e *env) works(cfg *config.Config) {
	e.t.Helper()
	ends := e.fill(e.calls(), 1, 8)
	e.produceBroken(1)
	ends[place{e.calls(), 0}]++
	own := *e
	own.cfg = cfg
	w := own.start()
	e.until("the worker is at work", func() bool {
		select {
		case err := <-w.done:
			e.t.Fatalf("it has ended: %v", err)
		default:
		}
		return strings.Contains(w.log.String(), "joined the group")
	})
	e.accounted(ends)
	w.end()
	e.flagsAre(e.expected(e.calls()), false)
	if n := len(e.all(e.cfg.Topics.DeadLetter)); n != 1 {
		e.t.Errorf("%d dead letters, want 1", n)
	}
}

// The real binary with its password in a file that only it can read, and in
// the environment; and what it says of a wrong one.
func (b *secureBroker) testSecrets(t *testing.T) {
	e := newEnv(t, []string{b.internal}, 1, nil)
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.allow(t, "User:vigie", topicsRules(e.cfg)...)
	secure := []string{
		"VIGIE_KAFKA__BROKERS=" + b.scram, "VIGIE_KAFKA__TLS__ENABLED=true", "VIGIE_KAFKA__TLS__CA_FILE=" + b.ca,
		"VIGIE_KAFKA__SASL__MECHANISM=scram-sha-512", "VIGIE_KAFKA__SASL__USERNAME=" + account,
		"VIGIE_LOG__LEVEL=debug", "VIGIE_TOPICS__PARTITIONS=1",
		"VIGIE_LEXICON__DIR=testdata/lexicon", "VIGIE_LEXICON__ROUTING=../testdata/routing.yaml",
	}
	for _, tt := range []struct {
		name, variable string
		args           []string
		code           int
		says           string
	}{
		{"from a file", "PASSWORD_FILE=" + file, []string{"topics", "check"}, 0, "exists"},
		{"from the environment", "PASSWORD=" + password, []string{"topics", "check"}, 0, "exists"},
		{"check", "PASSWORD_FILE=" + file, []string{"check"}, 0, "configuration"},
		{"wrong", "PASSWORD=wrong " + password, []string{"run"}, 3, "user name, password"},
		{"no rights", "PASSWORD_FILE=" + file, []string{"run"}, 2, "denies"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := e.vigie(append(secure, "VIGIE_KAFKA__SASL__"+tt.variable), tt.args...)
			out, err := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(string(out), tt.says) {
				t.Errorf("%v, exit %d, want %d with %q:\n%s", err, code, tt.code, tt.says, out)
			}
			if strings.Contains(string(out), password) {
				t.Errorf("the output holds the password:\n%s", out)
			}
		})
	}
}
