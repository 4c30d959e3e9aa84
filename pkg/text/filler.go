package text

// fillerWords carry no meaning wherever they stand.
const fillerWords = `euh heu heuh euuh hum hm hmm mmh mh ben bah beh bha hein pf pff ah oh enfin`

// filler returns how many pieces from i on are a filler, 0 if none. It drops
// no word that a lexicon could be after: "voilà deux ans", "bon de commande",
// "du coup de fil" and "je fais quoi" stay.
func (w *wording) filler(i int) int {
	word := w.letters(i)
	if w.kinds(i)&filler != 0 {
		return 1
	}
	switch string(word) {
	case "voila":
		switch {
		case w.is(i+1, "quoi"):
			return 2
		case !w.dated(i + 1):
			return 1
		}
	case "du":
		if w.is(i+1, "coup") && !w.is(i+2, "de", "d") {
			return 2
		}
	case "en":
		if w.is(i+1, "fait") && !w.is(i+2, "de", "d", "trop", "pas", "plus", "partie") && !w.behind(i, "on", "il", "elle", "qui", "ca", "n", "ne") {
			return 2
		}
	case "eh":
		if w.is(i+1, "bien") {
			return 2
		}
		return 1
	case "quoi":
		if w.clauseEnds(i+1) && len(w.t.Tokens) > 0 && rules[w.t.Tokens[len(w.t.Tokens)-1].rule].kinds&asking == 0 {
			return 1
		}
	case "bon":
		if (w.t.sentenceStart(i) || w.carry&SentenceStart != 0) && (w.isA(i+1, opening) || i+1 < len(w.t.pieces) && w.kinds(i+1)&filler != 0) {
			return 1
		}
	}
	return 0
}

// clauseEnds reports whether no word of the same clause stands at i.
func (w *wording) clauseEnds(i int) bool {
	return i >= len(w.t.pieces) || w.t.pieces[i].flags&(SentenceStart|ClauseStart) != 0
}

// dated reports whether what follows "voilà" at i makes it a word of time.
func (w *wording) dated(i int) bool {
	if i >= len(w.t.pieces) || w.t.pieces[i].flags&(SentenceStart|ClauseStart) != 0 {
		return false
	}
	return w.kinds(i)&dating != 0 || Numeric(w.letters(i))
}

// askingWords stand before a "quoi" that asks or completes.
const askingWords = `a de du pour par sur en avec sais sait savoir savez pas plus fait fais faire faites font dire dis dit est que
	importe comme ou et veut veux sert devient deviens paye manger mange vis vivre comprends comprend etait`

// openingWords stand after a "bon" that says nothing at the beginning of a sentence.
const openingWords = `ben bah euh heu alors je j on il elle c ce donc mais et voila nous vous y ecoutez ecoute moi enfin la ca
	maintenant d apres oui non si mon ma quand`

// datingWords stand after a "voilà" that is a word of time.
const datingWords = `maintenant bientot deja que qu pourquoi comment ce plus pres presque longtemps des quelques environ`
