package text

// Fold cuts src into words and fills t with them, reusing its memory: after a
// few texts it allocates nothing, but for texts with HTML entities. It takes
// time linear in src and accepts any bytes; those that are not UTF-8 separate
// words.
//
// What is written differently and read alike becomes the same words: case,
// accents, apostrophes and elisions ("j'arrive", "j arrive"), hyphens, spoken
// and SMS spellings, fillers, stammered repetitions. "ne" leaves only a mark
// on the next word. A lexicon folded by the same function therefore needs one
// spelling of each thing.
func Fold(src string, t *Text) {
	t.Source, t.Accented = src, false
	t.Folded, t.Tokens = t.Folded[:0], t.Tokens[:0]
	t.scan(src)
	w := wording{t: t}
	w.spelling()
	for i := 0; i < len(t.pieces); {
		if t.pieces[i].ruled {
			i += w.word(i)
		} else {
			w.keep(i, i+1)
			i++
		}
	}
}

// wording makes words of pieces.
type wording struct {
	t *Text
	// carry holds facts about dropped words that the next word takes over.
	carry Flag
}

const (
	// acronym marks a piece, then a token, as a letter of a spelled acronym.
	acronym Flag = 1 << 15
	// starts are the facts that pass from a dropped word to the next.
	starts = SentenceStart | ClauseStart | LineStart | AfterNe
)

func (w *wording) letters(i int) []byte {
	p := &w.t.pieces[i]
	return w.t.letters[p.from:p.to]
}

// is reports whether piece i is one of words and stands in the sentence of the
// piece before it.
func (w *wording) is(i int, words ...string) bool {
	if i >= len(w.t.pieces) || w.t.pieces[i].flags&SentenceStart != 0 {
		return false
	}
	return w.oneOf(i, words)
}

// behind reports whether the piece before i, in the same sentence, is one of words.
func (w *wording) behind(i int, words ...string) bool {
	return i > 0 && w.t.pieces[i].flags&SentenceStart == 0 && w.oneOf(i-1, words)
}

func (w *wording) oneOf(i int, words []string) bool {
	for _, s := range words {
		if string(w.letters(i)) == s {
			return true
		}
	}
	return false
}

// kinds returns the lists that piece i stands in.
func (w *wording) kinds(i int) kind { return rules[w.t.pieces[i].rule].kinds }

// isA reports whether piece i is of a kind and stands in the sentence of the
// piece before it.
func (w *wording) isA(i int, k kind) bool {
	return i < len(w.t.pieces) && w.t.pieces[i].flags&SentenceStart == 0 && w.kinds(i)&k != 0
}

// behindA reports whether the piece before i, in the same sentence, is of a kind.
func (w *wording) behindA(i int, k kind) bool {
	return i > 0 && w.t.pieces[i].flags&SentenceStart == 0 && w.kinds(i-1)&k != 0
}

// vowel reports whether piece i begins with a vowel or h and follows on in the
// sentence with nothing but a blank, hyphen or apostrophe between.
func (w *wording) vowel(i int) bool {
	if !w.follows(i) {
		return false
	}
	switch w.letters(i)[0] {
	case 'a', 'e', 'i', 'o', 'u', 'y', 'h':
		return true
	}
	return false
}

// follows reports whether nothing but a blank, hyphen or apostrophe stands
// before piece i.
func (w *wording) follows(i int) bool {
	return i < len(w.t.pieces) && w.t.pieces[i].flags&(SentenceStart|ClauseStart) == 0 &&
		w.t.pieces[i].gap&^(gapSpace|gapLine|gapApostrophe|gapHyphen) == 0 && w.t.pieces[i].from < w.t.pieces[i].to
}

// apostrophe reports whether piece i is followed by an apostrophe and a word,
// and perhaps a quotation mark between.
func (w *wording) apostrophe(i int) bool {
	if i+1 == len(w.t.pieces) {
		return false
	}
	next := &w.t.pieces[i+1]
	return next.gap&gapApostrophe != 0 && next.flags&SentenceStart == 0 && next.from < next.to
}

// drop removes the piece i, whose facts the next word takes over.
func (w *wording) drop(i int) { w.carry |= w.t.pieces[i].flags & starts }

// emit adds the words of s in the place of the pieces from i to j exclusive.
func (w *wording) emit(s phrase, i, j int) {
	p, last := &w.t.pieces[i], &w.t.pieces[j-1]
	flags := p.facts()
	for k := range s {
		f := &s[k]
		from := int32(len(w.t.Folded))
		w.t.Folded = append(w.t.Folded, f.word...)
		w.add(Token{From: from, Start: p.start, End: last.end, Flags: flags, Hash: f.hash, rule: f.rule})
		flags &^= starts
	}
}

// keep adds the pieces from i to j exclusive as one word.
func (w *wording) keep(i, j int) {
	p, last := &w.t.pieces[i], &w.t.pieces[j-1]
	from := int32(len(w.t.Folded))
	w.t.Folded = append(w.t.Folded, w.t.letters[p.from:last.to]...)
	if len(w.t.Folded) > int(from) {
		hash, rule := p.hash, p.rule
		if j > i+1 {
			hash = Hash(w.t.Folded[from:])
			rule = ruleOf(w.t.Folded[from:])
		}
		w.add(Token{From: from, Start: p.start, End: last.end, Flags: p.facts(), Hash: hash, rule: rule})
	}
}

// add adds the token whose word was just appended to Folded.
func (w *wording) add(k Token) {
	t := w.t
	k.To = int32(len(t.Folded))
	k.Flags |= w.carry
	w.carry = 0
	t.Tokens = append(t.Tokens, k)
	w.impersonal()
	w.collapse()
}

// impersonal drops an "il" directly before "y a": "il y a" and "y a" are one.
func (w *wording) impersonal() {
	t := w.t
	n := len(t.Tokens)
	if n < 3 || t.Tokens[n-2].rule != ruleY || t.Tokens[n-3].rule != ruleIl || rules[t.Tokens[n-1].rule].kinds&having == 0 ||
		(t.Tokens[n-1].Flags|t.Tokens[n-2].Flags)&SentenceStart != 0 {
		return
	}
	il := t.Tokens[n-3]
	t.Tokens[n-2].Flags |= il.Flags & starts
	t.Tokens = append(t.Tokens[:n-3], t.Tokens[n-2:]...)
}
