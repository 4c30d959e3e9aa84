package pipeline

import (
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

// judgements is what became of the records of a batch.
type judgements struct {
	flagged        []flagged
	evidence, dead []kafkago.Message
	counts         map[tally]int
	// frames counts the values that had a schema's id beside them, by framing.
	frames map[string]int
}

// flagged is a record that made a flag.
type flagged struct {
	// message is the flag as it is written.
	message     kafkago.Message
	flag        *flag.Flag
	kind        event.Kind
	traceparent string
	// stamp is the record's timestamp in milliseconds since the Unix epoch.
	stamp int64
	// began is when its judgement began, zero where nothing is traced.
	began time.Time
}

// tally is what records are counted by.
type tally struct {
	kind    event.Kind
	outcome string
}

func (j *judgements) count(kind event.Kind, outcome string) {
	if kind == "" {
		kind = unknownKind
	}
	if j.counts == nil {
		j.counts = make(map[tally]int)
	}
	j.counts[tally{kind, outcome}]++
}

// unframed notes how a schema's id stood beside a value, "" for not at all.
func (j *judgements) unframed(framing string) {
	if framing == "" {
		return
	}
	if j.frames == nil {
		j.frames = make(map[string]int)
	}
	j.frames[framing]++
}

// messages are the flags as they are written.
func (j *judgements) messages() []kafkago.Message {
	list := make([]kafkago.Message, len(j.flagged))
	for i := range j.flagged {
		list[i] = j.flagged[i].message
	}
	return list
}
