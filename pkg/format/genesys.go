package format

import (
	"strings"
	"time"

	"github.com/vigie-project/vigie/pkg/event"
)

// genesys is the transcript of Genesys Cloud's speech and text analytics: the
// document behind the transcript's URL of a conversation's communication.
// https://developer.genesys.cloud/analyticsdatamanagement/speechtextanalytics/transcript-url
var genesys = Format{
	Name:    "genesys",
	Reads:   "Genesys Cloud: the transcript of a conversation (transcripts, phrases)",
	Speaker: "participantPurpose: external and customer, internal and the others; else the name of the purpose",
	Time:    "conversationStartTime, else startTime",
	ID:      "conversationId with communicationId; else the place in Kafka, of a file's value its SHA-256",
	Spec:    "https://developer.genesys.cloud/analyticsdatamanagement/speechtextanalytics/transcript-url",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	json:    true,
	read:    readGenesys,
	split:   jsonOrLines,
}

func readGenesys(_ *Reader, value []byte) (*content, *event.PermanentError) {
	var x struct {
		Conversation  string  `json:"conversationId"`
		Communication string  `json:"communicationId"`
		Began         float64 `json:"conversationStartTime"` // milliseconds since the Unix epoch
		Start         float64 `json:"startTime"`
		Transcripts   *[]struct {
			Language string `json:"language"`
			Phrases  []struct {
				Text      string  `json:"text"`
				Decorated string  `json:"decoratedText"` // with punctuation
				Start     float64 `json:"startTimeMs"`
				Purpose   string  `json:"participantPurpose"`
				Duration  struct {
					Milliseconds float64 `json:"milliseconds"`
				} `json:"duration"`
			} `json:"phrases"`
		} `json:"transcripts"`
	}
	if err := parse(value, &x); err != nil {
		return nil, err
	}
	if x.Transcripts == nil {
		return nil, missing("transcripts", "a transcript of Genesys Cloud")
	}
	c := &content{id: x.Conversation}
	if x.Conversation != "" && x.Communication != "" {
		c.id += "/" + x.Communication
	}
	for _, ms := range []float64{x.Began, x.Start} {
		if ms >= 1e12 && ms < 1e14 && c.time == "" { // else it counts from the beginning of the call
			c.time = time.UnixMilli(int64(ms)).UTC().Format(time.RFC3339Nano)
		}
	}
	first := 0.0
	for _, t := range *x.Transcripts {
		if c.language == "" {
			c.language = t.Language
		}
		for _, p := range t.Phrases {
			text := p.Decorated
			if strings.TrimSpace(text) == "" {
				text = p.Text
			}
			if first == 0 {
				first = p.Start
			}
			start := (p.Start - first) / 1000
			c.segments = append(c.segments, segment{
				speaker: p.Purpose, role: genesysRole(p.Purpose), text: text, start: start, end: start + p.Duration.Milliseconds/1000,
			})
		}
	}
	if len(*x.Transcripts) > 1 {
		inOrder(c.segments)
	}
	return c, nil
}

func genesysRole(purpose string) event.Voice {
	switch strings.ToLower(purpose) {
	case "external", "customer":
		return event.Customer
	case "internal", "agent", "user", "supervisor", "ivr", "acd", "bot", "botflow", "workflow", "voicemail", "group", "station":
		return event.Agent
	}
	return event.Unknown
}
