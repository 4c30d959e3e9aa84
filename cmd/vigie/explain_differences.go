package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/flag"
)

// differences tells in French what a flag says otherwise than one that was
// made before, a field a line.
func differences(was, made *flag.Flag, names labels) (all []string) {
	tell := func(what, before, now string) {
		if before != now {
			all = append(all, fmt.Sprintf("%s : %s → %s", what, orNothing(before), orNothing(now)))
		}
	}
	tell("identifiant", was.ID, made.ID)
	tell("source de l’événement", was.Event.Source, made.Event.Source)
	tell("identifiant de l’événement", was.Event.ID, made.Event.ID)
	tell("type d’événement", was.Event.Type, made.Event.Type)
	tell("place de l’événement", originOf(was), originOf(made))
	tell("date", was.Time, made.Time)
	tell("dossier", was.Case, made.Case)
	tell("catégories", names.list(was.Categories), names.list(made.Categories))
	tell("gravité", fmt.Sprint(was.Severity), fmt.Sprint(made.Severity))
	tell("voie", names.of(was.Route), names.of(made.Route))
	tell("à proposer", names.list(was.Referrals), names.list(made.Referrals))
	tell("urgence", names.list(was.Urgency), names.list(made.Urgency))
	tell("précautions", names.list(was.Cautions), names.list(made.Cautions))
	all = append(all, findingDifferences(was.Findings, made.Findings, names)...)
	tell("nombre de signes", fmt.Sprint(was.FindingsTotal), fmt.Sprint(made.FindingsTotal))
	tell("règles", lexiconOf(was), lexiconOf(made))
	return all
}

func originOf(f *flag.Flag) string {
	if o := f.Event.Origin; o != nil {
		return fmt.Sprintf("%s/%d/%d", o.Topic, o.Partition, o.Offset)
	}
	return ""
}

func lexiconOf(f *flag.Flag) string {
	return strings.Join([]string{f.Lexicon.Name, f.Lexicon.Version, f.Lexicon.Digest}, " ")
}

// findingDifferences tells which signs are on one side only. One that is told
// otherwise is on both: what it was, and what it is.
func findingDifferences(was, made []flag.Finding, names labels) (all []string) {
	tell := func(sign string, list, other []flag.Finding) {
		for _, x := range list {
			if slices.ContainsFunc(other, func(y flag.Finding) bool { return wholly(x) == wholly(y) }) {
				continue
			}
			all = append(all, fmt.Sprintf("signe %s %s · %s [%s] %s, gravité %d, %s", sign, names.of(x.Category), names.of(x.Factor), x.Term,
				names.of(string(x.Status)), x.Severity, places(x.Spans)))
		}
	}
	tell("−", was, made)
	tell("+", made, was)
	if len(all) == 0 && len(was) == len(made) && !slices.EqualFunc(was, made, func(x, y flag.Finding) bool { return wholly(x) == wholly(y) }) {
		all = append(all, "les mêmes signes, dans un autre ordre")
	}
	return all
}

// wholly is all that a finding says.
func wholly(x flag.Finding) string {
	return fmt.Sprint(x.Category, x.Factor, x.Term, x.Severity, x.Status, places(x.Spans))
}

// places lists where a finding stands.
func places(spans []flag.Span) string {
	if len(spans) == 0 {
		return "sans place"
	}
	list := make([]string, len(spans))
	for i, s := range spans {
		list[i] = fmt.Sprintf("%s %d–%d", s.Part, s.Start, s.End)
	}
	return strings.Join(list, ", ")
}
