package lexicon

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// LoadPolicy reads the routing policy. The error joins a *[Problem] for each
// mistake, with file, line and column. Whether the factors that it names exist
// is checked by [Compile].
func LoadPolicy(fsys fs.FS, name string) (Policy, error) {
	var ps problems
	p := Policy{Thresholds: map[string]float64{}, Referrals: map[string]Referral{}, Alert: map[string][]string{}}
	r, root, ok := open(fsys, name, &ps)
	if !ok {
		return p, ps.err()
	}
	r.known(root, "thresholds", "repeat", "neighbour", "raise", "referrals", "urgent", "alert", "languages", "disabled")
	for _, id := range decisionNames {
		p.Thresholds[id] = 1
	}
	if m, ok := r.sub(root, "thresholds", decisionNames[:]...); ok {
		for _, f := range m.fields {
			p.Thresholds[f.key] = r.number(m, f.key, 1, 0.01, 100)
		}
	}
	p.Repeat = r.number(root, "repeat", 0, 0, 1)
	p.Neighbour = r.number(root, "neighbour", 0, 0, 1)
	if m, ok := r.sub(root, "raise", "categories", "to"); ok {
		p.Raise = Raise{Categories: r.whole(m, "categories", 0, 0, 4), To: r.whole(m, "to", 0, 0, 3)}
	}
	if m, ok := r.sub(root, "referrals"); ok {
		for _, f := range m.fields {
			if one, ok := r.mapping(f.value, "break", "shortage"); ok {
				p.Referrals[f.key] = Referral{Break: r.texts(one.get("break"), "un facteur"), Shortage: r.texts(one.get("shortage"), "un facteur")}
			}
		}
	}
	p.Urgent = r.among(root.get("urgent"), urgencies, "une urgence")
	if m, ok := r.sub(root, "alert", append(slices.Clone(urgencies), UrgencyUnspecified)...); ok {
		for _, f := range m.fields {
			p.Alert[f.key] = r.texts(f.value, "qui prévenir")
		}
	}
	p.Languages = r.texts(root.get("languages"), "une langue")
	p.Disabled = r.texts(root.get("disabled"), "un facteur")
	return p, ps.err()
}

// sub reads the mapping under key; ok is false without one.
func (r *reader) sub(m mapping, key string, known ...string) (mapping, bool) {
	switch n := m.get(key).(type) {
	case nil, *ast.NullNode:
		return mapping{}, false
	default:
		return r.mapping(n, known...)
	}
}

// among reads a list whose texts must be among known.
func (r *reader) among(n ast.Node, known []string, want string) []string {
	values := r.list(n)
	all := make([]string, 0, len(values))
	for _, v := range values {
		s, ok := r.scalar(v, want)
		if ok && !slices.Contains(known, s) {
			r.add(r.place(v), "« %s » est inconnu : choisissez parmi %s", s, strings.Join(known, ", "))
		}
		all = append(all, s)
	}
	return all
}
