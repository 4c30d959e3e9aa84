package integration

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pkg/config"
)

// bulky produces records that are small only when compressed.
func (e *env) bulky(records ...*kgo.Record) {
	e.t.Helper()
	client, err := kgo.NewClient(
		kgo.SeedBrokers(e.cfg.Kafka.Brokers...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchMaxBytes(80<<20), kgo.BrokerMaxWriteBytes(200<<20),
		kgo.ProducerBatchCompression(kgo.ZstdCompression()),
	)
	if err != nil {
		e.t.Fatal(err)
	}
	defer client.Close()
	if err := client.ProduceSync(e.t.Context(), records...).FirstErr(); err != nil {
		e.t.Fatal(err)
	}
}

// subject returns an event that is flagged and whose case file has a name of n bytes.
func subject(id string, n int) []byte {
	var e map[string]any
	if err := json.Unmarshal(mail(id, "", texts[1]), &e); err != nil {
		panic(err)
	}
	e["subject"] = hex.EncodeToString(noise(n / 2))
	b, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return b
}

// No event stops its partition, however large it is or becomes: decompressed,
// as a flag, as a dead letter.
func TestHugeEventStopsNothing(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, nil)
		e.limit(e.cfg.Topics.DeadLetter, 64<<10)
		const bomb = 64 << 20
		in := e.calls()
		header1M := []kgo.RecordHeader{{Key: "upstream", Value: noise(1 << 20)}}
		events := []struct {
			name  string
			r     *kgo.Record
			class string
			key   string
		}{
			{"good", &kgo.Record{Value: mail("1", "D-1", texts[1])}, "", ""},
			{"64 MiB in a few kilobytes", &kgo.Record{Key: []byte("k"), Value: make([]byte, bomb)}, "too_large", "k"},
			{"the flag is too large", &kgo.Record{Key: []byte("k"), Value: subject("2", 3<<20)}, "too_large", "k"},
			{"the key is too large", &kgo.Record{Key: noise(1 << 20), Value: []byte("{")}, "json", ""},
			{"the headers are too large", &kgo.Record{Key: []byte("k"), Headers: header1M, Value: []byte("{")}, "json", "k"},
			{"good again", &kgo.Record{Value: mail("3", "D-1", texts[1])}, "", ""},
		}
		for _, ev := range events {
			ev.r.Topic = in
			e.bulky(ev.r)
		}
		w := e.start()
		at := place{in, 0}
		list := e.accounted(map[place]int64{at: int64(len(events))})[at]
		w.end()
		var flagged, dead int
		for _, r := range list {
			flagged += int(r.Flagged)
			for _, n := range r.Dead {
				dead += n
			}
		}
		if flagged != 2 || dead != 4 || len(e.all(e.cfg.Topics.Flags)) != 2 {
			t.Errorf("%d flagged, %d dead", flagged, dead)
		}
		letters := make(map[int]*kgo.Record)
		for _, r := range e.all(e.cfg.Topics.DeadLetter) {
			offset, _ := strconv.Atoi(header(r, "origin-offset"))
			letters[offset] = r
		}
		for i, ev := range events {
			r := letters[i]
			switch {
			case (r != nil) != (ev.class != ""):
				t.Errorf("%s: is a dead letter: %v", ev.name, r != nil)
			case r == nil:
			case header(r, "error-class") != ev.class || string(r.Key) != ev.key || len(r.Value) > 1:
				t.Errorf("%s: class %s, key of %d bytes, value of %d", ev.name, header(r, "error-class"), len(r.Key), len(r.Value))
			}
		}
		sum := sha256.Sum256(make([]byte, bomb))
		if r := letters[1]; header(r, "value-size") != strconv.Itoa(bomb) || header(r, "value-sha256") != hex.EncodeToString(sum[:]) {
			t.Errorf("headers of the largest: %v", r.Headers)
		}
	})
}

// A partition that cannot go on, because its dead letter is not taken, holds no
// memory that the others need, although it has read more than there is for all.
func TestSlowPartitionStopsNoOther(t *testing.T) {
	broker := faulty(t)
	e := newEnv(t, broker.ListenAddrs(), 3, func(c *config.Config) { c.Worker.MaxBytesInFlight = 1 << 20 })
	var on atomic.Bool
	on.Store(true)
	refused := refuse(broker, e.cfg.Topics.DeadLetter, &on)
	e.produceBroken(1)
	const events = 40
	text := strings.Repeat("Bonjour, merci pour votre réponse. ", 6000)
	ends := make(map[place]int64)
	fill := func(p int32) {
		for i := range events {
			id := "p" + strconv.Itoa(int(p)) + "-" + strconv.Itoa(i)
			e.bulky(&kgo.Record{Topic: e.calls(), Partition: p, Value: mail(id, "D-1", text)})
		}
		ends[place{e.calls(), p}] = events
	}
	fill(0)
	ends[place{e.calls(), 0}]++
	w := e.start()
	e.until("a partition is stuck", func() bool { return refused.Load() > 1 })
	fill(1)
	fill(2)
	e.until("the other partitions are done", func() bool {
		return e.committed(e.calls(), 1) == events && e.committed(e.calls(), 2) == events
	})
	if got := e.committed(e.calls(), 0); got > 0 {
		t.Errorf("%d of the slow partition is committed", got)
	}
	on.Store(false)
	e.accounted(ends)
	w.end()
}

// Events that make much more output than input are cut into smaller batches;
// all of them are accounted for.
func TestOutputIsBounded(t *testing.T) {
	each(t, func(t *testing.T, brokers []string) {
		e := newEnv(t, brokers, 1, func(c *config.Config) {
			c.Worker.MaxBytesInFlight = 1 << 20
			c.Worker.BatchRecords = 1000
		})
		// Each is found a hundred times: a flag of twenty times the event.
		text := strings.Repeat("cancer. ", 100)
		var records []*kgo.Record
		for i := range 100 {
			records = append(records, &kgo.Record{Topic: e.calls(), Value: mail(strconv.Itoa(i), "D-1", text)})
		}
		e.produce(records...)
		w := e.start()
		at := place{e.calls(), 0}
		list := e.accounted(map[place]int64{at: 100})[at]
		w.end()
		most := 0
		bytesOf := make(map[int64]int)
		for _, r := range e.all(e.cfg.Topics.Flags) {
			var f struct {
				Data struct {
					Event struct{ Offset int64 }
				}
			}
			if err := json.Unmarshal(r.Value, &f); err != nil {
				t.Fatal(err)
			}
			bytesOf[f.Data.Event.Offset] = len(r.Value)
			most = max(most, len(r.Value))
		}
		// A quarter of what three quarters of the limit are, and one flag more.
		limit := (1<<20)*3/4/4/2 + most
		for _, r := range list {
			sum := 0
			for o := r.From; o <= r.To; o++ {
				sum += bytesOf[o]
			}
			if sum > limit {
				t.Errorf("the flags of offsets %d to %d take %d bytes, want at most %d", r.From, r.To, sum, limit)
			}
		}
		if len(list) < 2 || !bytes.Contains([]byte(w.log.String()), []byte("batch committed")) {
			t.Errorf("%d batches", len(list))
		}
		e.flagsAre(e.expected(e.calls()), false)
	})
}
