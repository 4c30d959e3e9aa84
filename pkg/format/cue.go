package format

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// cue is a block of a subtitle file: when it is shown, and its lines.
type cue struct {
	start, end float64 // seconds
	text       string
}

// timing is the line above a cue's text; WebVTT may leave the hours out.
var timing = regexp.MustCompile(`^\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})`)

// cuesOf reads the cues of a text: a timing line, then lines up to a blank one.
// What stands elsewhere (numbers, comments, styles) is no speech.
func cuesOf(text string) []cue {
	var cues []cue
	inside := false
	for line := range strings.Lines(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")) {
		line = strings.TrimSpace(line)
		if m := timing.FindStringSubmatch(line); m != nil {
			cues = append(cues, cue{start: seconds(m[1:5]), end: seconds(m[5:9])})
			inside = true
			continue
		}
		if line == "" {
			inside = false
		}
		if inside {
			c := &cues[len(cues)-1]
			c.text = strings.TrimSpace(c.text + "\n" + line)
		}
	}
	return cues
}

// seconds of hours, minutes, seconds and milliseconds.
func seconds(parts []string) float64 {
	var n [4]float64
	for i, p := range parts {
		n[i], _ = strconv.ParseFloat(p, 64) // digits; hours may be missing
	}
	return n[0]*3600 + n[1]*60 + n[2] + n[3]/1000
}

// spoken appends the segments of a cue's text, one a line. Where the cue names
// no speaker, a configured name before a colon does; it holds to the end of its
// cue, and of its sentence beyond, but for a line that begins with a dash.
func (r *Reader) spoken(segments []segment, c *cue, speaker, text string) []segment {
	first := len(segments)
	for line := range strings.Lines(text) {
		line, dash := strings.CutPrefix(strings.TrimSpace(line), "- ")
		s := segment{speaker: speaker, role: event.Unknown, text: strings.TrimSpace(line), start: c.start, end: c.end}
		if s.text == "" {
			continue
		}
		n := len(segments)
		name, rest, ok := strings.Cut(line, ":")
		name = strings.TrimSpace(name)
		_, known := r.voices[strings.ToLower(name)]
		switch {
		case speaker != "":
		case ok && known:
			s.speaker, s.text = name, strings.TrimSpace(rest)
		case !dash && n > 0 && (n > first || !apart(&segments[n-1], &s)):
			s.speaker = segments[n-1].speaker
		}
		if s.text != "" {
			segments = append(segments, s)
		}
	}
	return segments
}
