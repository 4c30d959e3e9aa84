// Package integration runs the worker against brokers: always the embedded
// one, Apache Kafka in a container where an engine answers, and the brokers of
// VIGIE_TEST_BROKERS where it is set. One suite, the same expectations.
package integration

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// image is the broker that the suite is written against.
const image = "apache/kafka:4.3.1"

// started is the container, once a test asked for it.
var started struct {
	once      sync.Once
	container testcontainers.Container
	addr      string
	err       error
}

// binaries is where the program is built, for the tests that run it.
var binaries string

func TestMain(m *testing.M) {
	var err error
	if binaries, err = os.MkdirTemp("", "vigie-test"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(binaries)
	if started.container != nil {
		if err := started.container.Terminate(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "the container could not be removed:", err)
		}
	}
	os.Exit(code)
}

// each runs fn against every broker there is.
func each(t *testing.T, fn func(t *testing.T, brokers []string)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		addr, stop, err := kafka.Embedded(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		fn(t, []string{addr})
	})
	t.Run("container", func(t *testing.T) { fn(t, []string{apacheKafka(t)}) })
	if brokers := os.Getenv("VIGIE_TEST_BROKERS"); brokers != "" {
		t.Run("brokers", func(t *testing.T) { fn(t, strings.Split(brokers, ",")) })
	}
}

// apacheKafka returns the address of Apache Kafka in a container, or skips the
// test and says why; with VIGIE_REQUIRE_CONTAINERS=1 it fails instead.
func apacheKafka(t *testing.T) string {
	t.Helper()
	required := os.Getenv("VIGIE_REQUIRE_CONTAINERS") == "1"
	if testing.Short() && !required {
		t.Skip("not run on Apache Kafka: -short")
	}
	started.once.Do(func() { started.container, started.addr, started.err = start() })
	switch {
	case started.err == nil:
		return started.addr
	case required:
		t.Fatalf("VIGIE_REQUIRE_CONTAINERS=1, but no container: %v", started.err)
	default:
		t.Skipf("NOT RUN ON APACHE KAFKA: no container: %v", started.err)
	}
	return ""
}

// start starts a broker of one node. It tells its clients its address, so the
// port on this machine must be known before it starts; to itself, which it
// talks to about transactions, it is known by another.
func start() (c testcontainers.Container, addr string, err error) {
	defer func() {
		// Without an engine the library panics instead of returning an error.
		if failure := recover(); failure != nil {
			err = fmt.Errorf("%v", failure)
		}
	}()
	port, err := freePort()
	if err != nil {
		return nil, "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	addr = fmt.Sprintf("localhost:%d", port)
	broker, err := testcontainers.Run(ctx, image,
		testcontainers.WithExposedPorts("9092/tcp"),
		testcontainers.WithHostConfigModifier(func(host *container.HostConfig) {
			host.PortBindings = network.PortMap{network.MustParsePort("9092/tcp"): {{HostPort: strconv.Itoa(port)}}}
		}),
		testcontainers.WithEnv(map[string]string{
			"KAFKA_NODE_ID":                                  "1",
			"KAFKA_PROCESS_ROLES":                            "broker,controller",
			"KAFKA_LISTENERS":                                "PLAINTEXT://:9092,BROKER://:9094,CONTROLLER://:9093",
			"KAFKA_ADVERTISED_LISTENERS":                     "PLAINTEXT://" + addr + ",BROKER://localhost:9094",
			"KAFKA_INTER_BROKER_LISTENER_NAME":               "BROKER",
			"KAFKA_CONTROLLER_LISTENER_NAMES":                "CONTROLLER",
			"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP":           "PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
			"KAFKA_CONTROLLER_QUORUM_VOTERS":                 "1@localhost:9093",
			"KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR":         "1",
			"KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS":             "1",
			"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
			"KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS":     "1",
			"KAFKA_TRANSACTION_STATE_LOG_MIN_ISR":            "1",
			"KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS":         "0",
			"KAFKA_AUTO_CREATE_TOPICS_ENABLE":                "false",
			"KAFKA_LOG_CLEANER_BACKOFF_MS":                   "500",
			"KAFKA_HEAP_OPTS":                                "-Xmx512m -Xms256m",
		}),
		testcontainers.WithWaitStrategyAndDeadline(2*time.Minute, wait.ForLog("Kafka Server started")),
	)
	if err != nil {
		if broker != nil {
			err = errors.Join(err, broker.Terminate(context.Background()))
		}
		return nil, "", err
	}
	return broker, addr, nil
}

// The ports that are tried are below the ones that Linux and container engines
// hand out by themselves (32768 on), so that the engine cannot give the one
// found free to another container before the broker has it.
const (
	lowestPort = 20000
	ports      = 10000
)

// freePort returns a port that nobody listens on.
func freePort() (int, error) {
	var err error
	for range 50 {
		port := lowestPort + rand.N(ports)
		var l net.Listener
		if l, err = net.Listen("tcp", fmt.Sprintf(":%d", port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, err
}
