package integration

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
)

// mail is an e-mail as an upstream system sends it.
func mail(id, subject, text string) []byte {
	b, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": id, "source": "/mail", "type": "vigie.email.v1", "subject": subject,
		"time": "2026-11-02T08:00:00Z", "data": map[string]any{"subject": "Dossier", "text": text},
	})
	if err != nil {
		panic(err)
	}
	return b
}

// texts are told apart by what must come of them.
var texts = []string{
	"Bonjour, merci pour votre réponse rapide, je paierai vendredi.",
	"Bonjour, j'ai un cancer depuis le mois de mai et je suis seul.",
	"Je ne sais plus quoi faire, je vais me suicider.",
	"Mon mari est hospitalisé depuis lundi, je ne peux pas venir.",
}

// fill produces n mails in turn to the partitions of a topic and returns where
// each partition ends.
func (e *env) fill(topic string, partitions, n int) map[place]int64 {
	e.t.Helper()
	ends := make(map[place]int64)
	var records []*kgo.Record
	for i := range n {
		p := int32(i % partitions)
		subject := fmt.Sprintf("D-%04d", i%97)
		e.sent++
		records = append(records, &kgo.Record{
			Topic: topic, Partition: p, Key: []byte(subject),
			Value:   mail(fmt.Sprintf("event-%d", e.sent), subject, texts[i%len(texts)]),
			Headers: []kgo.RecordHeader{{Key: "content-type", Value: []byte("application/cloudevents+json")}},
		})
	}
	e.produce(records...)
	for _, r := range records {
		ends[place{topic, r.Partition}] = r.Offset + 1
	}
	return ends
}

// produceBroken produces one value that is no JSON to each of so many partitions of calls.
func (e *env) produceBroken(partitions int32) {
	e.t.Helper()
	for p := range partitions {
		e.produce(&kgo.Record{Topic: e.calls(), Partition: p, Value: []byte("{")})
	}
}

// expected classifies what stands in topics, by flag id.
func (e *env) expected(topics ...string) map[string][]byte {
	e.t.Helper()
	classifier, _, _ := judge(e.t)
	flags := make(map[string][]byte)
	for _, topic := range topics {
		for _, r := range e.all(topic) {
			result, err := classifier.Classify(asEvent(r))
			if err == nil && result.Outcome == pipeline.Flagged {
				flags[result.Flag.ID] = result.Flag.AppendJSON(nil)
			}
		}
	}
	return flags
}

func asEvent(r *kgo.Record) event.Record {
	headers := make([]event.Header, len(r.Headers))
	for i, h := range r.Headers {
		headers[i] = event.Header{Key: h.Key, Value: h.Value}
	}
	return event.Record{Key: r.Key, Value: r.Value, Headers: headers, Origin: &event.Origin{
		Topic: r.Topic, Partition: int(r.Partition), Offset: r.Offset, Timestamp: r.Timestamp.UnixMilli(),
	}}
}

// flagsAre checks that the flags topic holds exactly want, each value as it
// must be; a flag may stand there more than once only where repeats is set.
func (e *env) flagsAre(want map[string][]byte, repeats bool) {
	e.t.Helper()
	seen := make(map[string]int)
	for _, r := range e.all(e.cfg.Topics.Flags) {
		var flag struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(r.Value, &flag); err != nil {
			e.t.Fatalf("a flag is no JSON: %v", err)
		}
		seen[flag.ID]++
		if value, ok := want[flag.ID]; !ok {
			e.t.Errorf("flag %s was not expected", flag.ID)
		} else if !bytes.Equal(value, r.Value) {
			e.t.Errorf("flag %s is\n%s\nexpected is\n%s", flag.ID, r.Value, value)
		}
	}
	for id := range want {
		if n := seen[id]; n == 0 || n > 1 && !repeats {
			e.t.Errorf("flag %s was written %d times", id, n)
		}
	}
}
