package lexicon

import "strings"

// verbRule returns the conjugation of an unlisted verb by its ending, nil for
// what is no verb. Words in -re are verbs only in the families below, so that
// {locataire} and {facture} are nouns; words in -er and -ir always are.
func verbRule(plain string) func(string) []string {
	ends := func(endings ...string) bool {
		for _, e := range endings {
			if strings.HasSuffix(plain, e) && len(plain) > len(e) {
				return true
			}
		}
		return false
	}
	switch {
	case ends("er"):
		return firstGroup
	case ends("ir"):
		return secondGroup
	case ends("indre"):
		return inIndre
	case ends("uire"):
		return inUire
	case ends("aitre", "oitre"):
		return inAitre
	case ends("endre", "andre", "ondre", "erdre", "ordre", "ompre") && plain != "ordre" && plain != "desordre" &&
		plain != "cendre" && plain != "gendre":
		return inDre
	case ends("clure"):
		return inClure
	}
	return nil
}

// firstGroup conjugates -er verbs: parler, and with their spelling manger,
// essuyer, appeler, geler. People who write by ear put -er, -ez, -ait and
// -ai for -é: all of them are forms of the verb anyway. The same forms serve
// nouns and adjectives in -er (loyer, infirmier).
func firstGroup(plain string) []string {
	stem := strings.TrimSuffix(plain, "er")
	all := with(stem, "e", "es", "ent", "ez", "iez", "ions", "er", "ers", "ere", "eres", "ee", "ees", "erent")
	hard := stem // before a and o
	if strings.HasSuffix(stem, "g") {
		hard = stem + "e"
	}
	all = append(all, with(hard, "ons", "ais", "ait", "aient", "ant", "ai", "as", "a", "ames", "ates")...)
	mute := []string{stem} // before a silent e
	switch last := stem[len(stem)-1]; {
	case last == 'y':
		mute = append(mute, stem[:len(stem)-1]+"i")
	case strings.HasSuffix(stem, "el") || strings.HasSuffix(stem, "et"):
		mute = append(mute, stem+string(last))
	}
	for _, m := range mute {
		all = append(all, with(m, "e", "es", "ent")...)
		all = append(all, with(m+"er", futures...)...)
	}
	return all
}

// secondGroup conjugates -ir verbs like finir.
func secondGroup(plain string) []string {
	stem := strings.TrimSuffix(plain, "r")
	all := with(stem, "r", "s", "t", "rs", "mes", "tes", "rent")
	all = append(all, participle(stem)...)
	all = append(all, with(stem+"ss", plurals...)...)
	return append(all, with(plain, futures...)...)
}

// thirdGroup conjugates by stems: je vend-s, il vend, nous vend-ons, je vendr-ai, vendu.
func thirdGroup(infinitive, singular, third, plural, future, preterite, past string) []string {
	all := []string{infinitive, singular, third}
	all = append(all, with(plural, plurals...)...)
	all = append(all, with(future, futures...)...)
	all = append(all, with(preterite, preterites...)...)
	return append(all, participle(past)...)
}

// inDre conjugates rendre, perdre, répondre, mordre, rompre.
func inDre(plain string) []string {
	stem := strings.TrimSuffix(plain, "re")
	third := stem
	if !strings.HasSuffix(stem, "d") {
		third += "t"
	}
	return thirdGroup(plain, stem+"s", third, stem, stem+"r", stem, stem+"u")
}

// inIndre conjugates plaindre, éteindre, rejoindre.
func inIndre(plain string) []string {
	nasal := strings.TrimSuffix(plain, "dre")
	soft := strings.TrimSuffix(nasal, "n") + "gn"
	return thirdGroup(plain, nasal+"s", nasal+"t", soft, nasal+"dr", soft, nasal+"t")
}

// inUire conjugates réduire, construire.
func inUire(plain string) []string {
	stem := strings.TrimSuffix(plain, "re")
	return thirdGroup(plain, stem+"s", stem+"t", stem+"s", stem+"r", stem+"s", stem+"t")
}

// inAitre conjugates paraître, accroître.
func inAitre(plain string) []string {
	stem := strings.TrimSuffix(plain, "tre")
	vowel := stem[:len(stem)-2]
	all := thirdGroup(plain, stem+"s", stem+"t", stem+"ss", stem+"tr", vowel+"u", vowel+"u")
	return append(all, with(vowel, "us", "ut", "urent")...)
}

// inClure conjugates exclure, inclure.
func inClure(plain string) []string {
	stem := strings.TrimSuffix(plain, "re")
	all := thirdGroup(plain, stem+"s", stem+"t", stem, stem+"r", stem, stem)
	return append(all, participle(stem+"s")...)
}
