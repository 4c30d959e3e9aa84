package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// testExamples runs the examples of every factor that is not switched off and
// prints those that fail, for the lexicon's owners.
func testExamples(w io.Writer, r *rules) error {
	names := labelsOf(r.program)
	count, failed, off := 0, 0, 0
	tried := make(map[string]bool)
	for _, section := range r.source.Sections {
		for _, f := range section.Factors {
			id := section.ID + "." + f.ID
			if r.source.Policy.Off(id) {
				off += len(f.Examples)
				continue
			}
			for _, example := range f.Examples {
				count++
				found, held, err := eval.Try(r.classifier, id, example)
				if err != nil {
					return err
				}
				for _, x := range found {
					tried[x.Finding.Term] = true
				}
				if !held {
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
