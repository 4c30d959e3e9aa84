package format

import (
	"strings"
	"time"

	"github.com/vigie-project/vigie/pkg/event"
)

// googleSpeech is the answer of Google's Speech-to-Text, of version 1 or 2, by
// itself or in the operation that made it. With diarisation version 1 repeats
// the words of all results in the last one, which alone says who spoke.
// https://cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize
// https://cloud.google.com/speech-to-text/docs/multiple-voices
var googleSpeech = Format{
	Name:    "google-speech",
	Reads:   "Google Speech-to-Text v1 and v2: results, or the operation that holds them",
	Speaker: `none; the names are speakerTag or speakerLabel or, with several channels, "channel 1"…: speakers or first_speaker, else unknown`,
	Time:    "metadata.startTime of an operation, when it was transcribed; else none",
	ID:      "requestId, else the operation's name; else the place in Kafka, of a file's value its SHA-256",
	Spec:    "https://cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	json:    true,
	read:    readGoogle,
	split:   jsonOrLines,
}

type googleResult struct {
	Channel      int    `json:"channelTag"`
	Language     string `json:"languageCode"`
	Alternatives []struct {
		Transcript string       `json:"transcript"`
		Words      []googleWord `json:"words"`
	} `json:"alternatives"`
}

// googleWord has the names of both versions.
type googleWord struct {
	Word   string `json:"word"`
	Tag    label  `json:"speakerTag"`
	Label  label  `json:"speakerLabel"`
	Start1 string `json:"startTime"`
	End1   string `json:"endTime"`
	Start2 string `json:"startOffset"`
	End2   string `json:"endOffset"`
}

func readGoogle(_ *Reader, value []byte) (*content, *event.PermanentError) {
	var x struct {
		Results  *[]googleResult `json:"results"`
		Request  label           `json:"requestId"`
		Name     string          `json:"name"`
		Metadata struct {
			Start string `json:"startTime"`
		} `json:"metadata"`
		Response *struct {
			Results *[]googleResult `json:"results"`
			Request label           `json:"requestId"`
		} `json:"response"`
	}
	if err := parse(value, &x); err != nil {
		return nil, err
	}
	if x.Response != nil {
		x.Results, x.Request = x.Response.Results, x.Response.Request
	}
	if x.Results == nil {
		return nil, missing("results", "an answer of Google Speech-to-Text")
	}
	c := &content{id: string(x.Request), time: x.Metadata.Start}
	if c.id == "" {
		c.id = x.Name
	}
	results := *x.Results
	several := false
	for i := range results {
		if c.language == "" {
			c.language = results[i].Language
		}
		several = several || results[i].Channel != results[0].Channel
	}
	if n := len(results); n > 1 && repeats(results) {
		results = results[n-1:]
	}
	for i := range results {
		c.segments = append(c.segments, results[i].segments(several)...)
	}
	if several {
		inOrder(c.segments)
	}
	return c, nil
}

// repeats reports whether the last result holds the words of all: it says who
// spoke, and either no other one does or it begins where the first one does.
func repeats(results []googleResult) bool {
	words := func(r *googleResult) []word {
		if len(r.Alternatives) == 0 {
			return nil
		}
		return googleWords(r.Alternatives[0].Words)
	}
	tagged := func(list []word) bool {
		for _, w := range list {
			if w.speaker != "" {
				return true
			}
		}
		return false
	}
	last := words(&results[len(results)-1])
	if !tagged(last) {
		return false
	}
	others := false
	for i := range results[:len(results)-1] {
		others = others || tagged(words(&results[i]))
	}
	first := words(&results[0])
	return !others || len(first) > 0 && last[0].start <= first[0].start && last[0].text == first[0].text
}

func (r *googleResult) segments(several bool) []segment {
	if len(r.Alternatives) == 0 {
		return nil
	}
	name := ""
	if several {
		name = channelName(r.Channel)
	}
	best := r.Alternatives[0]
	words := googleWords(best.Words)
	for i := range words {
		if several {
			words[i].speaker = name
		}
	}
	if len(words) > 0 {
		return bySpeaker(words, "")
	}
	return []segment{{speaker: name, role: event.Unknown, text: best.Transcript}}
}

func googleWords(list []googleWord) []word {
	words := make([]word, len(list))
	for i, w := range list {
		words[i] = word{speaker: string(w.Label), text: w.Word, start: googleTime(w.Start1 + w.Start2), end: googleTime(w.End1 + w.End2)}
		if words[i].speaker == "" && w.Tag != "0" { // 0 is nobody
			words[i].speaker = string(w.Tag)
		}
	}
	return words
}

// googleTime reads "1.200s"; what is no time is 0.
func googleTime(s string) float64 {
	d, err := time.ParseDuration(strings.TrimSpace(s))
	if err != nil {
		return 0
	}
	return d.Seconds()
}
