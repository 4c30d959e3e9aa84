package text

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strings"
)

// rule is what the folding knows of a word. Most words have none.
type rule struct {
	kinds    kind
	number   numeral
	spelt    phrase // what it is a spelling of
	accented phrase // the same, where it has an accent
	elided   phrase // what it is without its last vowel
	joined   phrase // what it is as two pieces that an apostrophe joins
}

// kind is a set of lists that a word stands in. Each list is kept beside the
// code that reads it.
type kind uint16

const (
	// handled words need a look at what stands around them.
	handled kind = 1 << iota
	filler
	opening
	asking
	dating
	having
	being
	perfect
	born
	labelled
	typed
	ordinal
	title
	abbreviation
	compound
)

var lists = map[kind]string{
	handled: handledWords, filler: fillerWords, opening: openingWords, asking: askingWords, dating: datingWords,
	having: havingWords, being: beingWords, perfect: perfectWords, born: bornWords, labelled: labelledWords,
	typed: typedWords, ordinal: ordinalWords, title: titleWords, abbreviation: abbreviationWords, compound: compoundWords,
}

// phrase is one or more folded words that stand for something else.
type phrase []form

// form is a folded word, ready to be written.
type form struct {
	word string
	hash uint64
	rule uint16
}

func newPhrase(words string) phrase {
	var p phrase
	for w := range strings.FieldsSeq(words) {
		h := Hash([]byte(w))
		p = append(p, form{word: w, hash: h, rule: ruleIDs.find(h)})
	}
	return p
}

// The phrases that rules of more than one word write.
var tu, svp, si, y, vous, ceEst, jeAi, monsieur phrase

// rules holds the rule of each word that has one, by the number that ruleIDs
// finds for its hash; 0 is no rule. Up to lastRuled the word itself is handled,
// from there up to lastAccented only where it has an accent; the others matter
// to the words around them.
var (
	rules                   []rule
	ruleWords               []string
	ruleIDs                 ruleTable
	lastRuled, lastAccented uint16
	ruleIl, ruleY           uint16
)

func init() {
	kinds := make(map[string]kind)
	for k, words := range lists {
		for w := range strings.FieldsSeq(words) {
			kinds[w] |= k
		}
	}
	spelt, accented := readTable(spellingTable), readTable(accentedTable)
	for s := range strings.FieldsSeq(lists[perfect]) {
		for w := range spelt {
			if spelt[w] == s {
				kinds[w] |= perfect
			}
		}
	}
	joined, elided := readTable(joinedTable), readTable(elidedTable)
	for _, words := range []map[string]string{spelt, accented, joined, elided} {
		for w := range words {
			kinds[w] |= 0 // makes it a word with a rule
		}
	}
	for w := range numerals {
		kinds[w] |= 0
	}
	for _, w := range []string{"il", "y"} {
		kinds[w] |= 0
	}

	class := func(w string) int {
		switch {
		case kinds[w]&(handled|filler) != 0 || spelt[w] != "":
			return 0
		case accented[w] != "":
			return 1
		}
		return 2
	}
	words := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int {
		return cmp.Or(class(a)-class(b), strings.Compare(a, b))
	})
	ruleWords = append([]string{""}, words...)
	ruleIDs.fill(ruleWords)
	rules = make([]rule, len(ruleWords))
	for i, w := range ruleWords[1:] {
		id := uint16(i + 1)
		rules[id] = rule{kinds: kinds[w], number: numerals[w], spelt: newPhrase(spelt[w]), accented: newPhrase(accented[w]),
			joined: newPhrase(joined[w]), elided: newPhrase(elided[w])}
		switch class(w) {
		case 0:
			lastRuled, lastAccented = id, id
		case 1:
			lastAccented = id
		}
	}
	tu, svp, si, y, vous = newPhrase("tu"), newPhrase("svp"), newPhrase("si"), newPhrase("y"), newPhrase("vous")
	ceEst, jeAi, monsieur = newPhrase("ce est"), newPhrase("je ai"), newPhrase("monsieur")
	ruleIl, ruleY = ruleOf([]byte("il")), ruleOf([]byte("y"))
}

// readTable reads lines of canonical words, a colon and the spellings of them.
func readTable(table string) map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(strings.TrimSpace(table)) {
		words, all, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for s := range strings.FieldsSeq(all) {
			m[s] = words
		}
	}
	return m
}

// ruleOf returns the number of a word's rule, 0 for none.
func ruleOf(word []byte) uint16 { return certain(ruleIDs.find(Hash(word)), word) }

// certain returns id if it is the rule of word, and 0 otherwise: longer words
// may have the same hash.
func certain(id uint16, word []byte) uint16 {
	if id != 0 && len(word) > short && ruleWords[id] != string(word) {
		return 0
	}
	return id
}

// ruleTable finds words in one probe, whether they are there or not: each
// bucket of hashes has a rotation that puts all its words into free slots.
type ruleTable struct {
	rotation [256]uint8
	hashes   [slots]uint64
	ids      [slots]uint16
}

const (
	slotBits = 10
	slots    = 1 << slotBits
)

func (t *ruleTable) at(hash uint64) (bucket uint8, slot uint64) {
	bucket = uint8(hash >> 32)
	return bucket, bits.RotateLeft64(hash, int(t.rotation[bucket])) >> (64 - slotBits)
}

func (t *ruleTable) find(hash uint64) uint16 {
	if _, i := t.at(hash); t.hashes[i] == hash {
		return t.ids[i]
	}
	return 0
}

// fill places words, the number of each being its index, the full buckets first.
func (t *ruleTable) fill(words []string) {
	buckets := make([][]uint16, len(t.rotation))
	for id := 1; id < len(words); id++ {
		b, _ := t.at(Hash([]byte(words[id])))
		buckets[b] = append(buckets[b], uint16(id))
	}
	slices.SortStableFunc(buckets, func(a, b []uint16) int { return len(b) - len(a) })
	for _, ids := range buckets {
		if len(ids) > 0 && !t.place(words, ids) {
			panic("text: too many rules for a table of this size: raise slotBits")
		}
	}
}

// place finds a rotation for the words of one bucket.
func (t *ruleTable) place(words []string, ids []uint16) bool {
	b, _ := t.at(Hash([]byte(words[ids[0]])))
	for t.rotation[b] = 0; t.rotation[b] < 64; t.rotation[b]++ {
		placed := 0
		for _, id := range ids {
			hash := Hash([]byte(words[id]))
			_, i := t.at(hash)
			if t.ids[i] != 0 {
				break
			}
			t.hashes[i], t.ids[i] = hash, id
			placed++
		}
		if placed == len(ids) {
			return true
		}
		for _, id := range ids[:placed] {
			_, i := t.at(Hash([]byte(words[id])))
			t.hashes[i], t.ids[i] = 0, 0
		}
	}
	return false
}
