package integration

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// secureBroker is an Apache Kafka that lets nobody in unknown, and nobody do
// what no rule allows, but on its internal listener.
type secureBroker struct {
	// internal is for whoever makes users and rules.
	internal string
	// scram, plain and mutual are the listeners over TLS for SCRAM-SHA-512, for
	// PLAIN and for client certificates. All tell their name as localhost.
	scram, plain, mutual string
	// ca is the file of the authority that signed the broker's certificate, user
	// and key those of a client with the name "CN=vigie", strangeUser and
	// strangeKey those of one that another authority vouches for.
	ca, user, key, strangeUser, strangeKey string
}

// The accounts of the broker.
const (
	account  = "vigie"
	password = "correct horse battery staple"
)

// secureProperties is the broker's configuration; %[1]d to %[4]d are the ports.
const secureProperties = `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
listeners=INTERNAL://:9092,CONTROLLER://:9093,SCRAM://:9094,PLAIN://:9095,MUTUAL://:9096,BROKER://:9097
advertised.listeners=INTERNAL://localhost:%[1]d,SCRAM://localhost:%[2]d,PLAIN://localhost:%[3]d,MUTUAL://localhost:%[4]d,BROKER://localhost:9097
listener.security.protocol.map=INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,BROKER:PLAINTEXT,SCRAM:SASL_SSL,PLAIN:SASL_SSL,MUTUAL:SSL
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.scram.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.scram.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.plain.sasl.enabled.mechanisms=PLAIN
listener.name.plain.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_%[5]s="%[6]s";
listener.name.mutual.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location=/etc/kafka/secrets/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location=/etc/kafka/secrets/ca.pem
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=false
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
`

// newSecureBroker starts one for a test, or skips it where there is no engine.
func newSecureBroker(t *testing.T) *secureBroker {
	t.Helper()
	required := os.Getenv("VIGIE_REQUIRE_CONTAINERS") == "1"
	if testing.Short() {
		t.Skip("not run: -short; what is tested is the broker's answers, not what goes on at once")
	}
	b := &secureBroker{}
	dir := t.TempDir()
	authority, stranger := newAuthority(t), newAuthority(t)
	broker := authority.sign(t, "broker", "localhost")
	b.ca = save(t, dir, "ca.pem", authority.cert)
	client, strange := authority.sign(t, "vigie"), stranger.sign(t, "vigie")
	b.user, b.key = save(t, dir, "user.pem", client.cert), save(t, dir, "user.key", client.key)
	b.strangeUser, b.strangeKey = save(t, dir, "strange.pem", strange.cert), save(t, dir, "strange.key", strange.key)

	var ports [4]int
	bindings := network.PortMap{}
	for i, to := range []*string{&b.internal, &b.scram, &b.plain, &b.mutual} {
		port, err := freePort()
		if err != nil {
			t.Fatal(err)
		}
		inside := []string{"9092/tcp", "9094/tcp", "9095/tcp", "9096/tcp"}[i]
		bindings[network.MustParsePort(inside)] = []network.PortBinding{{HostPort: strconv.Itoa(port)}}
		ports[i], *to = port, fmt.Sprintf("localhost:%d", port)
	}
	properties := fmt.Sprintf(secureProperties, ports[0], ports[1], ports[2], ports[3], account, password)
	c, err := startSecure(bindings, map[string][]byte{
		"/mnt/shared/config/server.properties": []byte(properties),
		"/etc/kafka/secrets/broker.pem":        append(bytes.Clone(broker.key), broker.cert...),
		"/etc/kafka/secrets/ca.pem":            authority.cert,
	})
	if err != nil {
		if required {
			t.Fatalf("VIGIE_REQUIRE_CONTAINERS=1, but no container: %v", err)
		}
		t.Skipf("NOT RUN ON APACHE KAFKA: no container: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			if out, err := c.Logs(context.Background()); err == nil {
				var log bytes.Buffer
				_, _ = log.ReadFrom(out)
				t.Logf("log of the broker:\n%s", tail(log.String()))
			}
		}
		if err := c.Terminate(context.Background()); err != nil {
			t.Errorf("the container could not be removed: %v", err)
		}
	})
	b.addUser(t, account, password)
	return b
}

func startSecure(bindings network.PortMap, files map[string][]byte) (c testcontainers.Container, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			err = fmt.Errorf("%v", failure)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	var copies []testcontainers.ContainerFile
	for path, content := range files {
		copies = append(copies, testcontainers.ContainerFile{Reader: bytes.NewReader(content), ContainerFilePath: path, FileMode: 0o644})
	}
	broker, err := testcontainers.Run(ctx, image,
		testcontainers.WithExposedPorts("9092/tcp", "9094/tcp", "9095/tcp", "9096/tcp"),
		testcontainers.WithHostConfigModifier(func(host *container.HostConfig) { host.PortBindings = bindings }),
		testcontainers.WithFiles(copies...),
		testcontainers.WithEnv(map[string]string{"KAFKA_HEAP_OPTS": "-Xmx512m -Xms256m"}),
		testcontainers.WithWaitStrategyAndDeadline(2*time.Minute, wait.ForLog("Kafka Server started")),
	)
	if err != nil && broker != nil {
		err = errors.Join(err, broker.Terminate(context.Background()))
	}
	return broker, err
}

// addUser makes an account for SCRAM-SHA-512.
func (b *secureBroker) addUser(t *testing.T, name, password string) {
	t.Helper()
	const iterations = 4096
	salt := []byte("0123456789abcdef")
	salted, err := pbkdf2.Key(sha512.New, password, salt, iterations, sha512.Size)
	if err != nil {
		t.Fatal(err)
	}
	u := kmsg.NewAlterUserSCRAMCredentialsRequestUpsertion()
	u.Name, u.Mechanism, u.Iterations, u.Salt, u.SaltedPassword = name, 2, iterations, salt, salted
	req := kmsg.NewPtrAlterUserSCRAMCredentialsRequest()
	req.Upsertions = append(req.Upsertions, u)
	b.admin(t, func(ctx context.Context, c *kgo.Client) error {
		resp, err := req.RequestWith(ctx, c)
		if err == nil {
			err = kerr.ErrorForCode(resp.Results[0].ErrorCode)
		}
		return err
	})
}

// admin does something on the internal listener, again until it succeeds: a
// broker may need a moment to know its controller.
func (b *secureBroker) admin(t *testing.T, do func(context.Context, *kgo.Client) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(b.internal))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for {
		if err = do(ctx, client); err == nil {
			return
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			t.Fatal(err)
		}
	}
}

// identity is a certificate and its key, in PEM.
type identity struct{ cert, key []byte }

// authority signs certificates.
type authority struct {
	identity
	parsed *x509.Certificate
	signer *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	a.identity, a.parsed, a.signer = certificate(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil)
	return a
}

// sign returns a certificate for a name, good for a server at hosts and for a client.
func (a *authority) sign(t *testing.T, name string, hosts ...string) identity {
	t.Helper()
	id, _, _ := certificate(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, DNSNames: hosts,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, a)
	return id
}

func certificate(t *testing.T, template *x509.Certificate, by *authority) (identity, *x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	parent, signer := template, key
	if by != nil {
		parent, signer = by.parsed, by.signer
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return identity{
		cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}),
	}, parsed, key
}

func save(t *testing.T, dir, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
