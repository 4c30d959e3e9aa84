package format

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// segment is a run of speech as a format cuts it.
type segment struct {
	// speaker is who speaks, as the format names them; "" for not said.
	speaker string
	// role is the format's own word for who speaks; Unknown where it has none.
	role event.Voice
	text string
	// start and end in seconds, both 0 where they are not said.
	start, end float64
}

// longestPause within one turn of a speaker whom nobody names, in seconds.
const longestPause = 1

// turns appends the turns of a call: runs of segments of one speaker, joined by
// a space, so that a sentence cut in two is one again. Where nobody says who
// speaks, a run also ends with a sentence and at a pause. What a recogniser
// invented in silence is left out.
func (r *Reader) turns(doc *event.Document, segments []segment) {
	var order []string // speakers as they come
	var run strings.Builder
	var last segment
	voice, n := event.Unknown, 0
	finish := func() {
		if run.Len() > 0 {
			doc.AddTurn(n, voice, run.String())
			run.Reset()
			n++
		}
	}
	for _, s := range segments {
		s.text = strings.TrimSpace(s.text)
		if s.text == "" || event.Invented(s.text) {
			continue
		}
		v := r.voice(&s, &order)
		if run.Len() > 0 && (v != voice || s.speaker != last.speaker || s.speaker == "" && v == event.Unknown && apart(&last, &s)) {
			finish()
		}
		if run.Len() > 0 {
			run.WriteByte(' ')
		}
		run.WriteString(s.text)
		voice, last = v, s
	}
	finish()
}

// apart reports whether two segments without a speaker are more likely two turns.
func apart(a, b *segment) bool {
	return strings.ContainsAny(a.text[len(a.text)-1:], ".?!") || strings.HasSuffix(a.text, "…") || b.start-a.end > longestPause
}

// voice says who speaks: by the format's role, else by the configured rules,
// else unknown.
func (r *Reader) voice(s *segment, order *[]string) event.Voice {
	if s.role != event.Unknown {
		return s.role
	}
	if v, ok := r.voices[strings.ToLower(s.speaker)]; ok && s.speaker != "" {
		return v
	}
	if r.options.FirstSpeaker == "" || s.speaker == "" {
		return event.Unknown
	}
	place := 0
	for place < len(*order) && (*order)[place] != s.speaker {
		place++
	}
	if place == len(*order) {
		*order = append(*order, s.speaker)
	}
	first, _ := voiceNamed(r.options.FirstSpeaker)
	switch {
	case place == 0:
		return first
	case place == 1 && first == event.Agent:
		return event.Customer
	case place == 1:
		return event.Agent
	}
	return event.Unknown
}

// voiceNamed is the voice of a configured role.
func voiceNamed(role string) (event.Voice, error) {
	switch strings.ToLower(role) {
	case "customer":
		return event.Customer, nil
	case "agent":
		return event.Agent, nil
	case "unknown":
		return event.Unknown, nil
	}
	return event.Unknown, fmt.Errorf("%q is none of customer, agent, unknown", role)
}

// inOrder sorts segments that stand by channel or leg into the order of the call.
func inOrder(segments []segment) {
	slices.SortStableFunc(segments, func(a, b segment) int { return cmp.Compare(a.start, b.start) })
}
