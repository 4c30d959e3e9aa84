package faults

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/network"
	"github.com/testcontainers/testcontainers-go/wait"
)

// image is the broker that the harness is written against.
const image = "apache/kafka:4.3.1"

// cluster is Apache Kafka in containers of which only toxiproxy is reachable:
// every broker is advertised by two of toxiproxy's ports, one for the workers,
// which faults are put on, and one for the harness, which always works.
type cluster struct {
	proxy   *proxy
	brokers []testcontainers.Container
	// workers and harness are the addresses of the brokers, in order.
	workers, harness []string
	docker           *testcontainers.DockerClient
	remove           []func(context.Context) error
}

// startCluster starts so many brokers. toxiproxy comes first: the brokers tell
// their clients the ports that the engine gave to it, and those, unlike the
// brokers' own, stay the same when a broker is started again.
func startCluster(ctx context.Context, brokers int) (c *cluster, err error) {
	c = &cluster{}
	defer func() {
		if failure := recover(); failure != nil {
			err = fmt.Errorf("%v", failure) // no engine: the library panics
		}
		if err != nil {
			c.close()
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	if c.docker, err = testcontainers.NewDockerClientWithOpts(ctx); err != nil {
		return c, err
	}
	c.remove = append(c.remove, func(context.Context) error { return c.docker.Close() })
	net, err := network.New(ctx)
	if err != nil {
		return c, err
	}
	c.remove = append(c.remove, net.Remove)
	if c.proxy, err = startProxy(ctx, net, brokers, c.keep); err != nil {
		return c, err
	}
	for id := 1; id <= brokers; id++ {
		worker, err := c.proxy.open(ctx, workerProxy(id), id, workerPort)
		if err != nil {
			return c, err
		}
		direct, err := c.proxy.open(ctx, harnessProxy(id), id, harnessPort)
		if err != nil {
			return c, err
		}
		c.workers, c.harness = append(c.workers, worker), append(c.harness, direct)
	}
	for id := 1; id <= brokers; id++ {
		broker, err := testcontainers.Run(ctx, image,
			network.WithNetwork([]string{host(id)}, net),
			testcontainers.WithEnv(c.environment(id, brokers)),
		)
		if err != nil {
			return c, errors.Join(err, broker.Terminate(ctx))
		}
		c.keep(broker)
		c.brokers = append(c.brokers, broker)
	}
	for _, broker := range c.brokers {
		if err := started(ctx, broker); err != nil {
			return c, errors.Join(err, lastWords(ctx, broker))
		}
	}
	return c, nil
}

func host(id int) string { return "broker-" + strconv.Itoa(id) }

func (c *cluster) environment(id, brokers int) map[string]string {
	var voters []string
	for v := 1; v <= brokers; v++ {
		voters = append(voters, fmt.Sprintf("%d@%s:9093", v, host(v)))
	}
	copies := strconv.Itoa(brokers)
	env := map[string]string{
		"KAFKA_NODE_ID":       strconv.Itoa(id),
		"KAFKA_PROCESS_ROLES": "broker,controller",
		"KAFKA_LISTENERS": fmt.Sprintf("WORKER://:%d,HARNESS://:%d,BROKER://:9094,CONTROLLER://:9093",
			workerPort, harnessPort),
		"KAFKA_ADVERTISED_LISTENERS": fmt.Sprintf("WORKER://%s,HARNESS://%s,BROKER://%s:9094",
			c.workers[id-1], c.harness[id-1], host(id)),
		"KAFKA_INTER_BROKER_LISTENER_NAME": "BROKER",
		"KAFKA_CONTROLLER_LISTENER_NAMES":  "CONTROLLER",
		"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "WORKER:PLAINTEXT,HARNESS:PLAINTEXT,BROKER:PLAINTEXT," +
			"CONTROLLER:PLAINTEXT",
		"KAFKA_CONTROLLER_QUORUM_VOTERS":                 strings.Join(voters, ","),
		"KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR":         copies,
		"KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS":             "3",
		"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": copies,
		"KAFKA_TRANSACTION_STATE_LOG_MIN_ISR":            "1",
		"KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS":         "0",
		"KAFKA_AUTO_CREATE_TOPICS_ENABLE":                "false",
		"KAFKA_LOG_RETENTION_CHECK_INTERVAL_MS":          "1000",
		"KAFKA_LOG_INITIAL_TASK_DELAY_MS":                "1000",
		"KAFKA_AUTO_LEADER_REBALANCE_ENABLE":             "false",
		"KAFKA_HEAP_OPTS":                                "-Xmx512m -Xms256m",
	}
	if brokers == 1 {
		// So that a topic can be made to refuse writes. Of several controllers
		// none would let the others in before the rules are loaded.
		env["KAFKA_AUTHORIZER_CLASS_NAME"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
		env["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"] = "true"
	}
	return env
}

// started waits until a broker says that it serves.
func started(ctx context.Context, broker testcontainers.Container) error {
	return wait.ForLog("Kafka Server started").WithStartupTimeout(3*time.Minute).WaitUntilReady(ctx, broker)
}

// lastWords is what a broker said at last, as an error.
func lastWords(ctx context.Context, broker testcontainers.Container) error {
	logs, err := broker.Logs(ctx)
	if err != nil {
		return err
	}
	defer logs.Close()
	text, err := io.ReadAll(logs)
	return errors.Join(err, errors.New(string(text[max(0, len(text)-3000):])))
}

func (c *cluster) keep(container testcontainers.Container) {
	c.remove = append(c.remove, func(ctx context.Context) error { return container.Terminate(ctx) })
}

func (c *cluster) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for i := len(c.remove) - 1; i >= 0; i-- {
		if err := c.remove[i](ctx); err != nil {
			fmt.Fprintln(os.Stderr, "could not be removed:", err)
		}
	}
}

// kill is kill -9 of a broker, counted from 1.
func (c *cluster) kill(t *testing.T, id int) {
	t.Helper()
	_, err := c.docker.ContainerKill(t.Context(), c.brokers[id-1].GetContainerID(), client.ContainerKillOptions{Signal: "SIGKILL"})
	if err != nil {
		t.Fatal(err)
	}
}

// restart starts a killed broker with the log that it left.
func (c *cluster) restart(t *testing.T, id int) {
	t.Helper()
	if err := c.brokers[id-1].Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// freeze stops a broker without ending it or its connections, as a machine
// does that hangs; thaw lets it go on.
func (c *cluster) freeze(t *testing.T, id int) {
	t.Helper()
	if _, err := c.docker.ContainerPause(t.Context(), c.brokers[id-1].GetContainerID(), client.ContainerPauseOptions{}); err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) thaw(t *testing.T, id int) {
	t.Helper()
	if _, err := c.docker.ContainerUnpause(t.Context(), c.brokers[id-1].GetContainerID(), client.ContainerUnpauseOptions{}); err != nil {
		t.Fatal(err)
	}
}
