package proposal

import (
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// file makes the changes to the factors of one file. Which changes are possible
// was checked by their meaning before.
func (e *edits) file(rs *lexicon.Ruleset, name string, changes []Change) error {
	for _, s := range rs.Sections {
		for i := range s.Factors {
			f := &s.Factors[i]
			if f.File != name {
				continue
			}
			if err := e.factorChanges(s.ID+"."+f.ID, f, changes); err != nil {
				return err
			}
		}
	}
	return nil
}

// factorChanges makes the changes to one factor: those of terms that stand in
// the file first, then what is added, in the order of the notation.
func (e *edits) factorChanges(id string, f *lexicon.FactorSource, changes []Change) error {
	keys := e.factor(f.Place)
	added := map[Block][]string{}
	for i := range changes {
		c := &changes[i]
		if c.Factor != id {
			continue
		}
		if c.Op == Add {
			added[c.Block] = append(added[c.Block], c.New)
			continue
		}
		if !e.change(keys, f, c) {
			return byHand(i)
		}
	}
	for _, block := range []Block{Terms, Heard, Unless} {
		if len(added[block]) > 0 && !e.addTo(keys, string(block), added[block]) {
			return byHand(-1)
		}
		if k, ok := find(keys, string(block)); ok && len(added[block]) == 0 {
			e.dropEmpty(k)
		}
	}
	for _, expect := range expects {
		if texts := added[Examples+Block(expect)]; len(texts) > 0 && !e.addExamples(keys, expect, texts) {
			return byHand(-1)
		}
	}
	return nil
}

func byHand(i int) error {
	return refuse(i, "ce facteur est écrit d’une façon que la console ne sait pas changer : modifiez le fichier à la main")
}

// change replaces or removes the entry of a term.
func (e *edits) change(keys []key, f *lexicon.FactorSource, c *Change) bool {
	k, ok := find(keys, string(c.Block))
	if !ok {
		return false
	}
	entries := *entriesOf(f, c.Block)
	// Of a term that stands twice the first is meant that is still there.
	i := slices.IndexFunc(entries, func(x lexicon.Entry) bool { return x.Pattern.Source == c.Old && !e.touched(x.Line-1) })
	if i < 0 {
		return false
	}
	line := entries[i].Line - 1
	style, _ := e.style(k)
	if line <= k.line || line > k.last || style != literal && style != list {
		return false
	}
	text := []rune(strings.TrimRight(string(e.lines[line]), "\r\n"))
	column := entries[i].Column - 1
	if column > len(text) {
		return false
	}
	before, rest := string(text[:column]), string(text[column:])
	if style == list && strings.TrimSpace(before) != "-" {
		return false
	}
	if c.Op == Remove {
		e.gone[line] = true
		return true
	}
	switch after, found := strings.CutPrefix(rest, c.Old); {
	case style == literal && found:
		e.now[line] = before + c.New + after
	case style == list && found && strings.HasPrefix(strings.TrimLeft(after, " "), "#"):
		e.now[line] = before + quoted(c.New) + after
	case style == list && !strings.Contains(rest, " #"):
		e.now[line] = before + quoted(c.New)
	default:
		return false
	}
	return true
}

// dropEmpty takes a key out of which every line is gone.
func (e *edits) dropEmpty(k key) {
	gone := 0
	for i := k.line + 1; i <= k.last; i++ {
		if strings.TrimSpace(e.text(i)) == "" {
			continue
		}
		if !e.gone[i] {
			return
		}
		gone++
	}
	if gone > 0 {
		e.gone[k.line] = true
	}
}
