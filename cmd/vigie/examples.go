package main

import (
	"encoding/json"
	"fmt"
	"io"
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

// testExamples runs the examples of every factor that is not switched off and
// prints those that fail, for the lexicon's owners.
func testExamples(w io.Writer, r *rules) error {
	names := labelsOf(r.program)
	count, failed, off := 0, 0, 0
	tried := make(map[string]bool)
	for _, section := range r.source.Sections {
		for _, f := range section.Factors {
			id := section.ID + "." + f.ID
			if slices.Contains(r.source.Policy.Disabled, id) {
				off += len(f.Examples)
				continue
			}
			for _, example := range f.Examples {
				count++
				value, err := exampleEvent(example.Text)
				if err != nil {
					return err
				}
				found, err := r.classifier.Explain(event.Record{Value: value})
				if err != nil {
					return fmt.Errorf("%s: %w", example.Place, err)
				}
				found = slices.DeleteFunc(found, func(x pipeline.Explained) bool { return x.Finding.Factor != id })
				for _, x := range found {
					tried[x.Finding.Term] = true
				}
				if !kept(example.Expect, found) {
					failed++
					fmt.Fprintf(w, "%s: %s : %s ; %s\n    %s\n", example.Place, id, wanted(example.Expect, names), got(found, names),
						strings.ReplaceAll(strings.TrimSpace(example.Text), "\n", "\n    "))
				}
			}
		}
	}
	fmt.Fprintf(w, "%s, %s", plural(count, "exemple"), plural(failed, "échec"))
	if off > 0 {
		fmt.Fprintf(w, " ; %d de facteurs éteints", off)
	}
	fmt.Fprintf(w, "\n%d termes sur %d sont trouvés par un exemple de leur facteur\n", len(tried), len(r.program.Terms))
	if failed > 0 {
		return errInput
	}
	return nil
}

// kept reports whether the findings of the factor are as expected.
func kept(expect string, found []pipeline.Explained) bool {
	status := flag.Status(expect)
	if expect == lexicon.ExpectMatch || expect == lexicon.ExpectNoMatch {
		status = flag.Asserted
	}
	has := slices.ContainsFunc(found, func(x pipeline.Explained) bool { return x.Finding.Status == status })
	return has == (expect != lexicon.ExpectNoMatch)
}

// wanted says what an example expects.
func wanted(expect string, names labels) string {
	switch expect {
	case lexicon.ExpectMatch:
		return "un signe affirmé était attendu"
	case lexicon.ExpectNoMatch:
		return "aucun signe affirmé n’était attendu"
	}
	return fmt.Sprintf("un signe « %s » était attendu", names.of(expect))
}

// got says what was found of the factor.
func got(found []pipeline.Explained, names labels) string {
	if len(found) == 0 {
		return "rien trouvé"
	}
	each := make([]string, len(found))
	for i, x := range found {
		each[i] = fmt.Sprintf("« %s » %s, par « %s »", strings.Join(x.Quotes, " … "), names.status(x.Finding.Status, x.Rule), x.Pattern)
	}
	return "trouvé " + strings.Join(each, ", ")
}

// exampleEvent makes an event of an example: lines of "agent :" and "client :"
// are a call, of "question :" and "réponse :" a survey, anything else a mail.
func exampleEvent(text string) ([]byte, error) {
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
		return nil, fmt.Errorf("making an event of an example: %w", err)
	}
	return value, nil
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
