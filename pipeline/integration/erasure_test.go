package integration

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/twmb/franz-go/pkg/kgo"
)

// blocks are the commands of docs/privacy.md under "Erasure by case".
func blocks(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Erasure by case\n")
	section, _, _ = strings.Cut(section, "\n## ")
	found := regexp.MustCompile("(?s)```bash\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(found) != 4 {
		t.Fatalf("%d blocks of commands, want 4", len(found))
	}
	script := "set -euo pipefail\n"
	for _, block := range found {
		script += block[1]
	}
	return script
}

// kafkaTools makes the tools of the container stand in a directory, as they
// stand on an operator's machine.
func kafkaTools(t *testing.T) string {
	t.Helper()
	docker, err := exec.LookPath("docker")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, tool := range []string{"kafka-console-consumer.sh", "kafka-console-producer.sh", "kafka-delete-records.sh"} {
		script := fmt.Sprintf("#!/bin/sh\nexec %s exec -i %s /opt/kafka/bin/%s \"$@\"\n", docker, started.container.GetContainerID(), tool)
		if err := os.WriteFile(filepath.Join(dir, tool), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestErasure runs the steps of docs/privacy.md as they stand there, on Apache
// Kafka with its own tools.
func TestErasure(t *testing.T) {
	addr := apacheKafka(t)
	for _, tool := range []string{"bash", "jq", "uuidgen", "awk"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the steps of docs/privacy.md need %s (Debian: bash, jq, uuid-runtime, gawk or mawk): %v", tool, err)
		}
	}
	const erased, other = `D-&|\1 "x"`, "D-2"
	e := newEnv(t, []string{addr}, 1, evidenceOn)
	e.alter(e.mails(), map[string]string{"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.01", "delete.retention.ms": "0"})
	send := func(subject, text string) {
		e.sent++
		e.produce(&kgo.Record{Topic: e.mails(), Key: []byte(subject), Value: mail(fmt.Sprintf("event-%d", e.sent), subject, text)})
	}
	for _, text := range texts {
		send(erased, text)
		send(other, text)
	}
	e.produce(&kgo.Record{Topic: e.calls(), Key: []byte(erased), Value: []byte("{")})
	w := e.start()
	e.accounted(map[place]int64{{e.mails(), 0}: 8, {e.calls(), 0}: 1})
	before := e.all(e.cfg.Topics.Flags)

	cmd := exec.CommandContext(t.Context(), "bash", "-c", blocks(t))
	cmd.Dir = t.TempDir()
	cmd.Env = append(cmd.Environ(),
		"PATH="+kafkaTools(t)+":"+os.Getenv("PATH"), "BROKER=localhost:9094", "CASE="+erased, "WAIT_MS=8000",
		"TOPICS="+strings.Join([]string{e.cfg.Topics.Flags, e.cfg.Topics.Evidence, e.cfg.Topics.DeadLetter}, " "),
		"FLAGS="+e.cfg.Topics.Flags, "INPUTS="+e.mails(), "FORCE="+e.cfg.Topics.Evidence+" "+e.cfg.Topics.DeadLetter,
	)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	for topic, want := range map[string]int{e.cfg.Topics.Flags: 3, e.cfg.Topics.Evidence: 3, e.cfg.Topics.DeadLetter: 1} {
		places, err := os.ReadFile(filepath.Join(cmd.Dir, topic+".places"))
		if n := bytes.Count(places, []byte("\n")); err != nil || n != want {
			t.Errorf("%s: %d records of the case file are found, want %d: %v", topic, n, want, err)
		}
	}

	// Behind each flag of the case file stands its retraction, and no other.
	retracted := make(map[string]bool)
	for _, r := range e.all(e.cfg.Topics.Flags)[len(before):] {
		value := valid(t, r.Value)
		data := value["data"].(map[string]any)
		if value["type"] != "vigie.retraction.v1" || data["reason"] != "erasure" || string(r.Key) != erased || header(r, "content-type") == "" {
			t.Errorf("key %q: %s", r.Key, r.Value)
		}
		retracted[data["retracts"].(string)] = true
	}
	for _, r := range before {
		id := valid(t, r.Value)["id"].(string)
		if want := string(r.Key) == erased; retracted[id] != want {
			t.Errorf("flag %s of %q: retracted is %v", id, r.Key, retracted[id])
		}
	}

	// What was forced is gone, with what stood before it.
	for _, topic := range []string{e.cfg.Topics.Evidence, e.cfg.Topics.DeadLetter} {
		e.produce(&kgo.Record{Topic: topic, Key: []byte("end"), Value: []byte("so that there is something to read")})
		if e.holds(topic, erased) {
			t.Errorf("%s still holds the case file", topic)
		}
	}

	// The tombstone is counted, and takes nothing away before the cleaner does:
	// never from the segment that is written to.
	e.until("the tombstone has a receipt", func() bool { return e.committed(e.mails(), 0) == 9 })
	w.end()
	list := e.receipts()[place{e.mails(), 0}]
	if last := list[len(list)-1]; last.Skipped["tombstone"] != 1 {
		t.Errorf("the last receipt is %+v", last)
	}
	if !e.holds(e.mails(), erased) {
		t.Error("the words are gone at once: docs/privacy.md says otherwise")
	}
	e.alter(e.mails(), map[string]string{"segment.ms": "100"})
	e.until("the cleaner has taken the words", func() bool {
		send(other, texts[0])
		return !e.holds(e.mails(), erased)
	})
	if !e.holds(e.mails(), other) {
		t.Error("another case file is gone too")
	}
}

// holds reports whether a topic has a record with a key and a value.
func (e *env) holds(topic, key string) bool {
	e.t.Helper()
	for _, r := range e.all(topic) {
		if string(r.Key) == key && r.Value != nil {
			return true
		}
	}
	return false
}

// valid holds a value against its schema and returns it.
func valid(t *testing.T, value []byte) map[string]any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		t.Fatal(err)
	}
	object := v.(map[string]any)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(fmt.Sprintf("../../docs/schemas/%s.json", object["type"]))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%s: %v", value, err)
	}
	return object
}
