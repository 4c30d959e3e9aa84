package text

// spellingTable holds the ways in which people write a few frequent words in
// messages, and recognisers hear them: canonical words, then the spellings.
// Only spellings that can hardly be another word are here; what needs the
// lexicon to be told apart ("jtravaille") is taken apart where it is known.
const spellingTable = `
je suis: chuis chui chuit jsuis jsui jui chsuis jesuis jsuit
je ai: jai jaie
je avais: javais javai
je etais: jetais jetai
je peux: jpeux jpe jpeu jpeut
je veux: jveux jve jveu jveut
je sais: jsais jsai jse jsait
je fais: jfais jfai jfe
je vais: jvais jvai jve
je dois: jdois jdoi
je touche: jtouche
je gagne: jgagne
je percois: jpercois
je vis: jvis
je viens: jviens jvien
je crois: jcrois jcroi
je pense: jpense
je paye: jpaye
je dors: jdors
je mange: jmange
je comprends: jcomprends jcomprend jcompren
je travaille: jtravaille jtravail jbosse
je me: jme
je te: jte
je le: jle
je en peux: jenpeux
je en peux plus: jpp
je en ai: jenai
y a: ya
y avait: yavait yavai
y aura: yaura
ce est: cest
ce etait: cetait cetai
que il: quil
que ils: quils
que on: quon
que un: quun
si il: sil
de un: dun
de accord: daccord dacc dakor
pas: pa aps
dans: ds
pour: pr
quand: qd kan kand qand
beaucoup: bcp bcoup bokou bocou beaucoups
svp: stp siouplait silvousplait
toujours: tjs tjrs tjr toujour tjours
mais: ms
meme: mm
tout: tt
tous: tou
vous: vs
nous: ns
quelque un: qqn qqun quelquun kelkun kelqun quelqun qq1 kelk1 quelqu1
quelque chose: qqch qqchose kelkechose
quelques: qques qqs
rendez vous: rdv rdvs rv rendezvous
maintenant: mtn mnt mtnt maintenan
aujourdhui: auj ajd ajrd aujourdui
donc: dc dnc
parce que: pcq psk pck parske parceque pcke paske psq parsque
pourquoi: pk pkoi prkoi pourkoi prq
que: ke
qui: ki
quoi: koi
comme: kom
comment: cmt
combien: cmb kombien
jamais: jms jam jamai
pendant: pdt pendan
depuis: dep dpuis depui dps
bonjour: bjr bjour
bonsoir: bsr
salut: slt
cordialement: cdt cdlt
monsieur: mr msieur
madame: mme mdme
mademoiselle: mlle
docteur: dr
avec: ac avek
suis: sui
etais: etai
avais: avai
dois: doi
faut: fo
veux: veu
moi: mwa moa
toi: twa
bien: bi1
aussi: ossi o6
probleme: pb pblm pblme
problemes: pbs pblms
temps: tps tmps
longtemps: lgtps lgtmps lontemps longtemp lontemp
desole: dsl
peut etre: peutetre ptetre ptete
decede: dcd
decedee: dcdee
appartement: appt
euros: euro eur
message: msg
malheureusement: malheuresement malheureusemen malheuresment
merci: mrc mci
argent: argen
`

// accentedTable holds spellings by ear that are known by their accent.
const accentedTable = `
je ai: je ge
ce est: ce
je etais: jete
ce etait: cete
je fais: jfe
`

// titleWords are spellings of two letters that capitals don't make an acronym.
const titleWords = "mr dr"

// spelt returns the canonical words of piece i, nil if it is spelled as it is.
func (w *wording) spelt(i int) phrase {
	p := &w.t.pieces[i]
	r := &rules[p.rule]
	if p.flags&Accented != 0 && r.accented != nil {
		return r.accented
	}
	if r.spelt == nil || p.size == 2 && r.kinds&title == 0 && (w.initials(i) || w.after(i, Digits)) {
		return nil
	}
	return r.spelt
}

// after reports whether the piece before i has a flag.
func (w *wording) after(i int, f Flag) bool { return i > 0 && w.t.pieces[i-1].flags&f != 0 }

// initials reports whether the capitals of piece i set it apart from the text
// around it: "le pr" is "pour", "le PR" and "Pr Martin" are not.
func (w *wording) initials(i int) bool {
	p := &w.t.pieces[i]
	if p.flags&(Upper|lone) != 0 {
		around := w.after(i, Upper|lone) || i+1 < len(w.t.pieces) && w.t.pieces[i+1].flags&(Upper|lone) != 0
		return !around
	}
	return p.flags&Capital != 0 && p.flags&SentenceStart == 0
}
