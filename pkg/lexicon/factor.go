package lexicon

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Closed and open sets of the notation. FG21 names the drivers of the FCA's
// guidance FG21/1, in which "capability" is the fourth.
var (
	drivers   = []string{"health", "life_events", "resilience", "capability"}
	urgencies = []string{"suicide", "violence", "medical", "child", "vital_supply"}
	cautions  = []string{"no_call", "no_mail", "write_instead", "speak_slowly", "third_person", "safe_contact_only"}
	expects   = []string{ExpectMatch, ExpectNoMatch, "negated", "hypothetical", "past", "other_person", "reported", "asked", "uncertain"}
	persons   = map[string]Who{"household": WhoHousehold, "self": WhoSelf, "anyone": WhoAnyone}
	factorID  = regexp.MustCompile(`^[a-z0-9_]+$`)
)

// factor reads one factor with its defaults.
func (r *reader) factor(n ast.Node) (FactorSource, bool) {
	m, ok := r.mapping(n, "id", "label", "fg21", "severity", "weight", "who", "negatable", "fades", "urgency",
		"cautions", "terms", "heard", "unless", "together", "dialogue", "reply", "compare", "times", "examples")
	f := FactorSource{Place: m.at}
	if !ok {
		return f, false
	}
	f.ID = r.required(m, "id", "l'identifiant du facteur")
	if f.ID != "" && !factorID.MatchString(f.ID) {
		r.add(r.place(m.get("id")), "« %s » : un id n'a que des minuscules sans accent, des chiffres et « _ »", f.ID)
	}
	f.Label = r.required(m, "label", "le nom français du facteur")
	f.FG21 = r.choice(m, "fg21", append([]string{""}, drivers...)...)
	if m.get("fg21") == nil {
		r.add(m.at, "il manque « fg21: » (%s)", strings.Join(drivers, ", "))
	}
	f.Severity = r.whole(m, "severity", 2, 1, 4)
	f.Weight = r.number(m, "weight", 1, 0.01, 10)
	f.Who = persons[r.choice(m, "who", "household", "self", "anyone")]
	f.Negatable = r.truth(m, "negatable", true)
	f.FadesMonths = r.fades(m)
	f.Urgency = r.choice(m, "urgency", append([]string{""}, urgencies...)...)
	if (f.Severity == 4) != (f.Urgency != "") {
		r.add(m.at, "la gravité 4 et « urgency: » vont ensemble : mettez les deux, ou aucun")
	}
	for _, n := range r.list(m.get("cautions")) {
		c, ok := r.scalar(n, "une précaution")
		if ok && !slices.Contains(cautions, c) {
			r.add(r.place(n), "précaution inconnue « %s » : choisissez parmi %s", c, strings.Join(cautions, ", "))
		}
		f.Cautions = append(f.Cautions, c)
	}
	f.Terms = r.entries(m.get("terms"))
	f.Heard = r.entries(m.get("heard"))
	f.Unless = r.entries(m.get("unless"))
	f.Structures = r.structures(m)
	if len(f.Terms)+len(f.Heard)+len(f.Structures) == 0 {
		r.add(m.at, "le facteur n'a aucun terme : ajoutez « terms: | »")
	}
	f.Examples = r.examples(m.get("examples"))
	return f, true
}

// fades reads a duration in months, rounded up; 0 without one.
func (r *reader) fades(m mapping) int {
	n := m.get("fades")
	if n == nil {
		return 0
	}
	s, _ := r.scalar(n, "une durée")
	const day, week = 12.0 / 365, 84.0 / 365
	months := map[string]float64{"jour": day, "jours": day, "semaine": week, "semaines": week, "mois": 1, "an": 12, "ans": 12}
	if words := strings.Fields(s); len(words) == 2 {
		count, err := strconv.Atoi(words[0])
		unit, known := months[words[1]]
		if err == nil && known && count > 0 {
			return int(math.Ceil(float64(count)*unit - 1e-9))
		}
	}
	r.add(r.place(n), "« fades: » est une durée : « 12 mois », « 3 ans », « 6 semaines » ou « 90 jours »")
	return 0
}

// structures reads the four kinds of signs that span places of a document.
func (r *reader) structures(m mapping) []StructureSource {
	var all []StructureSource
	for _, kind := range structureKeys {
		for _, n := range r.list(m.get(kind.name)) {
			keys := []string{kind.first, kind.second, kind.bound}
			keys = slices.DeleteFunc(keys, func(k string) bool { return k == "" })
			sub, ok := r.mapping(n, keys...)
			if !ok {
				continue
			}
			s := StructureSource{Place: sub.at, Kind: kind.kind, First: r.half(sub, kind.first)}
			if kind.second != "" {
				s.Second = r.half(sub, kind.second)
			}
			switch kind.kind {
			case Together:
				r.within(sub, &s)
			case Compare:
				s.Ratio = r.number(sub, "ratio", 0.5, 0.01, 100)
			case Times:
				s.AtLeast = r.whole(sub, "at_least", 3, 2, 1000)
			}
			all = append(all, s)
		}
	}
	return all
}

// structureKeys is the notation of the structures.
var structureKeys = []struct {
	kind                       StructureKind
	name, first, second, bound string
}{
	{Together, "together", "first", "second", "within"},
	{Dialogue, "dialogue", "agent", "customer", ""},
	{Reply, "reply", "agent", "customer", ""},
	{Compare, "compare", "income", "charge", "ratio"},
	{Times, "times", "terms", "", "at_least"},
}

func (r *reader) half(m mapping, key string) []Entry {
	all := r.entries(m.get(key))
	if len(all) == 0 {
		r.add(m.at, "il manque « %s: » avec au moins un terme", key)
	}
	return all
}

// within reads "20 mots", "3 tours" or "document".
func (r *reader) within(m mapping, s *StructureSource) {
	n := m.get("within")
	if n == nil {
		return
	}
	text, _ := r.scalar(n, "une distance")
	words := strings.Fields(text)
	if text == "document" {
		return
	}
	if len(words) == 2 {
		count, err := strconv.Atoi(words[0])
		if err == nil && count > 0 {
			switch strings.TrimSuffix(words[1], "s") {
			case "mot":
				s.WithinWords = count
				return
			case "tour":
				s.WithinTurns = count
				return
			}
		}
	}
	r.add(r.place(n), "« within: » est « 20 mots », « 3 tours » ou « document »")
}

// examples reads the texts of each expectation.
func (r *reader) examples(n ast.Node) []Example {
	if n == nil {
		return nil
	}
	m, ok := r.mapping(n, expects...)
	if !ok {
		return nil
	}
	var all []Example
	for _, f := range m.fields {
		for _, v := range r.list(f.value) {
			if text, ok := r.scalar(v, "un texte"); ok {
				all = append(all, Example{Place: r.place(v), Expect: f.key, Text: text})
			}
		}
	}
	return all
}
