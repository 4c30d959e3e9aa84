package eval

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vigie-project/vigie/pkg/event"
)

// written is the time of all documents: "il y a deux ans" must not mean
// something else next year.
const written = "2026-11-02T09:00:00Z"

// part is a carried text, named as flags name it. Places are code points.
type part struct {
	name string
	text []rune
}

// carry makes the event and the parts of the document.
func (d *Document) carry(a *annotated) error {
	data := map[string]any{}
	switch d.Kind {
	case event.Transcript:
		var turns []struct{ Text string }
		if err := json.Unmarshal(a.Turns, &turns); err != nil {
			return errors.New("sans turns qui se lisent")
		}
		for i, t := range turns {
			d.put(fmt.Sprintf("turns[%d].text", i), t.Text)
		}
		data["language"], data["turns"] = "fr-FR", a.Turns
	case event.Survey:
		if a.Answer == nil {
			return errors.New("sans answer")
		}
		d.put("answers[0].text", *a.Answer)
		d.put("answers[0].question", a.Question)
		data["score"] = a.Score
		data["answers"] = []map[string]string{{"question": a.Question, "text": *a.Answer}}
	case event.Email, event.Letter, event.Complaint:
		if a.Body == nil {
			return errors.New("sans body")
		}
		d.put("subject", a.Subject)
		d.put("text", *a.Body)
		data["subject"], data["text"] = a.Subject, *a.Body
	default:
		return fmt.Errorf("kind inconnu « %s »", d.Kind)
	}
	var err error
	d.value, err = json.Marshal(map[string]any{
		"specversion": "1.0", "id": d.ID, "source": "/corpus", "type": "vigie." + string(d.Kind) + ".v1",
		"subject": "case-" + d.ID, "time": written, "datacontenttype": "application/json", "data": data,
	})
	return err
}

func (d *Document) put(name, text string) {
	d.parts = append(d.parts, part{name, []rune(text)})
}

// part returns the text of a part, nil where the document has none of that name.
func (d *Document) part(name string) []rune {
	for _, p := range d.parts {
		if p.name == name {
			return p.text
		}
	}
	return nil
}
