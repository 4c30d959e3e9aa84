package integration

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// program is the real binary, built once.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(binaries, "vigie")
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/vigie").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

// vigie prepares the binary with the configuration of e and other variables.
func (e *env) vigie(variables []string, args ...string) *exec.Cmd {
	e.t.Helper()
	path, err := program()
	if err != nil {
		e.t.Fatal(err)
	}
	cmd := exec.CommandContext(e.t.Context(), path, args...)
	t, g := &e.cfg.Topics, &e.cfg.Group
	cmd.Env = append(cmd.Environ(),
		"VIGIE_KAFKA__BROKERS="+strings.Join(e.cfg.Kafka.Brokers, ","),
		"VIGIE_GROUP__ID="+g.ID,
		"VIGIE_GROUP__SESSION_TIMEOUT="+g.SessionTimeout.String(),
		"VIGIE_GROUP__HEARTBEAT_INTERVAL="+g.HeartbeatInterval.String(),
		"VIGIE_GROUP__REBALANCE_TIMEOUT="+g.RebalanceTimeout.String(),
		"VIGIE_TOPICS__INPUTS="+strings.Join(t.Inputs, ","),
		"VIGIE_TOPICS__FLAGS="+t.Flags,
		"VIGIE_TOPICS__RECEIPTS="+t.Receipts,
		"VIGIE_TOPICS__DEAD_LETTER="+t.DeadLetter,
		"VIGIE_TOPICS__LEXICONS="+t.Lexicons,
	)
	cmd.Env = append(cmd.Env, variables...)
	return cmd
}

// died fills n broken records into calls, over so many partitions, and waits
// for their dead letters.
func (e *env) died(partitions int32, n int) {
	e.t.Helper()
	ends := make(map[place]int64)
	for i := range n {
		at := place{e.calls(), int32(i) % partitions}
		e.produce(&kgo.Record{Topic: at.topic, Partition: at.partition, Key: fmt.Append(nil, "k", i), Value: []byte("{")})
		ends[at]++
	}
	w := e.start()
	e.accounted(ends)
	w.end()
}

// backs counts the records of calls that were sent back, by the place they died at.
func (e *env) backs() map[string]int {
	e.t.Helper()
	counts := make(map[string]int)
	for _, r := range e.all(e.calls()) {
		if origin := header(r, "redrive-origin"); origin != "" {
			counts[origin]++
			if header(r, "attempts") != "1" || header(r, "error-class") != "" || string(r.Value) != "{" {
				e.t.Errorf("what was sent back has the headers %v and the value %q", r.Headers, r.Value)
			}
		}
	}
	return counts
}

// once checks that n records were sent back, each once.
func (e *env) once(n int) {
	e.t.Helper()
	counts := e.backs()
	if len(counts) != n {
		e.t.Errorf("%d records were sent back, want %d", len(counts), n)
	}
	for origin, times := range counts {
		if times != 1 {
			e.t.Errorf("%s was sent back %d times", origin, times)
		}
	}
}

// A redrive that is killed goes on where it was; dead letters that a repeated
// batch wrote twice are sent back once.
func TestRedriveKilled(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		const n = 200
		e := newEnv(t, brokers, 3, nil)
		e.died(3, n)
		for _, r := range e.all(e.cfg.Topics.DeadLetter)[:50] {
			e.produce(&kgo.Record{Topic: r.Topic, Partition: 2, Key: r.Key, Value: r.Value, Headers: r.Headers})
		}
		for _, kill := range []int{1, 70} {
			cmd := e.vigie(nil, "deadletter", "redrive", "--class", "json")
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for sent := 0; sent < kill && lines.Scan(); {
				if strings.HasPrefix(lines.Text(), "sent") {
					sent++
				}
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if back := len(e.backs()); back < kill || back == n {
				t.Fatalf("%d records were sent back at the kill", back)
			}
		}
		out, err := e.vigie(nil, "deadletter", "redrive", "--class", "json").CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		e.once(n)
	})
}

// Of two that are started together, at least one goes to the end, and nothing
// is sent twice.
func TestRedriveTwiceAtATime(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		const n = 60
		e := newEnv(t, brokers, 1, nil)
		e.died(1, n)
		var ends [2]error
		var outs [2][]byte
		var both sync.WaitGroup
		for i := range ends {
			cmd := e.vigie(nil, "deadletter", "redrive", "--all")
			both.Go(func() { outs[i], ends[i] = cmd.CombinedOutput() })
		}
		both.Wait()
		done := 0
		for i, err := range ends {
			if err == nil {
				done++
			} else if !strings.Contains(string(outs[i]), "another redrive is at work") {
				t.Errorf("%v: %s", err, outs[i])
			}
		}
		if done == 0 {
			t.Error("none came to the end")
		}
		e.once(n)
	})
}

