package lexicon

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// inflector gives the inflected forms of lemmas, without accents: folding
// would drop them anyway, and many forms become one.
type inflector struct {
	// listed holds the irregular lemmas of the ruleset with their forms, both without accents.
	listed map[string][]string
	known  map[string][]string
}

func newInflector(forms map[string][]string) *inflector {
	in := &inflector{listed: map[string][]string{}, known: map[string][]string{}}
	for lemma, all := range forms {
		plain := bare(lemma)
		for _, f := range all {
			in.listed[plain] = append(in.listed[plain], bare(f))
		}
		in.listed[plain] = append(in.listed[plain], plain)
	}
	return in
}

// forms returns the distinct forms of a lemma in alphabetical order. A listed
// lemma has the forms listed and no others; a verb made of a prefix and a
// listed one (re+prendre) is inflected like it; then the regular rules hold.
func (in *inflector) forms(lemma string) []string {
	if all, ok := in.known[lemma]; ok {
		return all
	}
	all := in.make(lemma)
	slices.Sort(all)
	all = slices.Compact(all)
	in.known[lemma] = all
	return all
}

func (in *inflector) make(lemma string) []string {
	plain := bare(lemma)
	if all, ok := in.listed[plain]; ok {
		return slices.Clone(all)
	}
	if prefix, base := in.compound(plain); base != "" {
		var all []string
		for _, f := range in.listed[base] {
			all = append(all, prefix+f)
		}
		return all
	}
	if rule := verbRule(plain); rule != nil {
		return rule(plain)
	}
	return nominal(lemma, plain)
}

// prefixes make verbs that are inflected like the verb they begin.
var prefixes = []string{"a", "ab", "ad", "ap", "appar", "au", "com", "con", "contre", "d", "de", "des", "dis", "em", "en", "entr",
	"entre", "inter", "main", "mal", "me", "ob", "par", "per", "pour", "pre", "pro", "r", "re", "res", "sa", "satis",
	"se", "sou", "sous", "sub", "sur", "trans"}

// compound splits a verb into a prefix and the longest listed verb.
func (in *inflector) compound(plain string) (prefix, base string) {
	return split(plain, func(base string) bool { return in.listed[base] != nil })
}

// split cuts a prefix off a verb so that the rest is known.
func split(plain string, known func(string) bool) (prefix, base string) {
	if !strings.HasSuffix(plain, "r") && !strings.HasSuffix(plain, "re") {
		return "", ""
	}
	for cut := 1; cut < len(plain)-3; cut++ {
		if known(plain[cut:]) && slices.Contains(prefixes, plain[:cut]) {
			return plain[:cut], plain[cut:]
		}
	}
	return "", ""
}

// irregulars are verbs that the rules get wrong: a ruleset that uses them must
// list their forms.
var irregulars = strings.Fields(`acquerir aller apercevoir asseoir avoir battre boire bouillir concevoir conquerir coudre
	courir couvrir croire cueillir decevoir defaillir devoir dire dormir ecrire emouvoir envoyer etre extraire faire
	falloir fuir inscrire lire mentir mettre moudre mourir mouvoir naitre offrir ouvrir partir percevoir plaire
	pleuvoir pouvoir prendre recevoir resoudre rire savoir sentir servir sortir souffrir soustraire distraire
	suffire suivre taire tenir traire vaincre valoir venir vetir vivre voir vouloir`)

// irregular reports whether a lemma is a verb that must be listed and is not.
func (in *inflector) irregular(lemma string) bool {
	plain := bare(lemma)
	if in.listed[plain] != nil {
		return false
	}
	if _, base := in.compound(plain); base != "" {
		return false
	}
	must := func(base string) bool { return slices.Contains(irregulars, base) }
	_, base := split(plain, must)
	return must(plain) || base != ""
}

// with returns stem with each of the endings.
func with(stem string, endings ...string) []string {
	all := make([]string, len(endings))
	for i, e := range endings {
		all[i] = stem + e
	}
	return all
}

// participle is a past participle in its four agreements.
func participle(p string) []string {
	if strings.HasSuffix(p, "s") {
		return []string{p, p + "e", p + "es"}
	}
	return []string{p, p + "e", p + "s", p + "es"}
}

// Endings that all verbs share. The imperfect subjunctive is left out: nobody
// in trouble writes it.
var (
	futures    = []string{"ai", "as", "a", "ons", "ez", "ont", "ais", "ait", "ions", "iez", "aient"}
	plurals    = []string{"ons", "ez", "ent", "ais", "ait", "ions", "iez", "aient", "ant", "e", "es"}
	preterites = []string{"is", "it", "imes", "ites", "irent"}
)

// bare returns s in lower case without accents, ligatures spelled out.
func bare(s string) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, c):
		case c == 'œ':
			b.WriteString("oe")
		case c == 'æ':
			b.WriteString("ae")
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
