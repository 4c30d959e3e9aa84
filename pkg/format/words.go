package format

import (
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// word is a word with who said it, "" where that is not known. start and end in
// seconds are both 0 where they are not said.
type word struct {
	speaker, text string
	start, end    float64
}

// severalSpeakers reports whether words name more than one speaker.
func severalSpeakers(words []word) bool {
	first := ""
	for _, w := range words {
		switch {
		case w.speaker == "":
		case first == "":
			first = w.speaker
		case w.speaker != first:
			return true
		}
	}
	return false
}

// bySpeaker cuts words into segments of one speaker, and at pauses. A word
// without a speaker is of whoever spoke before it; the first ones are of the
// speaker given, or without one of whoever speaks next.
func bySpeaker(words []word, speaker string) []segment {
	for i := 0; i < len(words) && speaker == ""; i++ {
		speaker = words[i].speaker
	}
	var segments []segment
	var text []string
	s := segment{role: event.Unknown}
	finish := func() {
		if len(text) > 0 {
			s.speaker, s.text = speaker, strings.Join(text, " ")
			segments = append(segments, s)
			text = text[:0]
		}
	}
	for _, w := range words {
		w.text = strings.TrimSpace(w.text)
		if w.text == "" {
			continue
		}
		turned := w.speaker != "" && w.speaker != speaker
		if turned || w.start > 0 && s.end > 0 && w.start-s.end > longestPause {
			finish()
		}
		if turned {
			speaker = w.speaker
		}
		if len(text) == 0 {
			s.start = w.start
		}
		text = append(text, w.text)
		s.end = w.end
	}
	finish()
	return segments
}
