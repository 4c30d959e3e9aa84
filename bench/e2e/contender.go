package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/vigie-project/vigie/pkg/config"
)

// contender is a program that reads one topic in a group and writes flags.
type contender struct {
	name string
	// what it is, for the report.
	what string
	// workers is how many processes of it share the topic.
	workers int
	// env is beside the environment of all; for one of Go, GOMAXPROCS and the like.
	env []string
	// command starts it; where is the broker, topic what it reads.
	command func(s *setting) *exec.Cmd
}

// setting is what a contender is started with.
type setting struct {
	dir, addr, group, topic string
	terms                   string
	// least is from how many distinct terms on the other pipelines write a flag.
	least     int
	flagBytes int
}

// flags is the topic that all write to.
var flags = config.Default().Topics.Flags

// vigieEnv are the settings of vigie and of the loop without classification,
// which reads the same ones. Everything else stays at its default.
func (s *setting) vigieEnv() []string {
	return []string{
		"VIGIE_KAFKA__BROKERS=" + s.addr, "VIGIE_GROUP__ID=" + s.group, "VIGIE_TOPICS__INPUTS=" + s.topic,
	}
}

// peerEnv are those of the others.
func (s *setting) peerEnv() []string {
	return []string{
		"BENCH_BROKER=" + s.addr, "BENCH_GROUP=" + s.group, "BENCH_INPUT=" + s.topic, "BENCH_OUTPUT=" + flags,
		"BENCH_TERMS=" + s.terms, "BENCH_LEAST=" + strconv.Itoa(s.least),
		"BENCH_FLAG_BYTES=" + strconv.Itoa(s.flagBytes),
	}
}

const (
	passthrough = "pass-through"
	vigie       = "vigie run"
)

// goProgram starts a program of ours, which has the worker's settings.
func goProgram(bin, name string, args ...string) func(s *setting) *exec.Cmd {
	return func(s *setting) *exec.Cmd {
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Env = append(s.vigieEnv(), s.peerEnv()...)
		return c
	}
}

// contenders are all that can be measured, by name; bin is where the programs
// of Go are built, here the folder of this module.
func contenders(bin, here string) []contender {
	jar := filepath.Join(here, "streams", "target", "streams.jar")
	return []contender{
		{name: passthrough, what: "the same client, no classification", workers: 1, command: goProgram(bin, "passthrough")},
		{name: vigie, what: "the worker, metrics on", workers: 1, command: goProgram(bin, "vigie", "run")},
		{name: "Kafka Streams", what: "Java, AhoCorasickDoubleArrayTrie", workers: 1, command: func(s *setting) *exec.Cmd {
			c := exec.Command("java", "-Xmx512m", "-jar", jar)
			c.Env = append(s.peerEnv(), "BENCH_STATE="+filepath.Join(s.dir, "state-"+s.group))
			return c
		}},
		{name: "Benthos", what: "one alternation of the terms", workers: 1, command: func(s *setting) *exec.Cmd {
			c := exec.Command(filepath.Join(bin, "benthos"), "-c", filepath.Join(s.dir, "benthos.yaml"))
			c.Env = s.peerEnv()
			return c
		}},
		{name: "Python", what: "confluent-kafka, pyahocorasick", workers: 1, command: func(s *setting) *exec.Cmd {
			c := exec.Command(filepath.Join(bin, "venv", "bin", "python"), filepath.Join(here, "python", "consumer.py"))
			c.Env = s.peerEnv()
			return c
		}},
	}
}

// start starts the processes of a contender. What they log goes to a file each.
func (c *contender) start(s *setting) (running []*exec.Cmd, err error) {
	for i := range c.workers {
		cmd := c.command(s)
		cmd.Env = append(append(os.Environ(), cmd.Env...), c.env...)
		name := fmt.Sprintf("%s-%s-%d.log", strings.ReplaceAll(c.name, " ", "-"), s.group, i)
		log, err := os.Create(filepath.Join(s.dir, name))
		if err != nil {
			return running, err
		}
		cmd.Stdout, cmd.Stderr = log, log
		err = cmd.Start()
		_ = log.Close()
		if err != nil {
			return running, err
		}
		running = append(running, cmd)
	}
	return running, nil
}
