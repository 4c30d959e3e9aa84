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
		if i = w.plain(i); i < len(t.pieces) {
			i += w.word(i)
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
	// lone marks a piece that is one capital letter.
	lone Flag = 1 << 14
	// starts are the facts that pass from a dropped word to the next.
	starts = SentenceStart | ClauseStart | LineStart | AfterNe
)

func (w *wording) letters(i int) []byte {
	return w.t.pieces[i].letters(w.t)
}

// pair returns the rule of the pieces i and i+1 as one word.
func (w *wording) pair(i int) uint16 {
	var word [wide]byte
	a, b := w.letters(i), w.letters(i+1)
	if len(a)+len(b) > wide {
		return 0
	}
	copy(word[copy(word[:], a):], b)
	return ruleOf(word[:len(a)+len(b)])
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
		w.t.pieces[i].gap&^(gapSpace|gapLine|gapApostrophe|gapHyphen) == 0 && w.t.pieces[i].size > 0
}

// apostrophe reports whether piece i is followed by an apostrophe and a word,
// and perhaps a quotation mark between.
func (w *wording) apostrophe(i int) bool {
	if i+1 == len(w.t.pieces) {
		return false
	}
	next := &w.t.pieces[i+1]
	return next.gap&gapApostrophe != 0 && next.flags&SentenceStart == 0 && next.size > 0
}

// drop removes the piece i, whose facts the next word takes over.
func (w *wording) drop(i int) { w.carry |= w.t.pieces[i].flags & starts }

// emit adds the words of s in the place of the pieces from i to j exclusive.
func (w *wording) emit(s phrase, i, j int) {
	p, last := &w.t.pieces[i], &w.t.pieces[j-1]
	flags := p.flags &^ lone
	for k := range s {
		f := &s[k]
		w.add(&f.word, f.size, Token{Start: p.start, End: last.end, Flags: flags, Hash: f.hash, rule: f.rule})
		flags &^= starts
	}
}

// keep adds the pieces from i to j exclusive as one word.
func (w *wording) keep(i, j int) {
	p, last := &w.t.pieces[i], &w.t.pieces[j-1]
	k := Token{Start: p.start, End: last.end, Flags: p.flags &^ lone, Hash: p.hash, rule: p.rule}
	if j == i+1 && p.size <= wide {
		w.add(&p.word, int(p.size), k)
		return
	}
	from := len(w.t.Folded)
	for n := i; n < j; n++ {
		w.t.Folded = append(w.t.Folded, w.letters(n)...)
	}
	if j > i+1 {
		word := w.t.Folded[from:]
		k.Hash, k.rule = Hash(word), ruleOf(word)
	}
	w.token(from, k)
}

// plain adds the pieces from i on that no rule makes something else of, as keep
// does, and returns the first that one may.
func (w *wording) plain(i int) int {
	for i < len(w.t.pieces) && w.t.pieces[i].ruled == 0 {
		next, echo := w.copy(i)
		switch {
		case echo:
			w.settle()
		case next == i:
			w.keep(i, i+1)
			next = i + 1
		}
		i = next
	}
	return i
}

// copy is plain for words of sixteen letters at most, as long as there is room
// for what it adds and the last one is no echo. It makes no calls, so that all
// it needs is in registers.
func (w *wording) copy(i int) (next int, echo bool) {
	t := w.t
	pieces := t.pieces
	tokens, n := t.Tokens[:cap(t.Tokens)], len(t.Tokens)
	folded, m := t.Folded[:cap(t.Folded)], len(t.Folded)
	if n < maxRepeat {
		return i, false
	}
	carry := w.carry
	for i < len(pieces) && n < len(tokens) && m+wide <= len(folded) && !echo {
		p := &pieces[i]
		size := int(p.size)
		if p.ruled != 0 || size > wide {
			break
		}
		*(*[wide]byte)(folded[m:]) = p.word
		last := (*[1 + maxRepeat]Token)(tokens[n-maxRepeat:])
		k := &last[maxRepeat]
		k.From, k.To, k.Start, k.End = int32(m), int32(m+size), p.start, p.end
		k.Flags, k.rule, k.Hash = p.flags&^lone|carry, p.rule, p.hash
		carry = 0
		i++
		n++
		m += size
		echo = echoes(last)
	}
	t.Folded, t.Tokens, w.carry = folded[:m], tokens[:n], carry
	return i, echo
}

// echoes reports whether the last of words may repeat others, by their hashes,
// or has "y" before it.
func echoes(words *[1 + maxRepeat]Token) bool {
	h := words[4].Hash
	return h == words[3].Hash || h == words[2].Hash || h == words[1].Hash || h == words[0].Hash || words[3].rule == ruleY
}

// add adds a word of size letters as the token k.
func (w *wording) add(word *[wide]byte, size int, k Token) {
	t, from := w.t, len(w.t.Folded)
	t.Folded = append(t.Folded, word[:]...)[:from+size]
	w.token(from, k)
}

// token adds k, whose word was just appended to Folded.
func (w *wording) token(from int, k Token) {
	t := w.t
	k.From, k.To = int32(from), int32(len(t.Folded))
	k.Flags |= w.carry
	w.carry = 0
	t.Tokens = append(t.Tokens, k)
	if n := len(t.Tokens) - 1 - maxRepeat; n < 0 || echoes((*[1 + maxRepeat]Token)(t.Tokens[n:])) {
		w.settle()
	}
}

// settle removes what the last token makes superfluous.
func (w *wording) settle() {
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