// fates runs a redrive and returns what became of each origin's offset.
func (e *env) fates(untraced bool) (map[int64]pipeline.Fate, error) {
	e.t.Helper()
	cluster, err := kafka.Connect(e.cfg)
	if err != nil {
		e.t.Fatal(err)
	}
	defer cluster.Close()
	ctx, cancel := context.WithTimeout(e.t.Context(), patience)
	defer cancel()
	var letters []*pipeline.Letter
	if _, err := pipeline.Letters(ctx, cluster, e.cfg.Topics.DeadLetter, nil, func(l *pipeline.Letter) error {
		letters = append(letters, l)
		return nil
	}); err != nil {
		e.t.Fatal(err)
	}
	fates := make(map[int64]pipeline.Fate)
	r := pipeline.NewRedrive(cluster, e.cfg, letters)
	r.Untraced = untraced
	r.Report = func(l *pipeline.Letter, fate pipeline.Fate, _ error) { fates[l.Origin.Offset] = fate }
	err = r.Run(ctx)
	return fates, err
}

func (e *env) fatesAre(untraced bool, want map[int64]pipeline.Fate) {
	e.t.Helper()
	got, err := e.fates(untraced)
	if err != nil {
		e.t.Fatal(err)
	}
	for offset, fate := range want {
		if got[offset] != fate {
			e.t.Errorf("the letter of offset %d is %s, want %s", offset, got[offset], fate)
		}
	}
}

// Where the input topic no longer holds what came after a record, it is not
// sent unless that is asked for.
func TestRedriveUntraced(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		e.died(1, 4)
		e.fatesAre(false, map[int64]pipeline.Fate{0: "sent", 1: "sent", 2: "sent", 3: "sent"})
		e.fill(e.calls(), 1, 1)
		e.cut(e.calls(), 0, 8) // what was sent back is gone too
		e.fatesAre(false, map[int64]pipeline.Fate{0: "untraced", 1: "untraced", 2: "untraced", 3: "untraced"})
		e.fatesAre(true, map[int64]pipeline.Fate{0: "sent", 1: "sent", 2: "sent", 3: "sent"})
		e.fatesAre(true, map[int64]pipeline.Fate{0: "returned", 1: "returned", 2: "returned", 3: "returned"})
	})
}

// A topic that was made anew holds other records at the same offsets.
func TestRedriveIntoANewTopic(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 2, nil)
		e.died(2, 6)
		e.drop(e.calls())
		e.until("the topic is gone", func() bool { return !e.exists(e.calls()) })
		e.cfg.Topics.Partitions = 1
		if _, err := kafka.CreateTopics(t.Context(), e.cfg, true); err != nil {
			t.Fatal(err)
		}
		if _, err := e.fates(false); err != nil {
			t.Fatal(err)
		}
		e.client.PurgeTopicsFromClient(e.calls()) // it knows the old one's id
		e.fill(e.calls(), 1, 20)
		if _, err := e.fates(false); err != nil {
			t.Fatal(err)
		}
		e.once(6)
	})
}

// A value that the dead-letter topic did not take comes from the record that
// died, as long as that stands.
func TestRedriveLostValue(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, func(c *config.Config) { c.Worker.MaxValueBytes = 100_000 })
		e.limit(e.cfg.Topics.DeadLetter, 64<<10)
		large := noise(200_000)
		for range 2 {
			e.produce(&kgo.Record{Topic: e.calls(), Key: []byte("k"), Value: large, Headers: []kgo.RecordHeader{{Key: "attempts", Value: []byte("7")}}})
		}
		w := e.start()
		e.accounted(map[place]int64{{e.calls(), 0}: 2})
		w.end()
		e.cut(e.calls(), 0, 1)
		e.fatesAre(true, map[int64]pipeline.Fate{0: "stuck", 1: "sent"})
		back := e.all(e.calls())
		last := back[len(back)-1]
		if string(last.Value) != string(large) || header(last, "attempts") != "1" || string(last.Headers[0].Value) != "7" {
			t.Errorf("%d bytes with the headers %v were sent back", len(last.Value), last.Headers)
		}
		if _, err := e.fates(true); errors.Is(err, pipeline.ErrBusy) {
			t.Error("a redrive that has ended still has the group")
		}
	})
}
