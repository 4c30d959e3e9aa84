package lexicon

import (
	"fmt"
	"slices"
	"strings"
)

// tried warns of terms whose own words are not read as a sign of their factor,
// because an exclusion, a mask or a qualifier is always in the way; and tells
// how many terms of a factor no example of it tries.
func (l *linter) tried(s Section, f FactorSource) error {
	factor := s.ID + "." + f.ID + "/"
	found := map[string]bool{}
	for _, e := range f.Examples {
		ids, err := l.find(e.Text)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Place, err)
		}
		for _, id := range ids {
			found[id] = true
		}
	}
	count, untried := 0, []Entry(nil)
	for _, kind := range []struct {
		prefix  string
		entries []Entry
	}{{"", f.Terms}, {heardKind, f.Heard}} {
		for _, e := range kind.entries {
			id := l.termID(s, f, kind.prefix, e)
			count++
			if found[id] {
				continue
			}
			untried = append(untried, e)
			if err := l.dead(e, id, factor); err != nil {
				return err
			}
		}
	}
	if len(untried) > 0 {
		l.remark(f.Place, "« %s » : ses exemples n’essaient pas %d de ses %d termes, le premier est « %s » (ligne %d)",
			f.ID, len(untried), count, untried[0].Pattern.Source, untried[0].Line)
	}
	return nil
}

// dead warns of a term if none of the texts made of its words has a sign of
// its factor. One found by another term of the factor is not dead: see shadowed.
func (l *linter) dead(e Entry, id, factor string) error {
	texts := l.samples.of(id)
	for _, text := range texts {
		// In a call all terms count, those of recognisers too.
		ids, err := l.find("client : " + text)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Place, err)
		}
		if slices.ContainsFunc(ids, func(found string) bool { return strings.HasPrefix(found, factor) }) {
			return nil
		}
	}
	if len(texts) > 0 {
		l.warn(e.Place, "« %s » ne trouve rien, pas même « %s » : une ligne de « unless: » ou un masque l'annule toujours ; ôtez l'un ou l'autre", e.Pattern.Source, texts[0])
	}
	return nil
}
