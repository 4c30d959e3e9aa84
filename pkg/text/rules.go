package text

import (
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
	joins    uint32 // the letters that it stands before in joinedTable, a bit each from "a" on
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
	eliding // may be an elision
)

var lists = map[kind]string{
	handled: handledWords, filler: fillerWords, opening: openingWords, asking: askingWords, dating: datingWords,
	having: havingWords, being: beingWords, perfect: perfectWords, born: bornWords, labelled: labelledWords,
	eliding: elidingWords, typed: typedWords, ordinal: ordinalWords, title: titleWords, abbreviation: abbreviationWords, compound: compoundWords,
}

// phrase is one or more folded words that stand for something else.
type phrase []form

// form is a folded word, ready to be written.
type form struct {
	word [wide]byte
	size int
	hash uint64
	rule uint16
}

func newPhrase(words string) phrase {
	var p phrase
	for w := range strings.FieldsSeq(words) {
		f := form{size: len(w), hash: Hash([]byte(w)), rule: ruleOf([]byte(w))}
		if copy(f.word[:], w) < len(w) {
			panic("text: too long for a form: " + w)
		}
		p = append(p, f)
	}
	return p
}

// The phrases that rules of more than one word write.
var tu, svp, si, y, vous, ceEst, jeAi, monsieur phrase

// rules holds the rule of each word that has one, by its number; 0 is no rule.
// ruleIDs finds the number by the word's hash, and with it whether the word
// itself is handled by its rule, always or where it has an accent.
var (
	rules         []rule
	ruleWords     []string
	ruleIDs       ruleTable
	ruleIl, ruleY uint16
	ruleS, ruleT  uint16
)

const (
	ruleHandles = 1 << 15
	ruleAccent  = 1 << 14
	ruleNumber  = ruleAccent - 1
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
	for w := range elided {
		kinds[w] |= eliding
	}

	ruleWords = append([]string{""}, slices.Sorted(maps.Keys(kinds))...)
	ids := make([]uint16, len(ruleWords))
	for i, w := range ruleWords {
		ids[i] = uint16(i)
		if kinds[w]&(handled|filler) != 0 || spelt[w] != "" {
			ids[i] |= ruleHandles
		}
		if accented[w] != "" {
			ids[i] |= ruleAccent
		}
	}
	ruleIDs.fill(ruleWords, ids)
	rules = make([]rule, len(ruleWords))
	for i, w := range ruleWords[1:] {
		rules[i+1] = rule{kinds: kinds[w], number: numerals[w], spelt: newPhrase(spelt[w]), accented: newPhrase(accented[w]),
			joined: newPhrase(joined[w]), elided: newPhrase(elided[w])}
	}
	rules[0].joins = ^uint32(0) // a word without a rule may stand before any
	for w := range joined {
		for n := 1; n < len(w); n++ {
			if id := ruleOf([]byte(w[:n])); id != 0 {
				rules[id].joins |= 1 << (w[n] - 'a')
			}
		}
	}
	tu, svp, si, y, vous = newPhrase("tu"), newPhrase("svp"), newPhrase("si"), newPhrase("y"), newPhrase("vous")
	ceEst, jeAi, monsieur = newPhrase("ce est"), newPhrase("je ai"), newPhrase("monsieur")
	ruleIl, ruleY, ruleS, ruleT = ruleOf([]byte("il")), ruleOf([]byte("y")), ruleOf([]byte("s")), ruleOf([]byte("t"))
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
func ruleOf(word []byte) uint16 { return certain(ruleIDs.find(Hash(word)), word) & ruleNumber }

// certain returns id if it is the rule of word, and 0 otherwise: longer words
// may have the same hash.
func certain(id uint16, word []byte) uint16 {
	if id != 0 && len(word) > short && ruleWords[id&ruleNumber] != string(word) {
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
	_, i := t.at(hash)
	// Half of the words have a rule: no branch could guess which.
	other := t.hashes[i] ^ hash
	return t.ids[i] &^ uint16(int64(other|-other)>>63)
}

// fill places the ids of words, the full buckets first; the word at 0 is none.
func (t *ruleTable) fill(words []string, ids []uint16) {
	buckets := make([][]int, len(t.rotation))
	hashes := make([]uint64, len(words))
	for i := 1; i < len(words); i++ {
		hashes[i] = Hash([]byte(words[i]))
		b, _ := t.at(hashes[i])
		buckets[b] = append(buckets[b], i)
	}
	slices.SortStableFunc(buckets, func(a, b []int) int { return len(b) - len(a) })
	for _, bucket := range buckets {
		if len(bucket) > 0 && !t.place(bucket, hashes, ids) {
			panic("text: too many rules for a table of this size: raise slotBits")
		}
	}
}

// place finds a rotation for the words of one bucket.
func (t *ruleTable) place(bucket []int, hashes []uint64, ids []uint16) bool {
	b, _ := t.at(hashes[bucket[0]])
	for t.rotation[b] = 0; t.rotation[b] < 64; t.rotation[b]++ {
		placed := 0
		for _, k := range bucket {
			_, i := t.at(hashes[k])
			if t.ids[i] != 0 {
				break
			}
			t.hashes[i], t.ids[i] = hashes[k], ids[k]
			placed++
		}
		if placed == len(bucket) {
			return true
		}
		for _, k := range bucket[:placed] {
			_, i := t.at(hashes[k])
			t.hashes[i], t.ids[i] = 0, 0
		}
	}
	return false
}
