package main

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cloudflare/ahocorasick"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/automaton"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// ours are the contenders in Go, by name.
func ours() map[string]func(phrases []string) (made, error) {
	return map[string]func([]string) (made, error){
		"words":      func(p []string) (made, error) { return newWords(p, false) },
		"interned":   func(p []string) (made, error) { return newWords(p, true) },
		"cloudflare": newCloudflare,
		"valid":      plain(unquoted, func(d any) int { return truth(utf8.ValidString(d.(string))) }),
		"chain":      plain(unquotedBytes, newChain()),
		"fold":       plain(unquoted, newFold()),
		"decode":     plain(record, decode),
		"json":       plain(bytesOf, unmarshal),
		"classify":   newClassify,
	}
}

// built measures the making of tables: CPU time, and memory that stays.
func built(make func() (contender, error)) (made, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what waited for a finalizer too
	runtime.ReadMemStats(&before)
	began := processor()
	c, err := make()
	cpu := processor() - began
	if err != nil {
		return made{}, err
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return made{c, cpu, int64(after.HeapAlloc) - int64(before.HeapAlloc)}, nil
}

// words is vigie's automaton over word numbers.
type words struct {
	engine     automaton.Engine
	vocabulary *text.Vocabulary
	// interning: each document's words are looked up in the vocabulary every
	// time; otherwise once, beforehand.
	interning bool
	ids       []uint32
	matches   []automaton.Match
}

func newWords(phrases []string, interning bool) (made, error) {
	return built(func() (contender, error) {
		w := &words{vocabulary: text.NewVocabulary(nil), interning: interning}
		patterns := make([][]uint32, len(phrases))
		for i, p := range phrases {
			for word := range strings.SplitSeq(p, " ") {
				// Its own copy, so that the vocabulary's letters count as memory.
				patterns[i] = append(patterns[i], w.vocabulary.Add(strings.Clone(word)))
			}
		}
		var err error
		w.engine, err = automaton.NewWords(patterns)
		return w, err
	})
}

// tokens are a document as folding leaves it: the words and where each stands.
type tokens struct {
	folded []byte
	places [][2]int32
	ids    []uint32
}

func (w *words) read(line string) any {
	t := &tokens{folded: []byte(line)}
	from := int32(0)
	for word := range strings.SplitSeq(line, " ") {
		to := from + int32(len(word))
		t.places = append(t.places, [2]int32{from, to})
		t.ids = append(t.ids, w.vocabulary.ID([]byte(word)))
		from = to + 1
	}
	return t
}

func (w *words) find(document any) int {
	t := document.(*tokens)
	ids := t.ids
	if w.interning {
		ids = w.ids[:0]
		for _, p := range t.places {
			ids = append(ids, w.vocabulary.ID(t.folded[p[0]:p[1]]))
		}
		w.ids = ids
	}
	w.matches = w.engine.Find(ids, w.matches[:0])
	return len(w.matches)
}

// cloudflare is the library as it comes, over bytes. It says which patterns
// occur, not where nor how often.
type cloudflare struct{ matcher *ahocorasick.Matcher }

func newCloudflare(phrases []string) (made, error) {
	return built(func() (contender, error) {
		spaced := make([]string, len(phrases))
		for i, p := range phrases {
			spaced[i] = " " + p + " "
		}
		return cloudflare{ahocorasick.NewStringMatcher(spaced)}, nil
	})
}

func (cloudflare) read(line string) any { return []byte(" " + line + " ") }

func (c cloudflare) find(document any) int { return len(c.matcher.MatchThreadSafe(document.([]byte))) }

// function is a contender without tables.
type function struct {
	reader func(line string) any
	finder func(document any) int
}

func plain(read func(string) any, find func(any) int) func([]string) (made, error) {
	return func([]string) (made, error) { return made{contender: function{read, find}}, nil }
}

func (f function) read(line string) any  { return f.reader(line) }
func (f function) find(document any) int { return f.finder(document) }

// unquoted reads a text that stands in a line as JSON.
func unquoted(line string) any {
	var s string
	if err := json.Unmarshal([]byte(line), &s); err != nil {
		panic("not a text in JSON: " + err.Error())
	}
	return s
}

func unquotedBytes(line string) any { return []byte(unquoted(line).(string)) }
func bytesOf(line string) any       { return []byte(line) }
func record(line string) any        { return event.Record{Value: []byte(line)} }

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func newFold() func(any) int {
	var t text.Text
	return func(d any) int {
		text.Fold(d.(string), &t)
		return len(t.Tokens)
	}
}

// newChain is what golang.org/x/text offers for taking marks and case off.
func newChain() func(any) int {
	chain := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), runes.Map(unicode.ToLower))
	var buffer []byte
	return func(d any) int {
		chain.Reset()
		var err error
		if buffer, _, err = transform.Append(chain, buffer[:0], d.([]byte)); err != nil {
			panic("x/text refuses a document: " + err.Error())
		}
		return len(buffer)
	}
}

// classify is the whole path from an event's bytes to its flag.
type classify struct{ classifier *pipeline.Classifier }

// newClassify makes the classifier of the packed program whose file is the
// only phrase, of the shipped one without.
func newClassify(phrases []string) (made, error) {
	return built(func() (contender, error) {
		load := shipped
		if len(phrases) > 0 {
			load = func() (*lexicon.Program, error) {
				packed, err := os.ReadFile(phrases[0])
				if err != nil {
					return nil, err
				}
				return lexicon.Unpack(packed)
			}
		}
		p, err := load()
		if err != nil {
			return nil, err
		}
		c, err := pipeline.NewClassifier(p, automaton.Words)
		return classify{c}, err
	})
}

func (classify) read(line string) any { return record(line) }

func (c classify) find(document any) int {
	result, err := c.classifier.Classify(document.(event.Record))
	if err != nil {
		panic("an event of the corpus is refused: " + err.Error())
	}
	return truth(result.Flag != nil)
}
