package format

import (
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// word is a word with who said it, "" where that is not known.
type word struct{ speaker, text string }

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

// bySpeaker cuts words into segments of one speaker. A word without a speaker
// is of whoever spoke before it; the first ones are of the speaker given, or
// without one of whoever speaks next.
func bySpeaker(words []word, speaker string) []segment {
	if speaker == "" {
		for _, w := range words {
			if speaker = w.speaker; speaker != "" {
				break
			}
		}
	}
	var segments []segment
	var text []string
	finish := func() {
		if len(text) > 0 {
			segments = append(segments, segment{speaker: speaker, role: event.Unknown, text: strings.Join(text, " ")})
			text = text[:0]
		}
	}
	for _, w := range words {
		if w.speaker != "" && w.speaker != speaker {
			finish()
			speaker = w.speaker
		}
		if t := strings.TrimSpace(w.text); t != "" {
			text = append(text, t)
		}
	}
	finish()
	return segments
}
