package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// terms is a set of literal phrases that is looked for.
type terms struct {
	name, title, short string
	phrases            []string
}

// The sizes of the lexicons made of n-grams.
const few, many = 5_000, 20_000

// lexicons returns the shipped lexicon's literals and two sets of n-grams.
func (w *workshop) lexicons() ([]terms, error) {
	p, err := shipped()
	if err != nil {
		return nil, err
	}
	phrases := literals(p)
	title := fmt.Sprintf("the shipped lexicon: %d terms, which multiply out to %d literals", len(p.Terms), len(phrases))
	if w.literals > 0 && w.literals < len(phrases) {
		phrases = shuffled(phrases)[:w.literals]
		title += fmt.Sprintf(", of which %d", len(phrases))
	}
	grams := ngrams(w.corpus)
	return []terms{
		{"shipped", title, "the shipped lexicon", phrases},
		sample("few", grams, few),
		sample("many", grams, many),
	}, nil
}

// sample is the first n of the n-grams.
func sample(name string, grams []string, n int) terms {
	n = min(n, len(grams))
	title := fmt.Sprintf("%d n-grams of the corpus", n)
	return terms{name, title, title, grams[:n]}
}

func shipped() (*lexicon.Program, error) {
	packed := configs.Program(lexicon.EngineVersion)
	if packed == nil {
		return nil, errors.New("the shipped program is not of these sources: go generate ./configs")
	}
	return lexicon.Unpack(packed)
}

// literals spells the literals of a program, words between blanks.
func literals(p *lexicon.Program) []string {
	all := make([]string, len(p.Literals))
	for i, l := range p.Literals {
		words := make([]string, len(l))
		for j, id := range l {
			words[j] = p.Vocabulary.Word(id)
		}
		all[i] = strings.Join(words, " ")
	}
	return all
}

// ngrams returns the distinct runs of two to four words of the corpus, in an
// order drawn with a fixed seed: a frequent one is as likely as a rare one. As a
// lexicon asks of its terms, no digits and one word of three letters or more.
func ngrams(corpus []document) []string {
	seen := make(map[string]bool)
	for i := range corpus {
		words := strings.Fields(fold(corpus[i].text()))
		for from := range words {
			longest := 0
			for n := 1; n <= 4 && from+n <= len(words); n++ {
				word := words[from+n-1]
				if strings.ContainsFunc(word, notLetter) {
					break
				}
				if longest = max(longest, len(word)); n > 1 && longest > 2 {
					seen[strings.Join(words[from:from+n], " ")] = true
				}
			}
		}
	}
	return shuffled(slices.Sorted(maps.Keys(seen)))
}

func notLetter(c rune) bool { return c < 'a' || c > 'z' }

func shuffled(all []string) []string {
	all = slices.Clone(all)
	r := rand.New(rand.NewPCG(20, 2026))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// blownUp compiles the shipped rules with n-grams of the corpus added as weak
// signs of the four categories, until they have total terms. They are found and
// qualified as others are; too light to decide, they leave the flags as they were.
func blownUp(grams []string, total int) (*lexicon.Program, error) {
	policy, wrongPolicy := lexicon.LoadPolicy(configs.FS, "routing.yaml")
	rs, wrongLexicon := lexicon.Load(configs.FS, "lexicon")
	if err := errors.Join(wrongPolicy, wrongLexicon); err != nil {
		return nil, err
	}
	rs.Policy = policy
	p, err := lexicon.Compile(rs)
	if err != nil {
		return nil, err
	}
	weak := make([]lexicon.FactorSource, len(rs.Sections))
	for i := range weak {
		weak[i] = lexicon.FactorSource{
			ID: "ngrammes", Label: "N-grammes", FG21: rs.Sections[i].Factors[0].FG21, Severity: 1, Weight: 0.01, Negatable: true,
		}
	}
	for i, gram := range grams[:min(len(grams), max(0, total-len(p.Terms)))] {
		pattern, err := lexicon.ParsePattern(gram)
		if err != nil {
			return nil, fmt.Errorf("n-gram: %w", err)
		}
		f := &weak[i%len(weak)]
		f.Terms = append(f.Terms, lexicon.Entry{Pattern: pattern})
	}
	for i := range weak {
		rs.Sections[i].Factors = append(rs.Sections[i].Factors, weak[i])
	}
	return lexicon.Compile(rs)
}
