package lexicon

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Load reads the lexicon under dir: dir/lexicon.yaml (name, version, authors),
// dir/qualifiers.fr.yaml (classes, forms, masks, cues; may be absent),
// dir/indices.fr.tsv (the learned layer; may be absent) and dir/fr/*.yaml (a
// category each). The Policy of the ruleset stays empty: see
// [LoadPolicy]. The error joins a *[Problem] for each mistake of all files,
// with file, line and column.
func Load(fsys fs.FS, dir string) (*Ruleset, error) {
	var ps problems
	rs := &Ruleset{}
	if r, root, ok := open(fsys, path.Join(dir, "lexicon.yaml"), &ps); ok {
		r.release(root, rs)
	}
	name := path.Join(dir, "qualifiers.fr.yaml")
	if _, err := fs.Stat(fsys, name); !errors.Is(err, fs.ErrNotExist) {
		if r, root, ok := open(fsys, name, &ps); ok {
			rs.Qualifiers = r.qualifiers(root)
		}
	}
	rs.Indices = loadIndices(fsys, dir, &ps)
	names, _ := fs.Glob(fsys, path.Join(dir, "fr", "*.yaml"))
	if len(names) == 0 {
		ps.add(Place{File: path.Join(dir, "fr"), Line: 1, Column: 1}, "aucune catégorie : il faut au moins un fichier fr/*.yaml")
	}
	for _, f := range sections(fsys, names) {
		ps = append(ps, f.problems...)
		if f.section.ID == "" {
			continue
		}
		if slices.ContainsFunc(rs.Sections, func(s Section) bool { return s.ID == f.section.ID }) {
			ps.add(f.at, "la catégorie « %s » a déjà un fichier : réunissez les deux", f.section.ID)
		}
		rs.Sections = append(rs.Sections, f.section)
	}
	order := CategoryIDs()
	slices.SortStableFunc(rs.Sections, func(a, b Section) int {
		return cmp.Compare(slices.Index(order, a.ID), slices.Index(order, b.ID))
	})
	if err := ps.err(); err != nil {
		return nil, err
	}
	return rs, nil
}

// file is a category's file as read.
type file struct {
	section  Section
	at       Place
	problems problems
}

// sections reads the categories' files, side by side: they are most of what a
// command reads before its first event.
func sections(fsys fs.FS, names []string) []file {
	all := make([]file, len(names))
	var reading sync.WaitGroup
	for i, name := range names {
		reading.Go(func() {
			f := &all[i]
			if r, root, ok := open(fsys, name, &f.problems); ok {
				f.section, f.at = r.section(root), root.at
			}
		})
	}
	reading.Wait()
	return all
}

// release reads lexicon.yaml.
func (r *reader) release(root mapping, rs *Ruleset) {
	r.known(root, "name", "version", "released", "author", "reviewer", "changelog")
	rs.Name = r.required(root, "name", "le nom du lexique")
	rs.Version = r.required(root, "version", "la version, comme 2026.11.0")
	rs.Released = r.day(root.get("released"))
	rs.Author = r.required(root, "author", "qui a écrit cette version")
	rs.Reviewer = r.required(root, "reviewer", "qui l'a relue")
	for _, n := range r.list(root.get("changelog")) {
		if m, ok := r.mapping(n, "version", "text"); ok {
			rs.Changelog = append(rs.Changelog, Change{
				Version: r.required(m, "version", "la version"),
				Text:    r.required(m, "text", "ce que la version a changé"),
			})
		}
	}
}

// day reads a date, the zero time where there is none.
func (r *reader) day(n ast.Node) time.Time {
	if n == nil {
		return time.Time{}
	}
	const want = "une date, comme 2026-11-02"
	text, ok := r.scalar(n, want)
	day, err := time.Parse(time.DateOnly, text)
	if ok && err != nil {
		r.add(r.place(n), "il faut ici %s", want)
	}
	return day
}

// section reads a category's file.
func (r *reader) section(root mapping) Section {
	r.known(root, "category", "label", "factors")
	s := Section{ID: r.required(root, "category", "la catégorie"), Label: r.required(root, "label", "le nom français de la catégorie")}
	if s.ID != "" && !slices.Contains(CategoryIDs(), s.ID) {
		r.add(r.place(root.get("category")), "catégorie inconnue « %s » : choisissez parmi %s", s.ID, strings.Join(CategoryIDs(), ", "))
	}
	seen := map[string]Place{}
	for _, n := range r.list(root.get("factors")) {
		f, ok := r.factor(n)
		if !ok {
			continue
		}
		if at, twice := seen[f.ID]; twice {
			r.add(f.Place, "le facteur « %s » existe déjà (ligne %d) : réunissez les deux ou changez l'id", f.ID, at.Line)
		}
		seen[f.ID] = f.Place
		s.Factors = append(s.Factors, f)
	}
	if len(s.Factors) == 0 {
		r.add(root.at, "aucun facteur : ajoutez-en sous « factors: »")
	}
	return s
}

// required returns the text of key and reports its absence.
func (r *reader) required(m mapping, key, want string) string {
	n := m.get(key)
	if n == nil {
		r.add(m.at, "il manque « %s: » (%s)", key, want)
		return ""
	}
	s, ok := r.scalar(n, want)
	if s = strings.TrimSpace(s); ok && s == "" {
		r.add(r.place(n), "« %s: » est vide : il faut %s", key, want)
	}
	return s
}

// choice returns the text of key, which must be one of choices; the first is the default.
func (r *reader) choice(m mapping, key string, choices ...string) string {
	n := m.get(key)
	if n == nil {
		return choices[0]
	}
	s, ok := r.scalar(n, "l'un de "+strings.Join(choices, ", "))
	if ok && !slices.Contains(choices, s) {
		r.add(r.place(n), "« %s » n'est pas possible pour « %s: » : choisissez parmi %s", s, key, strings.Join(slices.DeleteFunc(slices.Clone(choices), func(c string) bool { return c == "" }), ", "))
		return choices[0]
	}
	return s
}

// number returns the number of key between low and high, or def without one.
func (r *reader) number(m mapping, key string, def, low, high float64) float64 {
	n := m.get(key)
	if n == nil {
		return def
	}
	s, ok := r.scalar(n, "un nombre")
	v, err := strconv.ParseFloat(s, 64)
	if ok && (err != nil || v < low || v > high) {
		r.add(r.place(n), "« %s: » est un nombre de %v à %v", key, low, high)
		return def
	}
	return v
}

// whole is number for whole numbers.
func (r *reader) whole(m mapping, key string, def, low, high int) int {
	v := r.number(m, key, float64(def), float64(low), float64(high))
	if v != float64(int(v)) {
		r.add(r.place(m.get(key)), "« %s: » est un nombre entier de %d à %d", key, low, high)
	}
	return int(v)
}

// truth returns the yes or no of key, or def without one.
func (r *reader) truth(m mapping, key string, def bool) bool {
	switch n := m.get(key).(type) {
	case nil:
		return def
	case *ast.BoolNode:
		return n.Value
	default:
		r.add(r.place(n), "« %s: » est true (oui) ou false (non)", key)
		return def
	}
}
