package eval

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// exampleTime is when examples are taken to be written: "il y a deux ans" and
// "en 2003" must not mean something else next year.
const exampleTime = "2026-11-02T09:00:00Z"

// Try reads an example of a factor, which is named with its category: what is
// found of the factor, and whether that is what the example expects. The error
// says where the example stands.
func Try(classifier *pipeline.Classifier, factor string, example lexicon.Example) (found []pipeline.Explained, held bool, err error) {
	r, err := ExampleRecord(example.Text)
	if err == nil {
		found, err = classifier.Explain(r)
	}
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", example.Place, err)
	}
	found = slices.DeleteFunc(found, func(x pipeline.Explained) bool { return x.Finding.Factor != factor })
	status := flag.Status(example.Expect)
	if example.Expect == lexicon.ExpectMatch || example.Expect == lexicon.ExpectNoMatch {
		status = flag.Asserted
	}
	has := slices.ContainsFunc(found, func(x pipeline.Explained) bool { return x.Finding.Status == status })
	return found, has == (example.Expect != lexicon.ExpectNoMatch), nil
}

// ExampleRecord makes an event of an example's text: lines of "agent :" and
// "client :" are a call, of "question :" and "réponse :" a survey, anything
// else a mail.
func ExampleRecord(text string) (event.Record, error) {
	kind, data := "email", any(map[string]string{"text": text})
	if turns := spoken(text, "agent", "client"); turns != nil {
		speakers := map[string]string{"agent": "agent", "client": "customer"}
		list := make([]map[string]string, len(turns))
		for i, t := range turns {
			list[i] = map[string]string{"speaker": speakers[t.who], "text": t.text}
		}
		kind, data = "transcript", map[string]any{"turns": list}
	} else if turns := spoken(text, "question", "réponse"); turns != nil {
		var answers []map[string]string
		question := ""
		for _, t := range turns {
			if t.who == "question" {
				question = t.text
				continue
			}
			answers = append(answers, map[string]string{"question": question, "text": t.text})
			question = ""
		}
		kind, data = "survey", map[string]any{"answers": answers}
	}
	value, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": "1", "source": "/lexique", "type": "vigie." + kind + ".v1",
		"time": exampleTime, "data": data,
	})
	if err != nil {
		return event.Record{}, fmt.Errorf("making an event of an example: %w", err)
	}
	return event.Record{Value: value}, nil
}

// turn is a line of an example with who says it.
type turn struct{ who, text string }

// spoken splits text into the turns of two voices, nil unless its first line
// begins with one of them; a line without a voice goes on with the one before.
func spoken(text string, voices ...string) []turn {
	var turns []turn
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		who, said, ok := strings.Cut(line, ":")
		who = strings.ToLower(strings.TrimSpace(who))
		switch {
		case ok && slices.Contains(voices, who):
			turns = append(turns, turn{who, strings.TrimSpace(said)})
		case line == "":
		case len(turns) == 0:
			return nil
		default:
			turns[len(turns)-1].text += " " + line
		}
	}
	return turns
}
