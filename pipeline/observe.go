package pipeline

import (
	"slices"
	"strings"
	"unicode"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
	"github.com/vigie-project/vigie/pkg/text"
)

// Observation is what a document could show a learned layer: every word, pair
// and part of a word in its passages, whatever the ruleset weighs.
type Observation struct {
	Passages []ObservedPassage
	// Scale is what sums of weights over the document are multiplied by.
	Scale float64
	// Evidence is what the factors weigh for each decision, as the pipeline
	// adds it to the indices.
	Evidence [lexicon.Decisions]float64
	// Factors are the ids of the asserted factors.
	Factors []string
}

// ObservedPassage is one passage.
type ObservedPassage struct {
	// Span is its place.
	Span flag.Span
	// Scale is what sums of weights over the passage are multiplied by.
	Scale float64
	// Features are the numbers of its indices, in order, each once.
	Features []int32
}

// Features numbers the indices that documents show, in their notation.
type Features struct {
	Texts   []string
	numbers map[string]int32
	words   map[string][]int32
}

// NewFeatures returns an empty numbering.
func NewFeatures() *Features {
	return &Features{numbers: make(map[string]int32), words: make(map[string][]int32)}
}

func (f *Features) number(text string) int32 {
	n, ok := f.numbers[text]
	if !ok {
		n = int32(len(f.Texts))
		f.numbers[text] = n
		f.Texts = append(f.Texts, text)
	}
	return n
}

// The lengths of parts of words, in bytes, the edge of the word counted.
const (
	shortestPart = 3
	longestPart  = 5
)

// word returns the numbers of a word and of its parts.
func (f *Features) word(word string) []int32 {
	if all, ok := f.words[word]; ok {
		return all
	}
	all := []int32{f.number(word)}
	if strings.ContainsFunc(word, func(r rune) bool { return r == '#' || r > unicode.MaxASCII }) {
		f.words[word] = all
		return all
	}
	edged := "-" + word + "-"
	for n := shortestPart; n <= longestPart; n++ {
		for i := 0; i+n <= len(edged); i++ {
			part := edged[i : i+n]
			switch {
			case i == 0 && i+n == len(edged): // the word itself
				continue
			case i == 0:
				part = part[1:] + "-"
			case i+n == len(edged):
				part = "-" + part[:n-1]
			default:
				part = "-" + part + "-"
			}
			all = append(all, f.number(part))
		}
	}
	f.words[word] = all
	return all
}

// Observe reads a record as Classify does and lists what its passages show.
// Its error is an *event.PermanentError.
func (c *Classifier) Observe(r event.Record, features *Features) (Observation, error) {
	j, err := c.judge(r)
	if err != nil {
		return Observation{}, err
	}
	s, o := &c.stream, Observation{Evidence: j.verdict.evidence}
	for _, f := range j.verdict.factors {
		o.Factors = append(o.Factors, c.program.Factors[f].ID)
	}
	c.reader.split(s)
	for _, at := range c.reader.passages {
		p := ObservedPassage{Span: s.span(at.place), Scale: rootScale(int(at.end - at.start))}
		for k := at.start; k < at.end; k++ {
			word := c.observed(k)
			if word == "" {
				continue
			}
			p.Features = append(p.Features, features.word(word)...)
			if k > at.start {
				if before := c.observed(k - 1); before != "" {
					p.Features = append(p.Features, features.number(before+" "+word))
				}
			}
		}
		p.Features = c.observeBeside(p.Features, at.part-1, lexicon.PrefixBefore, features)
		p.Features = c.observeBeside(p.Features, at.part+1, lexicon.PrefixAfter, features)
		slices.Sort(p.Features)
		p.Features = slices.Compact(p.Features)
		o.Passages = append(o.Passages, p)
	}
	o.Scale = rootScale(c.reader.words())
	return o, nil
}

// observed returns the word at a place of the stream as an index would spell
// it, "" for a barrier.
func (c *Classifier) observed(i int32) string {
	s := &c.stream
	if s.toks[i].sentence < 0 {
		return ""
	}
	if id := s.ids[i]; id != 0 {
		return c.program.Vocabulary.Word(id)
	}
	w := s.wordAt(int(i))
	if s.toks[i].flags&text.Digits != 0 {
		return lexicon.NumberName(len(w))
	}
	return string(w)
}

func (c *Classifier) observeBeside(dst []int32, part int32, prefix string, features *Features) []int32 {
	s := &c.stream
	if part < 0 || int(part) >= len(s.doc.Parts) || s.doc.Parts[part].Voice != event.Agent {
		return dst
	}
	for i := s.partStart(part); int(i) < len(s.toks) && s.toks[i].part == part; i++ {
		if word := c.observed(i); word != "" {
			dst = append(dst, features.number(prefix+word))
		}
	}
	return dst
}
