package event

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// closing is the formula above a signature.
	closing = beginning("bien |tres |sincere|mes |avec mes |cordiale|salutations|respectueusement|amicalement|cdt|cdlt|cldt|bav|a vous lire|bonne |merci|je vous prie|veuillez|nous vous prions|dans l'attente|d'avance merci|en vous remerciant",
		`^((bien |tres |sinceres? |sincerement |mes )*(cordialement|cordiales? salutations|salutations|respectueusement|amicalement|sincerement)`+
			`|cdt|cdlt|cldt|bav|bien a (vous|toi)|a vous lire|(tres |bien )?bonne (journee|soiree|reception|semaine|fin de)`+
			`|(avec )?mes (remerciements|respects|salutations)|merci( d'avance| beaucoup| bien| par avance| a vous| de votre .{1,30})?[ ,.!]*$`+
			`|(je vous prie|veuillez|nous vous prions).{0,30}(agreer|recevoir|croire)|dans l'attente|d'avance merci|en vous remerciant)`)
	// delimiter stands above the signature that a program adds.
	delimiter = beginning("--|__|**|==",
		`^(--|__|\*\*|==)[-_*=]* ?$`)
	// mobile is the line that a telephone adds.
	mobile = beginning("envoye|sent|expedie|transmis|provenance|get|obtenez|obtenir|telecharge",
		`^(envoye|sent|expedie|transmis|provenance|get|obtenez|obtenir|telecharger?z?)\b.{0,30}\b(iphone|ipad|mobile|smartphone|samsung|android|galaxy|telephone|xiaomi|huawei|outlook|yahoo|orange|sfr|free|gmail|mail)\b`)
	// legal begins a disclaimer.
	legal = beginning("ce message|ce courriel|ce mail|ce e|cet e|this |avis de confidentialite|pensez|pensons|avant d'imprimer|merci de n'imprimez|n'imprimez|l'integrite de ce message|si vous n'etes pas|sauf mention contraire|afin de preserver",
		`^(ce (message|courriel|mail|e-?mail)\b.{0,60}(confidentiel|piece|destin|susceptible)|cet e-?mail\b.{0,60}(confidentiel|piece|destin)|this (e-?mail|message)\b|avis de confidentialite|(pensez|pensons) a l'environnement|avant d'imprimer|(merci de )?n'imprimez|l'integrite de ce message|si vous n'etes pas (le|la) destinataire|sauf mention contraire|afin de preserver l'environnement)`)
	// postscript begins what people add below their name.
	postscript = beginning("p.|ps|p s|n.|nb|n b|post",
		`^(p\.? ?s\.?|n\.? ?b\.?|post-?scriptum|ps ?[0-9])\b ?[:.,-]?`)
	// represents names for whom somebody signs: that is a fact about the person.
	represents = starting("tut|curat|mandataire|habilitation|mjpm|aidant|interprete|veuve de|fille|fils|mere|pere|epou|mari|femme|soeur|frere|niece|neveu|petit|voisin|conjoint|pour le compte|p/o",
		`\b(tut(eur|rice|elle)|curat(eur|rice|elle)|mandataire|habilitation|mjpm|tutelaire|aidante?|interprete|veuve de|(fille|fils|mere|pere|epouse|epoux|mari|femme|soeur|frere|niece|neveu|petite?-fil(s|le)|voisine?|conjointe?) d|pour le compte|p/o)`)
	// talk begins a line of a copied chat.
	talk = beginning("[|(|0|1|2|3|4|5|6|7|8|9|assistant|conseill|teleconseill|agent|bot|chatbot|robot|operat|service client|support|moi|vous|client|visiteur|utilisateur",
		`^(\[[^\]]{0,40}\] ?|\(?[0-9]{1,2}[:h][0-9]{2}(:[0-9]{2})?\)? ?-? ?)?(assistante?( virtuelle?)?|conseill(er|ere)|teleconseill(er|ere)|agent|bot|chatbot|robot|operat(eur|rice)|service clients?|support|moi|vous|cliente?|visiteur|utilisateur)( [a-z.]{1,20})? ?: `).
		with(": ")
	// chatCopy is the line above a copied chat.
	chatCopy = beginning("[|copie|transcription|historique|debut|du |de |d'une |chat|tchat|conversation|discussion",
		`^\[? ?(copie|transcription|historique|debut)? ?(du |de la |de |d'une )?(chat|tchat|conversation|discussion)\b[^.]{0,60}\]? ?:?$`).
		with("chat|conversation|discussion")
	// answerer is the person in a copied chat.
	answerer = regexp.MustCompile(`(moi|vous|cliente?|visiteur|utilisateur)( [a-z.]{1,20})? ?: $`)
)

