package text

import "bytes"

// maxRepeat is the length in words of the longest group whose repetition is
// removed ("c'est un c'est un").
const maxRepeat = 4

// collapse removes the last words if they repeat the ones before, as people do
// when they look for words and recognisers write down. The first place stays.
// Numbers and spelled letters are left alone: "vingt vingt" and "a a h" mean
// what they say. So are repetitions in a sentence of its own.
func (w *wording) collapse() {
	t := w.t
	for k := 1; k <= maxRepeat && 2*k <= len(t.Tokens); k++ {
		n := len(t.Tokens)
		if t.Tokens[n-1].Hash == t.Tokens[n-1-k].Hash && w.repeats(k) {
			for i := n - k; i < n; i++ {
				// "mieux sans elle, elle a pris": the comma stays.
				t.Tokens[i-k].Flags |= t.Tokens[i].Flags & (AfterNe | ClauseStart)
			}
			t.Tokens = t.Tokens[:n-k]
			t.Folded = t.Folded[:t.Tokens[n-k-1].To]
			return
		}
	}
}

// repeats reports whether the last k words are the k before them again.
func (w *wording) repeats(k int) bool {
	t := w.t
	n := len(t.Tokens)
	for i := n - 1; i >= n-k; i-- {
		a, b := &t.Tokens[i], &t.Tokens[i-k]
		if a.Flags&(SentenceStart|acronym|Digits) != 0 || b.Flags&acronym != 0 {
			return false
		}
		if a.Hash != b.Hash || a.To-a.From > short && !bytes.Equal(t.Word(i), t.Word(i-k)) || rules[a.rule].number.counts() {
			return false
		}
	}
	return true
}
