package text

// elidedTable holds the words that lose their vowel, and what is left of them.
// "l" stays, as it may be either article or either pronoun; "n" leaves a mark.
const elidedTable = `
je: j
me: m
te: t
se: s
de: d
ce: c
que: qu k
l: l
jusque: jusqu
lorsque: lorsqu
puisque: puisqu
quelque: quelqu
quoique: quoiqu
`

// joinedTable holds words written with an apostrophe that are one word: what
// they are folded to, and their letters.
const joinedTable = `
aujourdhui: aujourdhui
presquile: presquile
prudhommes: prudhommes prudhomme
prudhomal: prudhomal prudhomale
petit: ptit
petite: ptite
petits: ptits
petites: ptites
depuis: dpuis
ce que: cque
peut etre: ptet
`

// havingWords are forms of "avoir" that "il y" and "y" stand before, beingWords
// those after which a written "t'" is "tu".
const (
	havingWords = "a avait aura aurait avaient ait eut as avais auras aurais aies"
	beingWords  = "es etais as avais auras aurais aies arrives habites"
)

// handledWords are looked at by elided, filler, single and word.
const handledWords = `j m t s d c l n qu jusqu lorsqu puisqu quelqu quoiqu aujourd prud
	voila du en eh quoi bon g ne si`

// elidingWords are elisions beside those of elidedTable, which may stand without
// their apostrophe.
const elidingWords = "n aujourd prud"

// plainElision handles the piece at i if it is one of the most frequent
// elisions, which need no look at what follows, and reports whether it was.
func (w *wording) plainElision(i int) bool {
	if i+1 == len(w.t.pieces) {
		return false
	}
	p, next := &w.t.pieces[i], &w.t.pieces[i+1]
	r := &rules[p.rule]
	if r.elided == nil || next.gap != gapApostrophe || next.size == 0 || p.rule == ruleS || p.rule == ruleT ||
		r.joins>>(next.word[0]-'a')&1 != 0 || p.flags&(acronym|Digits) != 0 {
		return false
	}
	p.flags |= Elided
	w.emit(r.elided, i, i+1)
	return true
}

// elided handles the piece at i if it is an elision, and returns how many
// pieces it took, 0 if it is none.
func (w *wording) elided(i int) int {
	p := &w.t.pieces[i]
	word := w.letters(i)
	if len(word) > len("aujourd") {
		return 0
	}
	if w.apostrophe(i) || w.follows(i+1) && (string(word) == "aujourd" || string(word) == "prud") {
		if rules[p.rule].joins>>(w.t.pieces[i+1].word[0]-'a')&1 != 0 {
			if full := rules[w.pair(i)].joined; full != nil {
				w.emit(full, i, i+2)
				return 2
			}
		}
	}
	if w.apostrophe(i) {
		if string(word) == "entr" {
			w.keep(i, i+2)
			return 2
		}
		p.flags |= Elided
	} else if !w.loose(i) {
		return 0
	}
	switch string(word) {
	case "n":
		w.drop(i)
		w.carry |= AfterNe
		return 1
	case "t":
		if w.is(i+1, "il", "ils", "elle", "elles", "on") && i > 0 {
			w.drop(i) // "a-t-il", "va t elle"
			return 1
		}
		if w.kinds(i+1)&being != 0 {
			w.emit(tu, i, i+1)
			return 1
		}
	case "s":
		if w.is(i+1, "il", "ils") {
			if n := w.please(i + 2); n > 0 {
				w.emit(svp, i, i+2+n)
				return 2 + n
			}
			w.emit(si, i, i+1)
			return 1
		}
	case "y", "z":
		// "y'a"; "z'avez"
		if p.flags&Elided == 0 {
			return 0
		}
		p.flags &^= Elided
		if word[0] == 'y' {
			w.emit(y, i, i+1)
		} else {
			w.emit(vous, i, i+1)
		}
		return 1
	}
	full := rules[p.rule].elided
	if full == nil {
		p.flags &^= Elided
		return 0
	}
	w.emit(full, i, i+1)
	return 1
}

// loose reports whether the piece at i is an elision whose apostrophe is
// missing: "j arrive", "c est", "qu il".
func (w *wording) loose(i int) bool {
	p := &w.t.pieces[i]
	word := w.letters(i)
	if len(word) > len("jusqu") && len(word) != len("lorsqu") || p.flags&acronym != 0 || !w.vowel(i+1) || w.behindA(i, labelled) {
		return false
	}
	switch string(word) {
	case "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "quoiqu":
		return true
	case "m":
		// "M Abdel" is a gentleman.
		return p.flags&Capital == 0 || w.t.pieces[i+1].flags&(Capital|Upper|lone) != Capital
	case "j", "t", "s", "d", "c", "l", "n":
		return true
	}
	return false
}

// please returns how many pieces from i on end "s'il vous plaît".
func (w *wording) please(i int) int {
	if w.is(i, "vous", "te", "vs", "t") && w.is(i+1, "plait", "plais", "plaits", "plai", "plaid") {
		return 2
	}
	return 0
}

// spelling marks the letters of spelled acronyms: three and more single
// letters in a row ("r s a"), or two with dots ("R.S.").
func (w *wording) spelling() {
	t := w.t
	for i := t.spelled[0]; i < t.spelled[1]; {
		n := w.singles(i)
		if n == 0 {
			i++
			continue
		}
		from, to := i, i+n
		i = to
		// "n y a d autres" is spoken, not spelled.
		if n > 1 && w.letters(from)[0] == 'n' && w.letters(from + 1)[0] == 'y' {
			from++
		}
		if to-from > 1 && w.letters(from)[0] == 'y' && w.letters(from + 1)[0] == 'a' {
			from += 2
		}
		dotted := to-from == 2 && t.pieces[from+1].gap == gapDot
		if to-from < 3 && !dotted || w.spoken(from, to) {
			continue
		}
		for k := from; k < to; k++ {
			t.pieces[k].flags |= acronym
		}
	}
}

// singles returns how many single letters follow each other from piece i on,
// with blanks or dots between them.
func (w *wording) singles(i int) int {
	n := 0
	for ; i+n < len(w.t.pieces); n++ {
		p := &w.t.pieces[i+n]
		c := w.letters(i + n)
		if len(c) != 1 || c[0] < 'a' || c[0] > 'z' ||
			n > 0 && (p.flags&(SentenceStart|ClauseStart) != 0 || p.gap&^(gapSpace|gapDot) != 0 || p.gap == 0) {
			break
		}
	}
	if n > 0 && w.apostrophe(i+n-1) {
		n--
	}
	return n
}

// spoken reports whether three single letters are rather words without their
// apostrophes: "m a d abord", "t a l air".
func (w *wording) spoken(from, to int) bool {
	if to-from != 3 || !w.vowel(to) {
		return false
	}
	first, last := w.letters(from)[0], w.letters(to - 1)[0]
	if first != 'm' && first != 't' && first != 'l' && first != 'j' && first != 's' {
		return false
	}
	second := w.letters(from + 1)[0]
	return (second == 'a' || second == 'y') && (last == 'd' || last == 'l' || last == 'j' || last == 'm' || last == 't')
}
