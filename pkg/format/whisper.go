package format

import (
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// whisper is the JSON that Whisper writes, and that services after it return
// (verbose_json): https://github.com/openai/whisper (whisper/transcribe.py) and
// https://platform.openai.com/docs/api-reference/audio/verbose-json-object.
var whisper = Format{
	Name:    "whisper",
	Reads:   "a recording's JSON of Whisper (segments; a lone text)",
	Speaker: byRule,
	Time:    noTime,
	ID:      noID,
	Spec:    "https://platform.openai.com/docs/api-reference/audio/verbose-json-object",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	read:    readWhisper,
	json:    true,
	split:   jsonOrLines,
}

// whisperX is the same with words aligned and speakers assigned; words that
// could not be aligned have no start, and those that no speaker's turn covers no
// speaker: https://github.com/m-bain/whisperX (whisperx/schema.py).
var whisperX = Format{
	Name:    "whisperx",
	Reads:   "a recording's JSON of WhisperX (segments, words with speakers)",
	Speaker: "speaker of the words, else of the segment; its role by speakers or first_speaker",
	Time:    noTime,
	ID:      noID,
	Spec:    "https://github.com/m-bain/whisperX/blob/main/whisperx/schema.py",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	read:    readWhisper,
	json:    true,
	split:   jsonOrLines,
}

type whisperJSON struct {
	Text     *string `json:"text"`
	Language string  `json:"language"`
	Segments *[]struct {
		Text    *string  `json:"text"`
		Speaker label    `json:"speaker"`
		Start   *float64 `json:"start"`
		End     *float64 `json:"end"`
		// NoSpeech and LogProb are what Whisper itself drops silence by.
		NoSpeech *float64 `json:"no_speech_prob"`
		LogProb  *float64 `json:"avg_logprob"`
		Words    []struct {
			Word    string `json:"word"`
			Speaker label  `json:"speaker"`
		} `json:"words"`
	} `json:"segments"`
}

// Whisper's own bounds for a segment that is silence.
const (
	mostNoSpeech = 0.6
	leastLogProb = -1
)

func readWhisper(_ *Reader, value []byte) (*content, *event.PermanentError) {
	var w whisperJSON
	if err := parse(value, &w); err != nil {
		return nil, err
	}
	if w.Segments == nil && w.Text == nil {
		return nil, missing("segments", "a transcription of Whisper")
	}
	c := &content{language: w.Language}
	if strings.EqualFold(w.Language, "french") { // services name it, Whisper tags it
		c.language = "fr"
	}
	if w.Segments == nil {
		c.segments = []segment{{role: event.Unknown, text: *w.Text}}
		return c, nil
	}
	read := len(*w.Segments) == 0
	for _, x := range *w.Segments {
		read = read || x.Text != nil || len(x.Words) > 0
		if x.NoSpeech != nil && x.LogProb != nil && *x.NoSpeech > mostNoSpeech && *x.LogProb < leastLogProb {
			continue
		}
		s := segment{speaker: string(x.Speaker), role: event.Unknown}
		if x.Text != nil {
			s.text = *x.Text
		}
		if x.Start != nil && x.End != nil {
			s.start, s.end = *x.Start, *x.End
		}
		var words []word
		for _, one := range x.Words {
			words = append(words, word{speaker: string(one.Speaker), text: one.Word})
		}
		if event.Invented(s.text) || !severalSpeakers(words) {
			c.segments = append(c.segments, s)
			continue
		}
		c.segments = append(c.segments, bySpeaker(words, s.speaker)...)
	}
	if !read {
		return nil, missing("segments.text", "a transcription of Whisper")
	}
	return c, nil
}
