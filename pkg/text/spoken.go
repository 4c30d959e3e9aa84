package text

import "bytes"

// word makes words of the piece at i, and of following ones that belong to it,
// and returns how many pieces it took.
func (w *wording) word(i int) int {
	if w.plainElision(i) {
		return 1
	}
	p := &w.t.pieces[i]
	word := w.letters(i)
	if len(word) == 0 {
		w.drop(i)
		return 1
	}
	if p.flags&acronym != 0 {
		w.keep(i, i+1)
		return 1
	}
	if n := w.mixed(i); n > 0 {
		return n
	}
	if p.flags&Digits != 0 {
		w.keep(i, i+1)
		return 1
	}
	if w.kinds(i)&eliding != 0 || w.apostrophe(i) {
		if n := w.elided(i); n > 0 {
			return n
		}
	}
	if n := w.filler(i); n > 0 {
		for k := i; k < i+n; k++ {
			w.drop(k)
		}
		return n
	}
	switch {
	case len(word) == 1 && (w.single(i) || w.mister(i)):
		return 1
	case string(word) == "ne" && w.negates(i):
		w.drop(i)
		w.carry |= AfterNe
		return 1
	case string(word) == "si" && w.is(i+1, "il", "ils"):
		if n := w.please(i + 2); n > 0 {
			w.emit(svp, i, i+2+n)
			return 2 + n
		}
	}
	if s := w.spelt(i); s != nil {
		w.emit(s, i, i+1)
		return 1
	}
	w.keep(i, i+1)
	return 1
}

// ordinalWords end figures that are no amounts.
const ordinalWords = "er ers re ere e eme emes ieme nd nde"

// mixed handles letters and digits in one word: ordinals ("2e") and spellings
// ("bi1"). Others are two words.
func (w *wording) mixed(i int) int {
	t := w.t
	if i+1 == len(t.pieces) || t.pieces[i+1].gap != 0 {
		return 0
	}
	p := &t.pieces[i]
	if i+2 < len(t.pieces) && t.pieces[i+2].gap == 0 {
		return 0
	}
	if p.flags&Digits != 0 && w.kinds(i+1)&ordinal != 0 {
		p.flags &^= Digits
		w.keep(i, i+2)
		return 2
	}
	if r := &rules[w.pair(i)]; r.spelt != nil && p.flags&Digits == 0 {
		w.emit(r.spelt, i, i+2)
		return 2
	}
	return 0
}

// bornWords stand before "ne" that is "né" without its accent.
const bornWords = `suis est es etait etais etre sont enfant bebe nouveau dernier premier`

// negates reports whether the "ne" at i is the negation.
func (w *wording) negates(i int) bool {
	return w.t.pieces[i].flags&Accented == 0 && !w.behindA(i, born)
}

// single handles the letters that stand for a word in messages, and reports
// whether it did: "c trop", "g perdu".
func (w *wording) single(i int) bool {
	if !w.follows(i+1) || w.t.pieces[i+1].gap == 0 || w.initials(i) && !w.t.sentenceStart(i) || w.after(i, Digits) && !w.after(i, Money) {
		return false
	}
	switch w.letters(i)[0] {
	case 'c':
		if len(w.letters(i+1)) == 1 && !w.apostrophe(i+1) || w.behindA(i, labelled|typed) {
			return false
		}
		w.emit(ceEst, i, i+1)
		return true
	case 'g':
		if !w.participle(i + 1) {
			return false
		}
		w.emit(jeAi, i, i+1)
		return true
	}
	return false
}

// mister handles "M." and "M" before a name, and reports whether it did.
func (w *wording) mister(i int) bool {
	if w.letters(i)[0] != 'm' || w.t.pieces[i].flags&Capital == 0 || i+1 == len(w.t.pieces) {
		return false
	}
	next := &w.t.pieces[i+1]
	if next.flags&Capital == 0 || next.flags&SentenceStart != 0 || next.gap&^(gapDot|gapSpace) != 0 || next.gap&gapSpace == 0 {
		return false
	}
	w.emit(monsieur, i, i+1)
	return true
}

// sentenceStart reports whether piece i begins a sentence, where a capital
// means nothing.
func (t *Text) sentenceStart(i int) bool { return t.pieces[i].flags&SentenceStart != 0 }

// labelledWords stand before a letter that is a label: "hépatite C", "escalier
// C"; typedWords before a "c" that is the letter.
const (
	labelledWords = `hepatite plan vitamine batiment bat escalier porte appartement appt zone classe categorie groupe bloc annexe
	permis`
	typedWords = "le la du de au type point lettre"
)

// perfectWords follow "j'ai" and no letter.
const perfectWords = `pas pu plu plus ete eu un une des du de mal rien trop tout jamais peur besoin honte faim froid bien deja encore
	juste que mon ma mes les le la l fait dit ecrit mis pris appris compris ouvert souffert droit aucun aucune
	toujours enfin beaucoup deux trois quatre cinq tres vraiment meme essaye perdu vu su`

// participle reports whether piece i may follow "j'ai".
func (w *wording) participle(i int) bool {
	word := w.letters(i)
	if w.kinds(i)&perfect != 0 || w.t.pieces[i].flags&Digits != 0 {
		return true
	}
	if len(word) < 4 {
		return false
	}
	for _, ending := range []string{"e", "er", "ez", "ee", "u", "i", "is", "it", "ert"} {
		if bytes.HasSuffix(word, []byte(ending)) {
			return true
		}
	}
	return false
}