const (
	// signatureWords and signatureLines bound what is taken for a signature.
	signatureWords = 7
	signatureLines = 6
	// closingWords bounds the line of a closing formula.
	closingWords = 30
)

// own returns the voice of a line that stands in no quotation.
func (m *mail) own(i int) Voice {
	l := &m.lines[i]
	w := l.words
	switch {
	case mobile.match(w):
		return Aside
	case legal.match(w):
		m.mode = disclaimer
		return Aside
	case chatCopy.match(w):
		m.mode, m.speaker = chat, Quoted
		return Quoted
	}
	if s := talk.find(w); len(s) > 0 && (m.mode == chat || !answerer.Match(s)) {
		m.mode, m.speaker = chat, Quoted
		if answerer.Match(s) {
			m.speaker = Customer
		}
		return m.speaker
	}
	switch m.mode {
	case disclaimer:
		if !m.paragraph || !disclosed(w) {
			return Aside
		}
		m.mode = body
	case chat:
		if m.speaker == Quoted {
			return Quoted
		}
	case signing, signed:
		if !m.personal(l) || m.mode == signed && !said(w) {
			return Aside
		}
		if count(w) <= signatureWords && !postscript.match(w) && represents.match(w) {
			return Customer
		}
		m.mode = body
	}
	switch {
	case delimiter.match(w):
		m.mode = signed
		return Aside
	case closing.may(w) && count(w) <= closingWords && m.ends(i+1) && closing.Match(w):
		m.mode = signing
	}
	return Customer
}

// ends reports whether no more lines follow from i on than a signature has, up
// to a quoted mail, a disclaimer or a postscript.
func (m *mail) ends(i int) bool {
	for n := 0; i < len(m.lines); i++ {
		l := &m.lines[i]
		if l.blank() {
			continue
		}
		if l.depth > 0 || legal.match(l.words) || delimiter.match(l.words) || postscript.match(l.words) ||
			m.header(i).lines > 0 {
			return true
		}
		if n++; n > signatureLines {
			return false
		}
	}
	return true
}

// personal reports whether a line below the closing formula is still
// something that the person says: a postscript, a sentence, or for whom they
// write.
func (m *mail) personal(l *line) bool {
	w := l.words
	return count(w) > signatureWords || said(w)
}

// count returns the number of words of a line.
func count(words []byte) int { return bytes.Count(words, []byte(" ")) + 1 }

func said(w []byte) bool {
	return postscript.match(w) || represents.match(w) || first(w)
}

// signature returns the words of the sender's name: those with a capital, or
// few, in the last short lines of the mail itself.
func (m *mail) signature() map[string]bool {
	end := len(m.lines)
	for i := range m.lines {
		if m.lines[i].mark.tail || m.lines[i].depth == 0 && m.header(i).lines > 0 && !m.deeper(i) {
			end = i
			break
		}
	}
	names := make(map[string]bool)
	seen := 0
	for i := end - 1; i >= 0 && seen < signatureLines; i-- {
		l := &m.lines[i]
		if l.depth > 0 || l.blank() || mobile.match(l.words) || m.header(i).lines > 0 {
			continue
		}
		seen++
		if closing.match(l.words) {
			break
		}
		if m.personal(l) {
			continue
		}
		short := count(l.words) <= 2 // "jeanne morel"
		for _, n := range words(l.body) {
			if c, _ := utf8.DecodeRuneInString(n); (short || unicode.IsUpper(c)) && !common[plain(n)] {
				names[plain(n)] = true
			}
		}
	}
	return names
}

// deeper reports whether the header at i introduces lines with marks.
func (m *mail) deeper(i int) bool {
	next := m.nextWords(i + m.header(i).lines)
	return next < len(m.lines) && m.lines[next].depth > m.lines[i].depth
}

// words returns the words of three and more letters.
func words(s string) []string {
	list := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	kept := list[:0]
	for _, w := range list {
		if len(w) >= 3 {
			kept = append(kept, w)
		}
	}
	return kept
}

// named reports whether an author in a header is the sender.
func (m *mail) named(author []byte) bool {
	if m.names == nil {
		m.names = m.signature()
	}
	for _, w := range words(string(author)) {
		for name := range m.names {
			if w == name || len(name) >= 4 && strings.Contains(w, name) {
				return true
			}
		}
	}
	return false
}

// common are words of signatures and headers that name nobody.
var common = func() map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(`madame monsieur mme mlle service services client clients clientele recouvrement amiable
		contentieux pole equipe relation conseiller conseillere dossier dossiers reference contact mail courriel com net org
		rue avenue boulevard place tel telephone email lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars
		avril mai juin juillet aout septembre octobre novembre decembre janv fevr avr juil sept oct nov dec lun mar mer jeu ven
		sam dim ecrit wrote the bonjour bonsoir merci les des une par pour`) {
		m[w] = true
	}
	return m
}()
