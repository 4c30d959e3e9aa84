package event

import (
	"os"
	"strings"
	"testing"
)

// What rules a line rule out beforehand rules out nothing that it holds for.
func TestRulesHoldWhereTheyAreTried(t *testing.T) {
	rules := map[string]*lineRule{
		"closing": &closing, "delimiter": &delimiter, "mobile": &mobile, "legal": &legal, "postscript": &postscript,
		"talk": &talk, "chatCopy": &chatCopy, "original": &original, "rule": &rule, "dated": &dated,
	}
	lines, held := 0, make(map[string]int)
	try := func(text string) {
		for line := range strings.Lines(text) {
			_, body := unquote(line)
			w := plain(body)
			lines++
			for name, r := range rules {
				if r.Regexp.MatchString(w) {
					if held[name]++; !r.may(w) {
						t.Errorf("%s holds for %q, which it is not tried on", name, w)
					}
				}
			}
		}
	}
	try(ruleLines)
	for _, name := range []string{"testdata/mail.txt", "testdata/html.txt"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		try(string(text))
	}
	all := corpus(t)
	try(all.text)
	for name := range rules {
		if held[name] == 0 {
			t.Errorf("%s holds for none of %d lines", name, lines)
		}
	}
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
On Monday 3
Am 3. März
`

// FuzzPlain holds the table for French letters against the decomposition of any.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"Éa’b  œ Ç\u00a0— – … ﬁ e\u0301 ´ `\t\u200bx", "À bientôt, JÉRÔME ÿ×Ø«»ß", "\xff\xc3", strings.Repeat("é", 250)} {
		f.Add(s)
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
