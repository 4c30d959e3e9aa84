package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/flag"
)

// changeNames are the changes in French, of one flag and of several.
var changeNames = map[replay.Change][2]string{
	replay.Added:    {"alerte de plus", "alertes de plus"},
	replay.Removed:  {"alerte de moins", "alertes de moins"},
	replay.Rerouted: {"change de voie", "changent de voie"},
	replay.Regraded: {"change de gravité", "changent de gravité"},
	replay.Altered:  {"change de contenu", "changent de contenu"},
}

// mostEffects is how many factors and terms are printed; --out has them all.
const mostEffects = 20

// printDifference prints what the lexicon changes, by factor and by term.
func printDifference(w io.Writer, d *replay.Difference, names labels) {
	fmt.Fprintf(w, "\navant : %s ; après : %s ; %s\n", plural(d.Before, "alerte"), plural(d.After, "alerte"), plural(d.Same, "inchangée"))
	for _, c := range replay.Changes() {
		if n := d.Changes[c]; n > 0 {
			fmt.Fprintf(w, "  %s (par exemple %s)\n", changeTold(c, n), strings.Join(d.Examples[c], ", "))
		}
	}
	printEffects(w, "par facteur", replay.ByEffect(d.Factors), names.factor)
	printEffects(w, "par terme", replay.ByEffect(d.Terms), func(id string) string {
		factor, _, _ := strings.Cut(id, "/")
		return id + " · " + names.factor(factor)
	})
}

// factor names a factor; what is none of the lexicon's files, by its category.
func (l labels) factor(id string) string {
	if category := flag.Unwritten(id); category != "" {
		return l.of(category) + ", " + l.of(id)
	}
	return l.of(id)
}

func changeTold(c replay.Change, n int) string {
	if n == 1 {
		return "1 " + changeNames[c][0]
	}
	return fmt.Sprintf("%d %s", n, changeNames[c][1])
}

func printEffects(w io.Writer, title string, effects []*replay.Effect, name func(id string) string) {
	if len(effects) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s :\n", title)
	for i, e := range effects {
		if i == mostEffects {
			fmt.Fprintf(w, "  … et %d autres\n", len(effects)-i)
			break
		}
		var list []string
		for _, c := range replay.Changes() {
			if n := e.Changes[c]; n > 0 {
				list = append(list, changeTold(c, n))
			}
		}
		fmt.Fprintf(w, "  %s : %s (%s)\n", name(e.ID), strings.Join(list, ", "), e.Examples[0])
	}
}
