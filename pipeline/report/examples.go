package report

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
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

// The kinds of example of a replay with one lexicon.
const (
	urgentAlone replay.Change = "urgent"
	careAlone   replay.Change = "care"
)

var groupTitles = []struct {
	change replay.Change
	title  string
}{
	{replay.Added, "Alertes ajoutées"},
	{replay.Removed, "Alertes retirées"},
	{replay.Rerouted, "Alertes qui changent de voie"},
	{replay.Regraded, "Alertes qui changent de gravité"},
	{replay.Altered, "Alertes qui changent de contenu"},
	{urgentAlone, "Alertes en urgence"},
	{careAlone, "Autres alertes"},
}

// example is an event whose flags the page shows.
type example struct {
	before, after *flag.Flag
	rank          uint64
}

// perChange is how many examples of each kind of change are kept.
const perChange = 6

// keep keeps the examples of the lowest hashes of their identity: the same ones
// whatever the order in which events come, and nobody's choice.
func (t *Tally) keep(c replay.Change, o *replay.Outcome) {
	if c == replay.Same {
		return
	}
	f := cmp.Or(o.After, o.Before)
	h := fnv.New64a()
	_, _ = h.Write([]byte("example\x00" + f.Event.Source + "\x00" + f.Event.ID))
	x := example{o.Before, o.After, h.Sum64()}
	list := t.examples[c]
	i, _ := slices.BinarySearchFunc(list, x, func(a, b example) int { return cmp.Compare(a.rank, b.rank) })
	if i < perChange {
		list = slices.Insert(list, i, x)
		t.examples[c] = list[:min(len(list), perChange)]
	}
}

// examples tells the kept examples.
func (v *view) examples() error {
	for _, g := range groupTitles {
		group := exampleGroup{Title: g.title}
		for _, x := range v.Tally.examples[g.change] {
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

func (v *view) tell(x example) (told exampleTold, err error) {
	f := cmp.Or(x.after, x.before)
	told.Kind = french.Capital(v.Names(f.Event.Type))
	if o := f.Event.Origin; o != nil {
		told.Place = fmt.Sprintf("%s/%d/%d", o.Topic, o.Partition, o.Offset)
	}
	told.After = v.outcome(x.after)
	if v.Compared {
		told.Before = v.outcome(x.before)
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
	return french.Typeset(text)
}

func (v *view) sign(x flag.Finding) string {
	if x.Status == flag.Asserted {
		return v.Names(x.Factor)
	}
	return fmt.Sprintf("%s (%s)", v.Names(x.Factor), v.Names(string(x.Status)))
}
