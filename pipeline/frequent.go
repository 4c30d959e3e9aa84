package pipeline

import (
	"math"
	"slices"
	"strconv"
	"strings"

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

// frequentPairs are the same of two words, one after the other.
const frequentPairs = `
ce est 130 je ai 102 je suis 52 je vous 42 de la 31 que je 30 a la 28 il est 25 il a 24 vous avez 24 y a 20 et je 19 me a 19
bonjour je 19 de accord 18 parce que 17 moi je 17 est pour 17 de l 16 elle est 16 a l 16 pour le 14 elle a 14 mon mari 14 pas de 13
ce que 13 est pas 13 et le 13 vous me 13 je peux 13 pour la 12 vous etes 12 ai pas 12 merci de 12 on me 11 sur le 11 de mon 10
ma femme 10 et la 10 est la 10 on a 10 est le 10 ce etait 10 dans la 10 dans le 10 il me 10 la facture 9 la maison 9 est ce 9
bonjour ce 9 est a 9 oui je 9 je me 9 a dit 9 que vous 9 demande de 9 que il 9 je l 9 oui bonjour 9 a pas 8 je fais 8 je sais 8
mon fils 8 avez vous 8 il faut 8 bonjour madame 8 que ce 8 de ma 8 je etais 8 dit que 8
`

const (
	// rareRate is the share of a word that is not frequent, rarePairRate that of a
	// pair at most, and numberRate that of numbers.
	rareRate     = 0.5 / 10_000
	rarePairRate = 8.0 / 10_000
	numberRate   = 300.0 / 10_000
	// besideRate is how often a word of a phrase stands beside the rarest one.
	besideRate = 0.15
)

// rates guess how many of the places of a text a phrase stands at.
type rates struct {
	words []float64 // by number
	pairs map[[2]uint32]float64
}

func newRates(p *lexicon.Program) *rates {
	r := &rates{words: slices.Repeat([]float64{rareRate}, p.Vocabulary.Len()+1), pairs: make(map[[2]uint32]float64)}
	words := strings.Fields(frequent)
	for i := 0; i < len(words); i += 2 {
		if id := p.Vocabulary.ID([]byte(words[i])); id != 0 {
			r.words[id] = rateOf(words[i+1])
		}
	}
	pairs := strings.Fields(frequentPairs)
	for i := 0; i < len(pairs); i += 3 {
		r.pairs[[2]uint32{p.Vocabulary.ID([]byte(pairs[i])), p.Vocabulary.ID([]byte(pairs[i+1]))}] = rateOf(pairs[i+2])
	}
	return r
}

func rateOf(number string) float64 {
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		panic("pipeline: the table of frequent words: " + err.Error())
	}
	return n / 10_000
}

// phrase returns the rate of a phrase: its rarest pair of words decides.
func (r *rates) phrase(words []uint32) float64 {
	if len(words) == 1 {
		return r.words[words[0]]
	}
	rarest := 1.0
	for i := 1; i < len(words); i++ {
		rate := min(r.words[words[i-1]], r.words[words[i]]) * besideRate
		if rate > rareRate*besideRate { // a pair of rare words is not in the table
			if often, ok := r.pairs[[2]uint32{words[i-1], words[i]}]; ok {
				rate = often
			} else {
				rate = min(rate, rarePairRate)
			}
		}
		rarest = min(rarest, rate)
	}
	return rarest * math.Pow(besideRate, float64(len(words)-2))
}
