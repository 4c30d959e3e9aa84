package dashboard

import (
	"context"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// patience is how long a test waits for what must happen.
const patience = 2 * time.Minute

// root is the repository.
const root = "../../.."

// fleet is a broker and the processes that work on it.
type fleet struct {
	t       *testing.T
	binary  string
	brokers string
	client  *kgo.Client
	// addresses are where the workers show their figures.
	addresses []string
	workers   []*exec.Cmd
	sent      int
}

// newFleet builds the program, starts a broker where none is given, and makes the topics.
func newFleet(t *testing.T, workers int) *fleet {
	t.Helper()
	f := &fleet{t: t, binary: filepath.Join(t.TempDir(), "vigie"), brokers: os.Getenv("VIGIE_TEST_BROKERS")}
	if out, err := exec.Command("go", "build", "-o", f.binary, root+"/cmd/vigie").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if f.brokers == "" {
		addr, stop, err := kafka.Embedded(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		f.brokers = addr
	}
	if out, err := f.command("topics", "create", "--inputs").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(f.brokers, ",")...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	f.client = client
	for range workers {
		f.addresses = append(f.addresses, freeAddress(t))
		f.workers = append(f.workers, nil)
	}
	return f
}

// command is the program with the fleet's configuration.
func (f *fleet) command(args ...string) *exec.Cmd {
	c := exec.Command(f.binary, args...)
	c.Env = append(os.Environ(), "VIGIE_KAFKA__BROKERS="+f.brokers, "VIGIE_GROUP__ID=dashboard", "VIGIE_TOPICS__REPLICATION=1")
	return c
}

// start starts worker n.
func (f *fleet) start(n int) {
	f.t.Helper()
	log, err := os.Create(filepath.Join(f.t.TempDir(), fmt.Sprintf("worker-%d.log", n+1)))
	if err != nil {
		f.t.Fatal(err)
	}
	c := f.command("run")
	c.Env = append(c.Env, "VIGIE_METRICS__LISTEN="+f.addresses[n], "VIGIE_WORKER__WATCH_INTERVAL=1s")
	c.Stderr = log
	if err := c.Start(); err != nil {
		f.t.Fatal(err)
	}
	f.workers[n] = c
	f.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		_ = log.Close()
		if f.t.Failed() {
			text, _ := os.ReadFile(log.Name())
			f.t.Logf("the end of %s:\n%s", log.Name(), text[max(0, len(text)-2000):])
		}
	})
}

// stop ends worker n as an orchestrator does.
func (f *fleet) stop(n int) {
	f.t.Helper()
	if err := f.workers[n].Process.Signal(syscall.SIGTERM); err != nil {
		f.t.Fatal(err)
	}
	if err := f.workers[n].Wait(); err != nil {
		f.t.Errorf("worker %d ended with %v", n+1, err)
	}
}

// freeAddress is one that nobody listens at, below those that systems hand out.
func freeAddress(t *testing.T) string {
	t.Helper()
	for port := 12000 + os.Getpid()%2000; ; port++ {
		addr := fmt.Sprintf("127.0.0.1:%d", port)
		if taken[addr] {
			continue
		}
		if l, err := net.Listen("tcp", addr); err == nil {
			taken[addr] = true
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			return addr
		}
	}
}

var taken = make(map[string]bool)

// documents are annotated messages of the repository as events; one in three
// has something to find.
func documents(t *testing.T) (list []event.Record, kinds []event.Kind) {
	t.Helper()
	read := func(name string) []*eval.Document {
		file, err := os.Open(filepath.Join(root, "pipeline/eval/corpus", name))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		corpus, err := eval.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		return corpus.Documents
	}
	ordinary, telling := read("ordinary.jsonl"), read("documents-03.jsonl")
	for i, d := range ordinary {
		if i%2 == 0 {
			d = telling[i/2%len(telling)]
		}
		list, kinds = append(list, d.Record()), append(kinds, d.Kind)
	}
	return list, kinds
}

// feed sends events for so long, in waves, and now and then what is no event;
// half-way it calls middle. It returns how many it sent.
func (f *fleet) feed(long time.Duration, middle func()) int {
	f.t.Helper()
	records, kinds := documents(f.t)
	topics := map[event.Kind]int{event.Transcript: 0, event.Email: 1, event.Letter: 2, event.Survey: 3, event.Complaint: 4}
	inputs := config.Default().Topics.Inputs
	ctx, cancel := context.WithTimeout(f.t.Context(), long+patience)
	defer cancel()
	begin, owed := time.Now(), 0.0
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for passed := time.Duration(0); passed < long; passed = time.Since(begin) {
		if middle != nil && passed > long/2 {
			middle()
			middle = nil
		}
		owed += 12 * (1.2 + math.Sin(passed.Seconds()*4*math.Pi/long.Seconds()))
		var batch []*kgo.Record
		for ; owed >= 1; owed-- {
			n := f.sent % len(records)
			value := records[n].Value
			if f.sent%400 == 399 {
				value = []byte("{")
			}
			batch = append(batch, &kgo.Record{Topic: inputs[topics[kinds[n]]], Key: fmt.Appendf(nil, "D-%d", n), Value: value})
			f.sent++
		}
		if err := f.client.ProduceSync(ctx, batch...).FirstErr(); err != nil {
			f.t.Fatal(err)
		}
		<-tick.C
	}
	return f.sent
}
