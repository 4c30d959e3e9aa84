package lexicon

import (
	"slices"
	"strings"
)

// spoken returns a copy of words with "pu" for "plus", as many write it, nil
// where that would be something else: "pu" alone, and "(j'ai) pu payer", which
// is the participle of pouvoir.
func (c *compiler) spoken(words []uint32, at setting) []uint32 {
	if !slices.Contains(words, c.plus) || len(words) == 1 && !at.follows {
		return nil
	}
	for i, id := range words {
		if id != c.plus {
			continue
		}
		next := at.leads // an infinitive may stand behind
		if i+1 < len(words) {
			next = infinitive(c.program.Vocabulary.Word(words[i+1]))
		}
		before := at.follows
		if i > 0 {
			before = !slices.Contains(auxiliaries, c.program.Vocabulary.Word(words[i-1]))
		}
		if next && !before {
			return nil
		}
	}
	spoken := slices.Clone(words)
	for i, id := range spoken {
		if id == c.plus {
			spoken[i] = c.pu
		}
	}
	return spoken
}

// auxiliaries go with the participle "pu".
var auxiliaries = []string{"ai", "as", "a", "avons", "avez", "ont", "avais", "avait", "avions", "aviez", "avaient", "aurai", "aura", "aurais", "aurait", "avoir"}

// auxiliary reports whether nodes may end in a form of avoir: in doubt they do.
func auxiliary(nodes []node) bool {
	switch last := nodes[len(nodes)-1]; last.kind {
	case lemmaNode:
		return bare(last.text) == "avoir"
	case textNode:
		return slices.ContainsFunc(auxiliaries, func(a string) bool { return strings.HasSuffix(last.text, a) })
	}
	return true
}

func infinitive(w string) bool {
	return strings.HasSuffix(w, "er") || strings.HasSuffix(w, "ir") || strings.HasSuffix(w, "re")
}
