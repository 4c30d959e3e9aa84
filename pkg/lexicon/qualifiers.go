package lexicon

import (
	"fmt"
	"slices"
	"strings"
)

// effects names the effects of cues as the notation does.
var effects = []string{
	EffectNegated: "negated", EffectHypothetical: "hypothetical", EffectPast: "past", EffectOther: "other",
	EffectHousehold: "household", EffectSelf: "self", EffectUncertain: "uncertain", EffectAsked: "asked",
	EffectReported: "reported", EffectPresent: "present", EffectRecovery: "recovery", EffectCancel: "cancel",
	EffectBoundary: "boundary", EffectJoin: "join", EffectNo: "no", EffectYes: "yes",
}

// String returns the effect's name in the notation.
func (e Effect) String() string { return effects[e] }

// MarshalText returns the effect's name.
func (e Effect) MarshalText() ([]byte, error) { return []byte(effects[e]), nil }

// UnmarshalText reads the effect's name.
func (e *Effect) UnmarshalText(name []byte) error {
	i := slices.Index(effects, string(name))
	if i < 0 {
		return fmt.Errorf("lexicon: no effect %q: choose one of %s", name, strings.Join(effects, ", "))
	}
	*e = Effect(i)
	return nil
}

// qualifiers reads qualifiers.fr.yaml.
func (r *reader) qualifiers(root mapping) Qualifiers {
	r.known(root, "classes", "forms", "masks", "cues")
	q := Qualifiers{Masks: r.entries(root.get("masks")), Forms: map[string][]string{}}
	if n := root.get("classes"); n != nil {
		m, _ := r.mapping(n)
		for _, f := range m.fields {
			q.Classes = append(q.Classes, ClassSource{Place: f.at, Name: strings.ToLower(canonicalText(f.key)), Terms: r.entries(f.value)})
		}
	}
	if n := root.get("forms"); n != nil {
		m, _ := r.mapping(n)
		for _, f := range m.fields {
			lemma := strings.ToLower(canonicalText(f.key))
			for _, l := range r.block(f.value) {
				text, _, _ := strings.Cut(l.text, "#")
				for _, form := range strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' || c == '\t' }) {
					q.Forms[lemma] = append(q.Forms[lemma], strings.ToLower(canonicalText(form)))
				}
			}
			if len(q.Forms[lemma]) == 0 {
				r.add(f.at, "« %s » n'a aucune forme : écrivez-les à la suite, séparées par des espaces", lemma)
			}
		}
	}
	for _, n := range r.list(root.get("cues")) {
		m, ok := r.mapping(n, "name", "effect", "position", "window", "scope", "ne", "terms")
		if !ok {
			continue
		}
		c := CueSource{Place: m.at, Terms: r.entries(m.get("terms"))}
		c.Name = r.required(m, "name", "le nom de l'indice")
		if effect := r.required(m, "effect", strings.Join(effects, ", ")); effect != "" {
			c.Effect = Effect(slices.Index(effects, r.choice(m, "effect", effects...)))
		}
		position := r.choice(m, "position", "before", "after", "both")
		c.Before, c.After = position != "after", position != "before"
		c.Window = r.whole(m, "window", 0, 0, 100)
		scope := r.choice(m, "scope", "clause", "sentence", "onward")
		c.Sentence, c.Onward = scope != "clause", scope == "onward"
		c.NeedsNe = r.choice(m, "ne", "", "required") == "required"
		if len(c.Terms) == 0 {
			r.add(m.at, "l'indice « %s » n'a aucun terme : ajoutez « terms: | »", c.Name)
		}
		q.Cues = append(q.Cues, c)
	}
	return q
}
