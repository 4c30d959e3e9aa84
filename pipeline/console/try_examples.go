package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// exampleGroup is a list of examples under a heading.
type exampleGroup struct {
	Name    string
	Entries []choice
}

// ofMessages begins the id of a message to pick; that of an example of the
// lexicon is its factor, a dash and its number there: "health.maladie-2".
const ofMessages = "message"

// examples lists the messages to pick, and a factor's examples where one of them
// is shown.
func (c *Console) examples(shown string) []exampleGroup {
	messages := exampleGroup{Name: "Messages"}
	for i, s := range c.Samples {
		id := fmt.Sprintf("%s-%d", ofMessages, i+1)
		messages.Entries = append(messages.Entries, choice{id, s.Name, id == shown})
	}
	var groups []exampleGroup
	if len(messages.Entries) > 0 {
		groups = append(groups, messages)
	}
	if f, _, ok := c.exampleAt(shown); ok {
		group := exampleGroup{Name: f.Label}
		for i := range f.Examples {
			id := fmt.Sprintf("%s-%d", shown[:strings.LastIndexByte(shown, '-')], i+1)
			group.Entries = append(group.Entries, choice{id, "Exemple " + strconv.Itoa(i+1), id == shown})
		}
		groups = append(groups, group)
	}
	return groups
}

// exampleAt finds an example of the lexicon by its id.
func (c *Console) exampleAt(id string) (*lexicon.FactorSource, *lexicon.Example, bool) {
	at := strings.LastIndexByte(id, '-')
	if at < 0 {
		return nil, nil, false
	}
	n, err := strconv.Atoi(id[at+1:])
	if err != nil {
		return nil, nil, false
	}
	for i := range c.Rules.Source.Sections {
		section := &c.Rules.Source.Sections[i]
		for k := range section.Factors {
			f := &section.Factors[k]
			if section.ID+"."+f.ID == id[:at] && n >= 1 && n <= len(f.Examples) {
				return f, &f.Examples[n-1], true
			}
		}
	}
	return nil, nil, false
}

// fill puts the example that in names into it. Its error is a *mistake.
func (c *Console) fill(in *input) error {
	if _, example, ok := c.exampleAt(in.example); ok {
		in.text, in.time = strings.TrimSpace(lines(example.Text)), eval.ExampleTime
		return in.compose()
	}
	name, number, _ := strings.Cut(in.example, "-")
	n, err := strconv.Atoi(number)
	if name != ofMessages || err != nil || n < 1 || n > len(c.Samples) {
		return &mistake{status: http.StatusNotFound, message: "Cet exemple n’existe pas, ou n’existe plus."}
	}
	value := c.Samples[n-1].Value
	if w := written(value); w != nil {
		in.kind, in.subject, in.text, in.declared, in.time = w.Kind, w.Subject, w.Text, w.Declared, w.Time
		return in.compose()
	}
	in.file = &file{format: "cloudevents", value: value, number: 1, count: 1}
	return nil
}

// written is what somebody would type to make an event, nil where no typing
// makes it: one in HTML, or in another language.
func written(value []byte) *event.Written {
	var e struct {
		Type string
		Time string
		Data struct {
			Language            string
			Subject, Text, HTML string
			Declared            []string
			Turns               []struct{ Speaker, Text string }
			Answers             []struct{ Question, Text string }
		}
	}
	if json.Unmarshal(value, &e) != nil || e.Data.HTML != "" || e.Data.Language != "" && !strings.HasPrefix(e.Data.Language, "fr") {
		return nil
	}
	kind := event.Kind(strings.TrimSuffix(strings.TrimPrefix(e.Type, "vigie."), ".v1"))
	w := &event.Written{Kind: kind, Subject: lines(e.Data.Subject), Text: lines(e.Data.Text), Declared: e.Data.Declared, Time: e.Time}
	var b strings.Builder
	say := func(who, text string) { fmt.Fprintf(&b, "%s : %s\n", who, strings.Join(strings.Fields(text), " ")) }
	switch kind {
	case event.Transcript:
		for _, t := range e.Data.Turns {
			who := map[string]string{"customer": "client", "agent": "agent"}[t.Speaker]
			if who == "" {
				who = "inconnu"
			}
			say(who, t.Text)
		}
	case event.Survey:
		for _, a := range e.Data.Answers {
			if a.Question != "" {
				say("question", a.Question)
			}
			say("réponse", a.Text)
		}
	case event.Email, event.Letter, event.Complaint:
		return w
	default:
		return nil
	}
	w.Text = strings.TrimSuffix(b.String(), "\n")
	return w
}

// categoryIDs are the ids of the categories.
func (c *Console) categoryIDs() []string {
	ids := make([]string, len(c.Rules.Program.Categories))
	for i := range ids {
		ids[i] = c.Rules.Program.Categories[i].ID
	}
	return ids
}

func (c *Console) kinds(chosen event.Kind) []choice {
	list := []choice{{"", "déduit du texte", chosen == ""}}
	for _, name := range []string{"appel", "courriel", "courrier", "enquete", "reclamation"} {
		kind := kindNames[name]
		list = append(list, choice{name, c.Names("vigie." + string(kind) + ".v1"), kind == chosen})
	}
	return list
}

func (c *Console) declarations(chosen []string) []choice {
	var list []choice
	for _, id := range c.categoryIDs() {
		list = append(list, choice{id, c.Names(id), slices.Contains(chosen, id)})
	}
	return list
}
