package lexicon

import "strings"

// ending is a rule of gender and number: a word in suffix has, in place of it,
// each of the endings.
type ending struct {
	suffix  string
	endings []string
}

// endings holds the rules for nouns and adjectives; the first that fits
// counts, so longer ones come first. Forms that a word doesn't have (hôpitale)
// do no harm: nobody writes them.
var endings = []ending{
	{"teur", []string{"teur", "teurs", "trice", "trices", "teuse", "teuses"}},
	{"eur", []string{"eur", "eurs", "euse", "euses", "eure", "eures"}},
	{"eux", []string{"eux", "euse", "euses"}},
	{"oux", []string{"oux", "ouse", "ouses", "ousse", "ousses"}},
	{"eau", []string{"eau", "eaux", "elle", "elles"}},
	{"ail", []string{"ail", "ails", "aux"}},
	{"al", []string{"al", "als", "ale", "ales", "aux"}},
	{"el", []string{"el", "els", "elle", "elles"}},
	{"eil", []string{"eil", "eils", "eille", "eilles"}},
	{"il", []string{"il", "ils", "ile", "iles", "ille", "illes"}},
	{"en", []string{"en", "ens", "enne", "ennes"}},
	{"on", []string{"on", "ons", "onne", "onnes"}},
	{"et", []string{"et", "ets", "ete", "etes", "ette", "ettes"}},
	{"ot", []string{"ot", "ots", "ote", "otes", "otte", "ottes"}},
	{"if", []string{"if", "ifs", "ive", "ives"}},
	{"euf", []string{"euf", "eufs", "euve", "euves"}},
	{"c", []string{"c", "cs", "que", "ques", "che", "ches"}},
	{"g", []string{"g", "gs", "gue", "gues"}},
	{"eu", []string{"eu", "eus", "eux", "eue", "eues"}},
	{"ou", []string{"ou", "ous", "oux", "olle", "olles"}},
	{"as", []string{"as", "asse", "asses", "ase", "ases"}},
	{"s", []string{"s", "se", "ses"}},
	{"x", []string{"x", "xe", "xes"}},
	{"z", []string{"z"}},
	{"e", []string{"e", "es"}},
	{"", []string{"", "s", "e", "es"}},
}

// nominal returns the forms of a noun or adjective. Those in -é are written
// with -er and -ez by ear ("je suis endetter").
func nominal(lemma, plain string) []string {
	if strings.HasSuffix(lemma, "é") {
		return with(strings.TrimSuffix(plain, "e"), "e", "ee", "es", "ees", "er", "ez")
	}
	for _, e := range endings {
		if stem, ok := strings.CutSuffix(plain, e.suffix); ok && stem != "" {
			return with(stem, e.endings...)
		}
	}
	return []string{plain}
}
