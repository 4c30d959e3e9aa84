package format

import (
	"strconv"

	"github.com/vigie-project/vigie/pkg/event"
)

// deepgram is the answer to Deepgram's pre-recorded requests: utterances where
// they were asked for, else the words of each channel.
// https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded
var deepgram = Format{
	Name:    "deepgram",
	Reads:   "Deepgram: the answer for a recording (utterances; else words)",
	Speaker: `none; the names are "0", "1"… or, with several channels, "channel 0"…: speakers or first_speaker, else unknown`,
	Time:    "metadata.created, when it was transcribed",
	ID:      "metadata.request_id; else the place in Kafka, of a file's value its SHA-256",
	Spec:    "https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	json:    true,
	read:    readDeepgram,
	split:   jsonOrLines,
}

type deepgramWord struct {
	Word       string  `json:"word"`
	Punctuated string  `json:"punctuated_word"`
	Start      float64 `json:"start"`
	End        float64 `json:"end"`
	Speaker    label   `json:"speaker"`
}

type deepgramChannel struct {
	Language     string `json:"detected_language"`
	Alternatives []struct {
		Transcript string         `json:"transcript"`
		Words      []deepgramWord `json:"words"`
	} `json:"alternatives"`
}

func readDeepgram(_ *Reader, value []byte) (*content, *event.PermanentError) {
	var x struct {
		Metadata struct {
			Request string `json:"request_id"`
			Created string `json:"created"`
		} `json:"metadata"`
		Results *struct {
			Channels   []deepgramChannel `json:"channels"`
			Utterances []struct {
				Channel    int     `json:"channel"`
				Speaker    label   `json:"speaker"`
				Transcript string  `json:"transcript"`
				Start      float64 `json:"start"`
				End        float64 `json:"end"`
			} `json:"utterances"`
		} `json:"results"`
	}
	if err := parse(value, &x); err != nil {
		return nil, err
	}
	if x.Results == nil {
		return nil, missing("results", "an answer of Deepgram")
	}
	c := &content{id: x.Metadata.Request, time: x.Metadata.Created}
	several := len(x.Results.Channels) > 1
	for _, channel := range x.Results.Channels {
		if c.language == "" {
			c.language = channel.Language
		}
	}
	for _, u := range x.Results.Utterances {
		several = several || u.Channel > 0
	}
	for _, u := range x.Results.Utterances {
		s := segment{speaker: string(u.Speaker), role: event.Unknown, text: u.Transcript, start: u.Start, end: u.End}
		if several {
			s.speaker = channelName(u.Channel)
		}
		c.segments = append(c.segments, s)
	}
	if len(x.Results.Utterances) == 0 {
		for i, channel := range x.Results.Channels {
			name := ""
			if several {
				name = channelName(i)
			}
			c.segments = append(c.segments, channel.segments(name)...)
		}
	}
	if several {
		inOrder(c.segments)
	}
	return c, nil
}

// segments of a channel: runs of words of one speaker, cut at pauses, so that
// those of two channels fall into their places.
func (ch *deepgramChannel) segments(name string) []segment {
	if len(ch.Alternatives) == 0 {
		return nil
	}
	best := ch.Alternatives[0]
	if len(best.Words) == 0 {
		return []segment{{speaker: name, role: event.Unknown, text: best.Transcript}}
	}
	words := make([]word, len(best.Words))
	for i, w := range best.Words {
		words[i] = word{speaker: string(w.Speaker), text: w.Punctuated, start: w.Start, end: w.End}
		if words[i].text == "" {
			words[i].text = w.Word
		}
		if name != "" {
			words[i].speaker = name
		}
	}
	return bySpeaker(words, "")
}

// channelName is what the configuration calls a channel, from 0.
func channelName(i int) string { return "channel " + strconv.Itoa(i) }
