package event

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var rules = map[string]*lineRule{
	"closing": &closing, "delimiter": &delimiter, "mobile": &mobile, "legal": &legal, "postscript": &postscript,
	"talk": &talk, "chatCopy": &chatCopy, "original": &original, "field": &field, "represents": &represents,
	"ownMail": &ownMail, "companyWords": &companyWords,
}

// What functions are quicker than.
var (
	disclosedRule = regexp.MustCompile(`\b(je|j|mon|ma|mes|moi)\b`)
	wroteRule     = regexp.MustCompile(`(^|[ >,])(a ecrit|wrote|schrieb) ?:$`)
	toldRule      = regexp.MustCompile(`(m'|nous |vous |lui |il |elle |qui |on )a ecrit ?:$`)
	officeRule    = regexp.MustCompile(`service|recouvrement|conseill|client|contact|repl(y|ier)|pole|equipe|suivi|contentieux|amiable|comptab|relation|gestion|litige|support|info@|dossier`)
	firstRule     = regexp.MustCompile(`\b(je|me|moi|mon|ma|mes|nous|notre|nos|on|c'est|ne|pas|plus|suis|ai|vous|votre|vos|svp|merci)\b|\b[jmnt]' ?[a-z]|\bj [aeiouh]`)
	datedRule     = regexp.MustCompile(`^(le|on|am) .*[0-9]`)
	ruledRule     = regexp.MustCompile(`^[_=-]{10,}$`)
)

// checkRules checks what is tried before rules on a line, and counts those that hold.
func checkRules(t *testing.T, line string, held map[string]int) {
	t.Helper()
	_, body := unquote(line)
	w := []byte(plain(body))
	for name, r := range rules {
		if r.Match(w) {
			if held[name]++; !r.may(w) {
				t.Errorf("%s holds for %q, which it is not tried on", name, w)
			}
		}
	}
	if inventions.Match(w) {
		if held["inventions"]++; !invention(w) {
			t.Errorf("%q is an invention, and not looked at as one", w)
		}
	}
	for _, x := range []struct {
		name string
		f    func([]byte) bool
		rule func([]byte) bool
	}{
		{"dated", dated, datedRule.Match},
		{"ruled", ruled, ruledRule.Match},
		{"disclosed", disclosed, disclosedRule.Match},
		{"first", first, firstRule.Match},
		{"wrote", wrote, func(w []byte) bool { return wroteRule.Match(w) && !toldRule.Match(w) }},
		{"office", func(w []byte) bool { return holds(w, office) }, officeRule.Match},
	} {
		want := x.rule(w)
		if want {
			held[x.name]++
		}
		if got := x.f(w); got != want {
			t.Errorf("%s %q: %v, want %v", x.name, w, got, want)
		}
	}
}

// What rules a line rule out beforehand rules out nothing that it holds for.
func TestRulesHoldWhereTheyAreTried(t *testing.T) {
	held := make(map[string]int)
	texts := []string{ruleLines, corpus(t).text}
	for _, name := range []string{"testdata/mail.txt", "testdata/html.txt"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		for line := range strings.Lines(text) {
			checkRules(t, line, held)
		}
	}
	for name := range rules {
		if held[name] == 0 {
			t.Errorf("%s holds for none of the lines", name)
		}
	}
}

// FuzzRules tries the rules on lines of all sorts.
func FuzzRules(f *testing.F) {
	for line := range strings.Lines(ruleLines) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) { checkRules(t, line, make(map[string]int)) })
}

// ruleLines are lines that the rules hold for, with each of their beginnings.
const ruleLines = `Bien cordialement
Très sincèrement
Sincères salutations
Sincèrement
Mes salutations
Avec mes remerciements
Cordiales salutations
Salutations
Respectueusement
Amicalement
cdt
cdlt
cldt
bav
Bien à vous
À vous lire
Très bonne journée
Bonne réception
Merci d'avance
Je vous prie d'agréer
Veuillez recevoir
Nous vous prions de croire
Dans l'attente de vous lire
D'avance merci
En vous remerciant
--
__
**
==
Envoyé de mon iPhone
Sent from my mobile
Expédié de mon Samsung
Transmis par Orange mail
Provenance : mon téléphone
Get Outlook for Android
Obtenez Outlook
Obtenir Outlook pour mobile
Télécharger Yahoo Mail
Téléchargez Gmail
Ce message et ses pièces jointes sont confidentiels
Ce courriel est confidentiel
Ce mail est confidentiel
Ce e-mail est confidentiel
Ce email est confidentiel
Cet e-mail est confidentiel
Cet email est confidentiel
This message is
This e-mail is
Avis de confidentialité
Pensez à l'environnement
Pensons à l'environnement
Avant d'imprimer
Merci de n'imprimez
N'imprimez
L'intégrité de ce message
Si vous n'êtes pas le destinataire
Sauf mention contraire
Afin de préserver l'environnement
P.S. : je
PS je
P S je
N.B. je
NB je
N B je
Post-scriptum
Postscriptum
PS2 je
[10:12] Conseiller : bonjour
(9h30) - Vous : oui
moi: oui
[Copie du chat]
Transcription de la conversation :
Historique de discussion
tchat
-- Message original
__ mail
== forwarded
** message d'origine
>> original message
Début du message réexpédié
Begin forwarded message
Forwarded message
Original message
__________
==========
----------
Le 3 mars
Jeanne a écrit :
De : Service
Pièces jointes : 2
Comme je vous disais hier
Ce que j'avais déjà envoyé
J'ai écrit ceci :
Dans mes précédents courriers
Nous vous informons
Si vous rencontrez des difficultés
Ne pas y répondre
Message automatique
Votre conseillère
noreply no-reply
L'équipe service clients
elle a écrit:
a écrit :
Jeanne wrote: schrieb:
Tutrice de Jeanne
Curateur
Mandataire judiciaire
Habilitation familiale
MJPM tutélaire
aidante interprète
veuve de
sa fille de
son fils de, sa mère de, son père d'
épouse d' époux de mari de femme de
sœur soeur de frère de nièce niece de neveu de
petite-fille de petit-fils de
voisine de conjoint de
pour le compte
p/o M. Morel
♪ Sous-titrage
Sous-titres réalisés par la communauté d'Amara.org
❤️ par SousTitreur.com
... Merci d'avoir regardé cette vidéo !
N'oubliez pas de vous abonner
Pensez à vous abonner
Vous abonner
Abonnez-vous à la chaîne
On Monday 3
c'est
j' ai
j ai
t'a c'estj n'
Am 3. März
`

// FuzzPlain holds the table for French letters against the decomposition of any.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"Éa’b  œ Ç\u00a0— – … ﬁ e\u0301 ´ `\t\u200bx", "À bientôt, JÉRÔME ÿ×Ø«»ß", "\xff\xc3", strings.Repeat("é", 250)} {
		f.Add(s)
	}
	for n := range 17 {
		f.Add(strings.Repeat("A", n) + "  `\tb  É \x01 œ…–½€ [Z@z")
	}
	f.Fuzz(func(t *testing.T, s string) {
		head := s
		if len(head) > maxPlain {
			head = strings.ToValidUTF8(head[:maxPlain], "")
		}
		if got, want := plain(s), string(appendDecomposed(nil, head)); got != want {
			t.Fatalf("%q: %q, want %q", s, got, want)
		}
	})
}
