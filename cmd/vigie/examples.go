package main

import (
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

// exampleEvent makes an event of an example.
func exampleEvent(text string) ([]byte, error) {
	written := event.Written{Text: text, Time: exampleTime}
	e, err := written.Event("/lexique", "1")
	if err != nil {
		return nil, err
	}
	return e.Value, nil
}
