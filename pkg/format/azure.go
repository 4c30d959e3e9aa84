package format

import (
	"github.com/vigie-project/vigie/pkg/event"
)

// azureBatch is the result file of Azure AI Speech: of batch transcription
// (recognizedPhrases) or of fast transcription (phrases). Its source is an
// address that may hold a key, and is not read.
// https://learn.microsoft.com/azure/ai-services/speech-service/batch-transcription-get
// https://learn.microsoft.com/azure/ai-services/speech-service/fast-transcription-create
var azureBatch = Format{
	Name:    "azure-batch",
	Reads:   "Azure AI Speech: the result of a batch or fast transcription",
	Speaker: `none; the names are the numbers of speaker or, with several channels, "channel 0"…: speakers or first_speaker, else unknown`,
	Time:    "timestamp, when it was transcribed; else none",
	ID:      noID,
	Spec:    "https://learn.microsoft.com/azure/ai-services/speech-service/batch-transcription-get",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	json:    true,
	read:    readAzure,
	split:   jsonOrLines,
}

func readAzure(_ *Reader, value []byte) (*content, *event.PermanentError) {
	var x struct {
		Timestamp string `json:"timestamp"`
		Batch     *[]struct {
			Channel  int     `json:"channel"`
			Speaker  label   `json:"speaker"`
			Locale   string  `json:"locale"`
			Offset   float64 `json:"offsetInTicks"` // of 100 ns
			Duration float64 `json:"durationInTicks"`
			Best     []struct {
				Display string `json:"display"`
				Lexical string `json:"lexical"`
			} `json:"nBest"`
		} `json:"recognizedPhrases"`
		Fast *[]struct {
			Channel  int     `json:"channel"`
			Speaker  label   `json:"speaker"`
			Locale   string  `json:"locale"`
			Offset   float64 `json:"offsetMilliseconds"`
			Duration float64 `json:"durationMilliseconds"`
			Text     string  `json:"text"`
		} `json:"phrases"`
	}
	if err := parse(value, &x); err != nil {
		return nil, err
	}
	if x.Batch == nil && x.Fast == nil {
		return nil, missing("recognizedPhrases", "a result of Azure AI Speech")
	}
	c := &content{time: x.Timestamp}
	var channels []int
	add := func(channel int, speaker label, locale, text string, start, length float64) {
		if c.language == "" {
			c.language = locale
		}
		channels = append(channels, channel)
		c.segments = append(c.segments, segment{speaker: string(speaker), role: event.Unknown, text: text, start: start, end: start + length})
	}
	if x.Batch != nil {
		const ticks = 1e7
		for _, p := range *x.Batch {
			text := ""
			if len(p.Best) > 0 {
				if text = p.Best[0].Display; text == "" {
					text = p.Best[0].Lexical
				}
			}
			add(p.Channel, p.Speaker, p.Locale, text, p.Offset/ticks, p.Duration/ticks)
		}
	} else {
		for _, p := range *x.Fast {
			add(p.Channel, p.Speaker, p.Locale, p.Text, p.Offset/1000, p.Duration/1000)
		}
	}
	for i := range channels {
		if channels[i] != channels[0] {
			for k := range channels {
				c.segments[k].speaker = channelName(channels[k])
			}
			break
		}
	}
	inOrder(c.segments)
	return c, nil
}
