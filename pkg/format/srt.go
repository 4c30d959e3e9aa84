package format

import (
	"regexp"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// srt is SubRip's text: numbered cues, times with a comma. It has no
// specification of its own; the Library of Congress describes it at
// https://www.loc.gov/preservation/digital/formats/fdd/fdd000569.shtml.
var srt = Format{
	Name:    "srt",
	Reads:   "a recording's SubRip file (numbered cues)",
	Speaker: "a configured name before a colon (speakers); else unknown",
	Time:    noTime,
	ID:      noID,
	Spec:    "https://www.loc.gov/preservation/digital/formats/fdd/fdd000569.shtml",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	read:    readSRT,
}

// placement is what players read before a cue's text: {\an8}.
var placement = regexp.MustCompile(`\{\\[^}]*\}`)

func readSRT(r *Reader, value []byte) (*content, *event.PermanentError) {
	if strings.HasPrefix(string(value), webVTTMark) {
		return readWebVTT(r, value) // with the voices, which would be lost
	}
	cues := cuesOf(string(value))
	if len(cues) == 0 {
		return nil, bad("no cue: a line such as 00:00:01,000 --> 00:00:02,500 is missing")
	}
	c := &content{}
	for _, q := range cues {
		c.segments = r.spoken(c.segments, &q, "", shown(placement.ReplaceAllString(q.text, "")))
	}
	return c, nil
}
