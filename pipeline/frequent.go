package pipeline

import (
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/vigie-project/vigie/pkg/lexicon"
)

// frequent are the words, as folded, that people say and write most in such
// messages, with their number among 10,000: counted over the corpus in
// pipeline/eval/corpus. They decide what is looked for first, never what is found.
const frequent = `
je 430 de 386 a 301 le 296 la 268 est 254 vous 196 ce 174 et 157 l 143 il 128 que 127 un 122 ai 116 pas 111 en 110 bonjour 104
pour 102 les 86 me 84 oui 80 mon 79 elle 76 on 74 une 70 du 70 au 61 ma 60 suis 57 votre 52 moi 52 avec 50 madame 50 plus 48
deux 47 monsieur 47 euros 46 des 44 qui 43 ca 40 sur 38 avez 38 merci 38 dans 35 depuis 35 y 34 par 34 mais 33 tout 32 non 31
fait 31 mois 30 nous 30 demande 29 bien 29 dit 28 trois 27 alors 26 service 26 ans 26 se 24 si 21 chez 21 facture 20 etait 20
accord 19 quatre 19 mes 19 rien 18 donc 18 ou 18 parce 17 lui 17 fois 17 dix 16 son 16 mari 16 cent 16 ete 15 meme 15 comme 15
sans 14 etes 14 va 14 vingt 14 quand 14 paye 14 contrat 13 ils 13 appelle 13 faut 13 jours 13 peux 12 compte 12 passe 12
maison 12 carte 12 femme 12 fille 12 notre 12 sa 11 bon 11 nom 11 mere 11 peut 11 faire 11 huit 11 dossier 11 telephone 11
reste 10 avant 10 fils 10 fais 10 neuf 10 loyer 10 apres 10 six 10 assurance 10 jour 10 pris 10 payer 9 comment 9 pourquoi 9
note 9 dire 9 vos 9 avait 9 eau 9 ont 9 eu 9 tres 9 heures 9 autre 8 sous 8 encore 8 temps 8 donne 8 cette 8 cinq 8 pouvez 8
trente 8 credit 8 mis 8 quoi 8 sont 8 mars 8 petit 8 sais 8 aussi 8 vais 8 jusque 7 etais 7 maintenant 7 enfants 7 suite 7 sept 7
voiture 7 mille 7 porte 7 adresse 7 quelque 7 recu 7 personne 7 cents 7 pere 7 toujours 7 ligne 7 ecrit 7 avais 7 numero 7
garde 7 matin 7 soir 7 parle 6 soixante 6 quarante 6 juste 6 retard 6 tous 6 vois 6 client 6 hier 6 veux 6 bonne 6 paie 6 puis 6
arrive 6 envoie 6 jamais 6 lundi 6 douze 6 etre 6 nuit 6 trop 6 cheque 6 lettre 6 papier 6 banque 6 quinze 6 semaine 6 aux 6
dame 6 h 6 ni 6 quel 6 ses 6 mort 5 cordialement 5 courrier 5 petite 5 aide 5 deja 5 nos 5 voudrais 5 juin 5 seul 5 frais 5
frere 5 retraite 5 mai 5 avril 5 semaines 5 dernier 5 prelevement 5 avoir 5 part 5 combien 5 ferme 5 parti 5 dites 5 lit 5
change 5 soeur 5 vendredi 5 compteur 5 rue 5 pret 5 mail 5 moins 5
`

const (
	// rareRate is the share of a word that is not frequent, and numberRate that of numbers.
	rareRate   = 0.5 / 10_000
	numberRate = 300.0 / 10_000
	// besideRate is how often a word of a phrase stands beside the rarest one.
	besideRate = 0.15
)

var frequencies = sync.OnceValue(func() map[string]float64 {
	fields := strings.Fields(frequent)
	rates := make(map[string]float64, len(fields)/2)
	for i := 0; i < len(fields); i += 2 {
		n, err := strconv.ParseFloat(fields[i+1], 64)
		if err != nil {
			panic("pipeline: the table of frequent words: " + err.Error())
		}
		rates[fields[i]] = n / 10_000
	}
	return rates
})

// phraseRate guesses how many of the places of a text a phrase stands at.
func phraseRate(p *lexicon.Program, phrase []uint32) float64 {
	rarest := 1.0
	for _, id := range phrase {
		rate, ok := frequencies()[p.Vocabulary.Word(id)]
		if !ok {
			rate = rareRate
		}
		rarest = min(rarest, rate)
	}
	return rarest * math.Pow(besideRate, float64(len(phrase)-1))
}
