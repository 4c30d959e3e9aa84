package format

import (
	"html"
	"regexp"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// webVTT is https://www.w3.org/TR/webvtt1/: cues with voice spans, <v Name>.
var webVTT = Format{
	Name:    "webvtt",
	Reads:   "a recording's WebVTT file (cues, <v Name>)",
	Speaker: "the name in <v Name>, or a configured name before a colon; its role by speakers or first_speaker",
	Time:    noTime,
	ID:      noID,
	Spec:    "https://www.w3.org/TR/webvtt1/",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	read:    readWebVTT,
}

var (
	// voiceSpan begins what somebody says; classes may stand behind the v.
	voiceSpan = regexp.MustCompile(`<v(?:\.[^\s>]*)?[\t\n ]+([^>]*)>`)
	// markup is any tag of a cue, times among words included.
	markup = regexp.MustCompile(`</?[A-Za-z0-9][^<>]*>|</>`)
)

// webVTTMark begins each file.
const webVTTMark = "WEBVTT"

func readWebVTT(r *Reader, value []byte) (*content, *event.PermanentError) {
	text := string(value)
	if !strings.HasPrefix(text, webVTTMark) {
		return nil, bad("the value does not begin with WEBVTT")
	}
	c := &content{}
	for _, q := range cuesOf(text) {
		speaker, from := "", 0
		for _, at := range voiceSpan.FindAllStringSubmatchIndex(q.text, -1) {
			c.segments = r.spoken(c.segments, &q, speaker, shown(q.text[from:at[0]]))
			speaker, from = strings.TrimSpace(html.UnescapeString(q.text[at[2]:at[3]])), at[1]
		}
		c.segments = r.spoken(c.segments, &q, speaker, shown(q.text[from:]))
	}
	return c, nil
}

// shown is what of a cue's text is shown.
func shown(text string) string { return html.UnescapeString(markup.ReplaceAllString(text, "")) }
