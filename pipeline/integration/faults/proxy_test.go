package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/network"
	"github.com/testcontainers/testcontainers-go/wait"
)

// Ports of a broker's two listeners for clients.
const (
	workerPort  = 9092
	harnessPort = 9095
)

// proxy is toxiproxy: all that clients know of the brokers, and where the
// network's faults are made. Of its HTTP interface four calls are needed.
type proxy struct {
	container testcontainers.Container
	api       string
	brokers   int
}

func workerProxy(broker int) string  { return "worker-" + strconv.Itoa(broker) }
func harnessProxy(broker int) string { return "harness-" + strconv.Itoa(broker) }

// listenPort is where toxiproxy listens for one listener of a broker.
func listenPort(broker, port int) string { return strconv.Itoa(port + 100*broker) }

func startProxy(ctx context.Context, net *testcontainers.DockerNetwork, brokers int, keep func(testcontainers.Container)) (*proxy, error) {
	ports := []string{"8474/tcp"}
	for id := 1; id <= brokers; id++ {
		ports = append(ports, listenPort(id, workerPort)+"/tcp", listenPort(id, harnessPort)+"/tcp")
	}
	container, err := testcontainers.Run(ctx, "ghcr.io/shopify/toxiproxy:2.12.0",
		testcontainers.WithExposedPorts(ports...),
		network.WithNetwork([]string{"toxiproxy"}, net),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/version").WithPort("8474/tcp")),
	)
	if container != nil {
		keep(container)
	}
	if err != nil {
		return nil, err
	}
	p := &proxy{container: container, brokers: brokers}
	p.api, err = p.address(ctx, "8474")
	return p, err
}

// address is where a port of toxiproxy is reached from here.
func (p *proxy) address(ctx context.Context, port string) (string, error) {
	host, err := p.container.Host(ctx)
	if err != nil {
		return "", err
	}
	mapped, err := p.container.MappedPort(ctx, port+"/tcp")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s:%d", host, mapped.Num()), nil
}

// open makes a way to a broker's listener and returns its address.
func (p *proxy) open(ctx context.Context, name string, broker, port int) (string, error) {
	err := p.call(ctx, http.MethodPost, "/proxies", map[string]any{
		"name": name, "enabled": true,
		"listen":   "0.0.0.0:" + listenPort(broker, port),
		"upstream": fmt.Sprintf("%s:%d", host(broker), port),
	})
	if err != nil {
		return "", err
	}
	return p.address(ctx, listenPort(broker, port))
}

// The two directions of a connection.
const (
	toBroker   = "upstream"
	fromBroker = "downstream"
)

// toxic is one fault of the network, in one direction.
type toxic struct {
	kind, stream string
	attributes   map[string]int
}

func (x toxic) name() string { return x.kind + "-" + x.stream }

// cut lets nothing through and says nothing; it ends with the connections closed.
func cut(stream string) toxic { return toxic{"timeout", stream, map[string]int{"timeout": 0}} }

// latency delays what the brokers answer.
func latency(ms int) toxic { return toxic{"latency", fromBroker, map[string]int{"latency": ms}} }

// slow lets 64 kB a second through, for each connection.
func slow(stream string) toxic { return toxic{"bandwidth", stream, map[string]int{"rate": 64}} }

// reset ends connections with a TCP reset.
func reset() toxic { return toxic{"reset_peer", fromBroker, map[string]int{"timeout": 0}} }

// put puts faults on all ways of the workers.
func (p *proxy) put(t *testing.T, toxics ...toxic) {
	t.Helper()
	p.each(t, toxics, func(path string, x toxic) error {
		return p.call(t.Context(), http.MethodPost, path, map[string]any{
			"name": x.name(), "type": x.kind, "stream": x.stream, "attributes": x.attributes,
		})
	})
}

// lift takes faults away.
func (p *proxy) lift(t *testing.T, toxics ...toxic) {
	t.Helper()
	p.each(t, toxics, func(path string, x toxic) error {
		return p.call(t.Context(), http.MethodDelete, path+"/"+x.name(), nil)
	})
}

func (p *proxy) each(t *testing.T, toxics []toxic, do func(path string, x toxic) error) {
	t.Helper()
	for id := 1; id <= p.brokers; id++ {
		for _, x := range toxics {
			if err := do("/proxies/"+workerProxy(id)+"/toxics", x); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// call is one request to toxiproxy.
func (p *proxy) call(ctx context.Context, method, path string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+p.api+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		why, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("toxiproxy: %s %s: %s: %s", method, path, resp.Status, why)
	}
	return nil
}
