package event

import (
	"bytes"
	"regexp"
	"slices"
)

// heading is what introduces a quoted or forwarded mail.
type heading struct {
	lines  int
	author []byte // in plain words, none if it is not said
}

var (
	// original is the line that stands between a mail and the one it answers.
	original = beginning("-|_|=|*|>| |debut du message|begin forwarded message|forwarded message|original message",
		`^[-_=*> ]{2,}.*(message|mail|courriel|forwarded|original|transfere|origine|reexpedie)`+
			`|^debut du message (reexpedie|transfere|d'origine)|^begin forwarded message|^(forwarded|original) message`).
		with("message|mail|courriel|forwarded|original|transfere|origine|reexpedie")
	from  = regexp.MustCompile(`^(de|from|expediteur|emetteur) ?: *(.*)$`)
	field = beginning("de|from|expediteur|emetteur|envoye|sent|date|le|a|to|pour|destinataire|cc|objet|subject|sujet|repondre a|reply-to|piece|importance",
		`^(de|from|expediteur|emetteur|envoye( le)?|sent|date|le|a|to|pour|destinataires?|cc|cci|objet|subject|sujet|repondre a|reply-to|pieces? jointes?|importance) ?:`).
		with(":")

	// ownMail introduces a mail of the person's own.
	ownMail = holding("j'ai |j'avais |je vous |mail|message|courriel|courrier|lettre|reclamation|ce que j'", `\bce que j'(ai|avais) (deja )?(ecrit|envoye|adresse)|\bj'(ai|avais) (deja )?ecrit.{0,40}:$|je vous (ecrivais|disais|(avais|ai) (deja )?(ecrit|envoye|adresse))`+
		`|\bm(on|a|es) ((precedent|premier|dernier)\w* )?((e-?)?mail|message|courriel|courrier|lettre|reclamation)s?\b`)
	// office is a company's name for itself in a header.
	office = alternatives("service|recouvrement|conseill|client|contact|reply|replier|pole|equipe|suivi|contentieux|amiable|comptab|relation|gestion|litige|support|info@|dossier")
	// companyWords are wordings of the company's own mail.
	companyWords = holding("nous vous |si vous rencontrez des difficultes|repondre|message automatique|conseill|noreply|no-reply|service|pole|relation", `nous vous (informons|invitons|proposons|confirmons|rappelons|prions|remercions|mettons en demeure)`+
		`|si vous rencontrez des difficultes|ne pas (y )?repondre|message automatique|nos conseillers|votre conseill|noreply|no-reply`+
		`|^(le |l'equipe |votre )?(service|pole|relation) (clients?|clientele|recouvrement|contentieux|amiable|solutions)`)
)

const (
	// headerReach is how many lines a header's fields may be looked for in.
	headerReach = 6
	// shortestRule is how long a line across the page is at least.
	shortestRule = 10
	// fieldName is within how many bytes a field's name ends.
	fieldName = 20
)

// header returns the heading that begins at line i, no lines if none does.
func (m *mail) header(i int) heading { return m.headings[i] }

// heading looks for a heading at line i.
func (m *mail) heading(i int) heading {
	w := m.lines[i].words
	if len(w) == 0 {
		return heading{}
	}
	if h := m.attribution(i); h.lines > 0 {
		return h
	}
	if ruled := ruled(w); ruled || original.match(w) {
		j := m.nextWords(i + 1)
		h := m.fields(j)
		if h.lines > 0 {
			h.lines += j - i
			return h
		}
		if !ruled {
			return heading{lines: 1}
		}
		return heading{}
	}
	return m.fields(i)
}

var (
	// verbs end the line above a quoted mail, of French and English programs.
	verbs = alternatives("a ecrit|wrote|schrieb")
	// persons stand before them where somebody tells what was written to them.
	persons = alternatives("nous |vous |lui |il |elle |qui |on ")
)

// wrote reports whether a line ends as that above a quoted mail does: "… a
// écrit :", and not "il a écrit :".
func wrote(w []byte) bool {
	w, ok := bytes.CutSuffix(w, []byte(":"))
	if !ok {
		return false
	}
	w = bytes.TrimSuffix(w, []byte(" "))
	for i, verb := range verbs {
		if before, ok := bytes.CutSuffix(w, verb); ok {
			return (len(before) == 0 || bytes.IndexByte([]byte(" >,"), before[len(before)-1]) >= 0) && (i > 0 || !endsIn(before, persons))
		}
	}
	return false
}

func endsIn(w []byte, list [][]byte) bool {
	return slices.ContainsFunc(list, func(s []byte) bool { return bytes.HasSuffix(w, s) })
}

// dated reports whether a line begins as that above a quoted mail does: "Le 3 mars".
func dated(w []byte) bool {
	return len(w) > 2 && (w[0] == 'l' && w[1] == 'e' || w[0] == 'o' && w[1] == 'n' || w[0] == 'a' && w[1] == 'm') && w[2] == ' ' &&
		bytes.ContainsAny(w, "0123456789")
}

// ruled reports whether a line is drawn across the page.
func ruled(w []byte) bool {
	if len(w) < shortestRule {
		return false
	}
	for _, c := range w {
		if c != '_' && c != '=' && c != '-' {
			return false
		}
	}
	return true
}

// attribution reads "Le … a écrit :", which may be broken over three lines.
func (m *mail) attribution(i int) heading {
	w := m.lines[i].words
	begins := dated(w)
	if !begins && w[len(w)-1] != ':' {
		return heading{}
	}
	for n := 1; n <= 3; n++ {
		if wrote(w) {
			next := m.nextWords(i + n)
			deeper := next < len(m.lines) && m.lines[next].depth > m.lines[i].depth
			if begins || deeper || bytes.ContainsAny(w, "@<") {
				return heading{lines: n, author: bytes.Clone(w)}
			}
			return heading{}
		}
		if !begins || i+n >= len(m.lines) || m.lines[i+n].blank() || len(w) > maxPlain {
			return heading{}
		}
		if n == 1 {
			m.joined = append(m.joined[:0], w...)
		}
		m.joined = append(append(m.joined, ' '), m.lines[i+n].words...)
		w = m.joined
	}
	return heading{}
}

// fields reads a header's lines from i on: the author's and at least one more.
func (m *mail) fields(i int) heading {
	var h heading
	count := 0
	for k := i; k < len(m.lines) && k < i+headerReach; k++ {
		w := m.lines[k].words
		if count == 0 && bytes.IndexByte(w[:min(len(w), fieldName)], ':') < 0 {
			break
		}
		if !field.match(w) {
			if count == 0 || len(w) == 0 || !bytes.ContainsAny(w, "@<") {
				break
			}
			continue // an address that goes on in the next line
		}
		if f := from.FindSubmatch(w); f != nil {
			h.author = f[2]
			if len(h.author) == 0 {
				h.author = []byte("?")
			}
		}
		count++
		h.lines = k + 1 - i
	}
	if len(h.author) == 0 || count < 2 && m.lines[i].depth == 0 && !m.above(i) {
		return heading{}
	}
	return h
}

// above reports whether the line at i stands above a deeper quotation.
func (m *mail) above(i int) bool {
	next := m.nextWords(i + 1)
	return next < len(m.lines) && m.lines[next].depth > m.lines[i].depth
}

// nextWords returns the first line from i on that is not blank.
func (m *mail) nextWords(i int) int {
	for i < len(m.lines) && m.lines[i].blank() {
		i++
	}
	return i
}
