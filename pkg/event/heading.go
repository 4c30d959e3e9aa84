package event

import (
	"regexp"
	"strings"
)

// heading is what introduces a quoted or forwarded mail.
type heading struct {
	lines  int
	author string // in plain words, "" if it is not said
}

var (
	// wrote ends the line above a quoted mail, of French and English programs.
	wrote = regexp.MustCompile(`(^|[ >,])(a ecrit|wrote|schrieb) ?:$`)
	// told is a person telling what somebody wrote to them.
	told = regexp.MustCompile(`(m'|nous |vous |lui |il |elle |qui |on )a ecrit ?:$`)
	// dated begins such a line.
	dated = beginning("le |on |am ",
		`^(le|on|am) .*[0-9]`)
	// original is the line that stands between a mail and the one it answers.
	original = beginning("-|_|=|*|>| |debut du message|begin forwarded message|forwarded message|original message",
		`^[-_=*> ]{2,}.*(message|mail|courriel|forwarded|original|transfere|origine|reexpedie)`+
			`|^debut du message (reexpedie|transfere|d'origine)|^begin forwarded message|^(forwarded|original) message`)
	from  = regexp.MustCompile(`^(de|from|expediteur|emetteur) ?: *(.*)$`)
	field = regexp.MustCompile(`^(de|from|expediteur|emetteur|envoye( le)?|sent|date|le|a|to|pour|destinataires?|cc|cci|objet|subject|sujet|repondre a|reply-to|pieces? jointes?|importance) ?:`)
	rule  = beginning("_|=|-",
		`^[_=-]{10,}$`)

	// ownMail introduces a mail of the person's own.
	ownMail = regexp.MustCompile(`\bce que j'(ai|avais) (deja )?(ecrit|envoye|adresse)|\bj'(ai|avais) (deja )?ecrit.{0,40}:$|je vous (ecrivais|disais|(avais|ai) (deja )?(ecrit|envoye|adresse))` +
		`|\bm(on|a|es) ((precedent|premier|dernier)\w* )?((e-?)?mail|message|courriel|courrier|lettre|reclamation)s?\b`)
	// office is a company's name for itself in a header.
	office = regexp.MustCompile(`service|recouvrement|conseill|client|contact|repl(y|ier)|pole|equipe|suivi|contentieux|amiable|comptab|relation|gestion|litige|support|info@|dossier`)
	// companyWords are wordings of the company's own mail.
	companyWords = regexp.MustCompile(`nous vous (informons|invitons|proposons|confirmons|rappelons|prions|remercions|mettons en demeure)` +
		`|si vous rencontrez des difficultes|ne pas (y )?repondre|message automatique|nos conseillers|votre conseill|noreply|no-reply` +
		`|^(le |l'equipe |votre )?(service|pole|relation) (clients?|clientele|recouvrement|contentieux|amiable|solutions)`)
)

const (
	// headerReach is how many lines a header's fields may be looked for in.
	headerReach = 6
	// fieldName is within how many bytes a field's name ends.
	fieldName = 20
)

// header returns the heading that begins at line i, no lines if none does.
func (m *mail) header(i int) heading { return m.headings[i] }

// heading looks for a heading at line i.
func (m *mail) heading(i int) heading {
	w := m.lines[i].words
	if w == "" {
		return heading{}
	}
	if h := m.attribution(i); h.lines > 0 {
		return h
	}
	if original.MatchString(w) || rule.MatchString(w) {
		j := m.nextWords(i + 1)
		h := m.fields(j)
		if h.lines > 0 {
			h.lines += j - i
			return h
		}
		if !rule.MatchString(w) {
			return heading{lines: 1}
		}
		return heading{}
	}
	return m.fields(i)
}

// attribution reads "Le … a écrit :", which may be broken over three lines.
func (m *mail) attribution(i int) heading {
	w := m.lines[i].words
	begins := dated.MatchString(w)
	if !begins && !strings.HasSuffix(w, ":") {
		return heading{}
	}
	for n := 1; n <= 3; n++ {
		if strings.HasSuffix(w, ":") && wrote.MatchString(w) && !told.MatchString(w) {
			next := m.nextWords(i + n)
			deeper := next < len(m.lines) && m.lines[next].depth > m.lines[i].depth
			if begins || deeper || strings.ContainsAny(w, "@<") {
				return heading{lines: n, author: w}
			}
			return heading{}
		}
		if !begins || i+n >= len(m.lines) || m.lines[i+n].blank() || len(w) > maxPlain {
			return heading{}
		}
		w += " " + m.lines[i+n].words
	}
	return heading{}
}

// fields reads a header's lines from i on: the author's and at least one more.
func (m *mail) fields(i int) heading {
	var h heading
	count := 0
	for k := i; k < len(m.lines) && k < i+headerReach; k++ {
		w := m.lines[k].words
		if count == 0 && !strings.Contains(w[:min(len(w), fieldName)], ":") {
			break
		}
		if !field.MatchString(w) {
			if count == 0 || w == "" || !strings.ContainsAny(w, "@<") {
				break
			}
			continue // an address that goes on in the next line
		}
		if f := from.FindStringSubmatch(w); f != nil {
			h.author = f[2]
			if h.author == "" {
				h.author = "?"
			}
		}
		count++
		h.lines = k + 1 - i
	}
	if h.author == "" || count < 2 && m.lines[i].depth == 0 && !m.above(i) {
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
