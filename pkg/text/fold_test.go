package text

import ("testing";"fmt";"strings")

func TestTry(t *testing.T) {
	var x Text
	for _, s := range []string{
		"J'arrive plus à payer", "je n'arrive plus", "j arrive plus", "chuis au chomdu g pu de sous c trop dur", "Il n'y a rien. Y a rien",
		"créée créee creee nooon ouiii", "le R.S.A. Je suis", "j'ai le r s a et la c a f et l a a h", "cÅ“ur Ã©tÃ© Ã  lâ€™hÃ´pital",
		"ÃƒÂ©tÃƒÂ©", "hospi-\ntalisé", "1 200,50 € et 1.200 et 12.5 le 12/03/2024 à 14h30 780e 2e", "il est il est euh il est là je je suis suis",
		"aujourd'hui jusqu'à quelqu'un s'il vous plaît svp t'as t'es", "a-t-il va-t-elle", "je suis né, ne pas", "M. Dupont vit à St. Denis. www.caf.fr il dit?oui",
		"vingt vingt", "&nbsp;&eacute;t&#233; &amp;eacute;t&eacute;", "on m a d abord dit il n y a plus y a d autres", "r\xffs\u200ba é\u00adté",
		"bon ben voilà quoi je sais pas quoi", "+ de travail", "J'AI PERDU MON MARI\nET JE NE PEUX PLUS",
	} {
		Fold(s, &x)
		var b strings.Builder
		for i, k := range x.Tokens {
			fmt.Fprintf(&b, "%s[%s]%x ", x.Word(i), s[k.Start:k.End], k.Flags)
		}
		fmt.Println(b.String())
	}
}
