package main

import (
	"strings"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// labels are the French names of what flags hold by id. Most sets are open:
// an id without a name stands for itself.
type labels map[string]string

// labelsOf returns the names that a lexicon gives, with those of the program.
func labelsOf(p *lexicon.Program) labels {
	l := labels{
		string(flag.Asserted): "affirmé", string(flag.Negated): "nié", string(flag.Hypothetical): "hypothétique",
		string(flag.Past): "passé", string(flag.OtherPerson): "autre personne", string(flag.Reported): "rapporté",
		string(flag.Asked): "demandé", string(flag.Uncertain): "incertain",

		flag.RouteUrgent: "urgence", flag.RouteCare: "équipe d’accompagnement",
		"partner": "accompagnement budgétaire par l’association partenaire",

		"suicide": "risque suicidaire", "violence": "violences", "medical": "urgence médicale",
		"child": "enfant en danger", "vital_supply": "besoin vital coupé", "unspecified": "danger non précisé",

		"no_call": "ne pas appeler", "no_mail": "ne pas écrire", "write_instead": "écrire plutôt qu’appeler",
		"speak_slowly": "parler lentement", "third_person": "une autre personne parle ou écrit",
		"safe_contact_only": "ne joindre que par un moyen sûr",

		"vigie.transcript.v1": "appel", "vigie.email.v1": "courriel", "vigie.letter.v1": "courrier",
		"vigie.survey.v1": "enquête", "vigie.complaint.v1": "réclamation",

		"language": "langue", "marker": "marqueur", "tombstone": "sans contenu",
		"type": "type inconnu",
	}
	for _, c := range p.Categories {
		l[c.ID] = c.Label
		l[c.ID+flag.Declared] = "Déclaré par la personne"
		l[c.ID+flag.Faisceau] = "Faisceau d’indices"
	}
	for _, f := range p.Factors {
		l[f.ID] = f.Label
	}
	return l
}

// shippedLabels are those of the lexicon in the program, for rules that were
// read in their canonical form and have none.
func shippedLabels() labels {
	program, err := lexicon.Unpack(configs.Program(lexicon.EngineVersion))
	if err != nil { // none packed: ids stand for themselves
		return labelsOf(&lexicon.Program{})
	}
	return labelsOf(program)
}

// with returns the names with those of another lexicon over them. One that was
// read in its canonical form has none for its categories and factors.
func (l labels) with(p *lexicon.Program) labels {
	for id, name := range labelsOf(p) {
		if name != "" {
			l[id] = name
		}
	}
	return l
}

// of returns the name of an id.
func (l labels) of(id string) string {
	if name := l[id]; name != "" {
		return name
	}
	return id
}

// list returns the names of ids, separated by commas.
func (l labels) list(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = l.of(id)
	}
	return strings.Join(names, ", ")
}
