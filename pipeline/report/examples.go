package report

import (
	"fmt"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
)

// exampleGroup is the examples of one kind of change.
type exampleGroup struct {
	Title    string
	Examples []exampleTold
}

// exampleTold is one example in words.
type exampleTold struct {
	// Place is where the event stands on its topic, "" for one from a file.
	Place, Kind string
	// Before and After say what each side makes of it; with one lexicon only After.
	Before, After string
	Signs         []string
	Passages      []pipeline.Passage
}

var groupTitles = []struct {
	c     change
	title string
}{
	{added, "Alertes ajoutées"},
	{gone, "Alertes retirées"},
	{rerouted, "Alertes qui changent de voie"},
	{regraded, "Alertes qui changent de gravité"},
	{other, "Alertes qui changent de contenu"},
	{alone, "Alertes en urgence"},
	{unchanged, "Autres alertes"},
}

// examples tells the kept examples.
func (v *view) examples() error {
	for _, g := range groupTitles {
		group := exampleGroup{Title: g.title}
		for _, x := range v.Tally.examples[g.c] {
			told, err := v.tell(x)
			if err != nil {
				return err
			}
			group.Examples = append(group.Examples, told)
		}
		if group.Examples != nil {
			v.Examples = append(v.Examples, group)
		}
	}
	return nil
}

func (v *view) tell(x Example) (told exampleTold, err error) {
	f := x.After
	if f == nil {
		f = x.Before
	}
	told.Kind = capital(v.Names(f.Event.Type))
	if o := f.Event.Origin; o != nil {
		told.Place = fmt.Sprintf("%s/%d/%d", o.Topic, o.Partition, o.Offset)
	}
	told.After = v.outcome(x.After)
	if v.Compared {
		told.Before = v.outcome(x.Before)
	}
	seen := make(map[string]bool)
	for _, finding := range f.Findings {
		if sign := v.sign(finding); !seen[sign] {
			seen[sign] = true
			told.Signs = append(told.Signs, sign)
		}
	}
	if v.Passages != nil {
		if told.Passages, err = v.Passages(f); err != nil {
			return told, fmt.Errorf("the words of an example: %w", err)
		}
	}
	return told, nil
}

// outcome tells a flag in one line.
func (v *view) outcome(f *flag.Flag) string {
	if f == nil {
		return "pas d’alerte"
	}
	names := make([]string, len(f.Categories))
	for i, c := range f.Categories {
		names[i] = v.Names(c)
	}
	text := fmt.Sprintf("%s, gravité %d : %s", v.Names(f.Route), f.Severity, strings.Join(names, ", "))
	for _, r := range f.Referrals {
		text += " ; à proposer : " + v.Names(r)
	}
	return typeset(text)
}

func (v *view) sign(x flag.Finding) string {
	if x.Status == flag.Asserted {
		return v.Names(x.Factor)
	}
	return fmt.Sprintf("%s (%s)", v.Names(x.Factor), v.Names(string(x.Status)))
}
