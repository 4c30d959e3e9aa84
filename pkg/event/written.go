package event

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Written is a message as a person types it to try what becomes of it: an
// example of a lexicon, or a text in the console. It is not read from Kafka.
type Written struct {
	// Kind of event; "" takes it from the text: lines "agent : …" and "client : …"
	// are a call, "question : …" and "réponse : …" a survey, anything else an e-mail.
	// A call or survey without such lines is what the customer says, in one piece.
	Kind Kind
	// Subject of an e-mail, letter or complaint.
	Subject string
	// Text is valid UTF-8.
	Text string
	// Declared are the categories that a complaint declares.
	Declared []string
	// Time is an RFC 3339 time, "" for none.
	Time string
}

// Voices of typed lines.
var (
	callVoices   = []string{"client", "agent", "inconnu"}
	surveyVoices = []string{"question", "réponse"}
	speakerOf    = map[string]string{"client": "customer", "agent": "agent", "inconnu": "unknown"}
)

// Typed is the event that a Written makes.
type Typed struct {
	Kind Kind
	// Value is a structured CloudEvent.
	Value []byte
	parts map[string]typedTurn
}

// Event returns the event under a source and an id.
func (w *Written) Event(source, id string) (*Typed, error) {
	e := &Typed{Kind: w.Kind, parts: make(map[string]typedTurn)}
	voices := surveyVoices
	var turns []typedTurn
	if w.Kind == "" || w.Kind == Transcript {
		if turns = typedTurns(w.Text, callVoices); turns != nil {
			e.Kind = Transcript
		}
	}
	if w.Kind == Survey || w.Kind == "" && turns == nil {
		if turns = typedTurns(w.Text, surveyVoices); turns != nil {
			e.Kind = Survey
		}
	}
	if e.Kind == "" {
		e.Kind = Email
	}
	if turns == nil {
		turns = []typedTurn{{who: map[Kind]string{Transcript: callVoices[0], Survey: voices[1]}[e.Kind], lines: []typedLine{{said: w.Text}}}}
	}
	envelope := map[string]any{
		"specversion": "1.0", "id": id, "source": source, "type": "vigie." + string(e.Kind) + ".v1", "data": e.data(w, turns),
	}
	if w.Time != "" {
		envelope["time"] = w.Time
	}
	value, err := json.Marshal(envelope)
	if err != nil {
		return nil, fmt.Errorf("making an event of a typed text: %w", err)
	}
	e.Value = value
	return e, nil
}

// data is that of the event's kind; it notes where its parts stand in the text.
func (e *Typed) data(w *Written, turns []typedTurn) map[string]any {
	switch e.Kind {
	case Transcript:
		list := make([]map[string]string, len(turns))
		for i, t := range turns {
			list[i] = map[string]string{"speaker": speakerOf[t.who], "text": t.text()}
			e.parts[fmt.Sprintf("turns[%d].text", i)] = t
		}
		return map[string]any{"turns": list}
	case Survey:
		answers := []map[string]string{}
		question := ""
		for _, t := range turns {
			if t.who == "question" {
				question = t.text()
				continue
			}
			e.parts[fmt.Sprintf("answers[%d].text", len(answers))] = t
			answers = append(answers, map[string]string{"question": question, "text": t.text()})
			question = ""
		}
		return map[string]any{"answers": answers}
	}
	e.parts["text"] = turns[0]
	data := map[string]any{"text": w.Text}
	if w.Subject != "" {
		data["subject"] = w.Subject
	}
	if e.Kind == Complaint && w.Declared != nil {
		data["declared"] = w.Declared
	}
	return data
}

// Place returns where a span of the event stands in the typed text, in code
// points, end exclusive; ok is false for one that stands elsewhere, in the subject.
func (e *Typed) Place(part string, start, end int) (from, to int, ok bool) {
	t, ok := e.parts[part]
	if !ok || start >= end {
		return 0, 0, false
	}
	return t.point(start), t.point(end-1) + 1, true
}

// typedTurn is what one voice says, on one line or more.
type typedTurn struct {
	who   string
	lines []typedLine
}

// typedLine is a line of a turn: at and from are the code points at which it
// begins in the turn and in the typed text.
type typedLine struct {
	at, from int
	said     string
}

// text is the turn in one piece, a blank between its lines.
func (t *typedTurn) text() string {
	lines := make([]string, len(t.lines))
	for i, l := range t.lines {
		lines[i] = l.said
	}
	return strings.Join(lines, " ")
}

// point is the code point of the text at which that of the turn stands.
func (t *typedTurn) point(n int) int {
	i, exact := slices.BinarySearchFunc(t.lines, n, func(l typedLine, n int) int { return l.at - n })
	if !exact {
		i--
	}
	return t.lines[i].from + n - t.lines[i].at
}

// typedTurns splits a text into the turns of voices, nil unless its first line
// begins with one of them; a line without a voice goes on with the one before.
func typedTurns(text string, voices []string) []typedTurn {
	var turns []typedTurn
	line, at := 0, 0 // the code points at which the next line begins: in the text, in its turn
	for whole := range strings.Lines(text) {
		said := strings.TrimSpace(whole)
		who, rest, ok := strings.Cut(said, ":")
		who = strings.ToLower(strings.TrimSpace(who))
		ok = ok && slices.Contains(voices, who)
		if ok {
			said, at = strings.TrimSpace(rest), 0
			turns = append(turns, typedTurn{who: who})
		}
		size := utf8.RuneCountInString(said)
		if ok || said != "" {
			if len(turns) == 0 {
				return nil
			}
			t := &turns[len(turns)-1]
			ends := line + utf8.RuneCountInString(strings.TrimRightFunc(whole, unicode.IsSpace))
			t.lines = append(t.lines, typedLine{at, ends - size, said})
			at += size + 1
		}
		line += utf8.RuneCountInString(whole)
	}
	return turns
}
