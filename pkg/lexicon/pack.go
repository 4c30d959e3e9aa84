package lexicon

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"time"

	"github.com/vigie-project/vigie/pkg/text"
)

// Pack returns the program as bytes that [Unpack] reads in a twentieth of the
// time that compiling takes: the same bytes for the same program.
func (p *Program) Pack() ([]byte, error) {
	head, err := json.Marshal(packedHead{
		Name: p.Name, Version: p.Version, Released: p.Released, Digest: p.Digest, Groups: p.Groups,
		Number: p.Number, Durations: p.Durations, Spelled: p.Spelled, NumberWords: p.NumberWords,
		Categories: p.Categories, Factors: p.Factors, Structures: p.Structures, Cues: p.Cues, Policy: p.Policy,
		Acronyms: sortedKeys(p.Acronyms), Base: p.Indices.Base, IndexFactors: p.Indices.Factors,
		NoIndices: p.Indices.Len() == 0,
	})
	if err != nil {
		return nil, fmt.Errorf("lexicon: packing: %w", err)
	}
	t := packedTables{Head: head}
	words := make([]string, p.Vocabulary.Len())
	for i := range words {
		words[i] = p.Vocabulary.Word(uint32(i + 1))
	}
	t.Words = joined(words)
	t.Literals.pack(p.Literals)
	t.packEmits(p.Emits)
	t.packSequences(p.Sequences)
	t.packUses(p.Uses)
	t.packTerms(p.Terms)
	t.packIndices(&p.Indices)
	sounds := sortedKeys(p.Sounds)
	t.Sounds = joined(sounds)
	for _, s := range sounds {
		t.SoundWords = append(t.SoundWords, p.Sounds[s])
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(&t); err != nil {
		return nil, fmt.Errorf("lexicon: packing: %w", err)
	}
	return b.Bytes(), nil
}

// Unpack reads a program that [Program.Pack] wrote. Its error says that the
// bytes are something else.
func Unpack(data []byte) (*Program, error) {
	var t packedTables
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&t); err != nil {
		return nil, fmt.Errorf("lexicon: unpacking: %w", err)
	}
	var h packedHead
	if err := json.Unmarshal(t.Head, &h); err != nil {
		return nil, fmt.Errorf("lexicon: unpacking: %w", err)
	}
	p := &Program{
		Name: h.Name, Version: h.Version, Released: h.Released, Digest: h.Digest, Groups: h.Groups,
		Number: h.Number, Durations: h.Durations, Spelled: h.Spelled, NumberWords: h.NumberWords,
		Categories: h.Categories, Factors: h.Factors, Structures: h.Structures, Cues: h.Cues, Policy: h.Policy,
		Vocabulary: text.NewVocabulary(parted(t.Words)), Literals: t.Literals.unpack(), Emits: t.emits(),
		Sequences: t.sequences(), Uses: t.uses(), Terms: t.terms(), Acronyms: make(map[string]bool, len(h.Acronyms)),
	}
	for _, a := range h.Acronyms {
		p.Acronyms[a] = true
	}
	sounds := parted(t.Sounds)
	p.Sounds = make(map[string]uint32, len(sounds))
	for i, s := range sounds {
		p.Sounds[s] = t.SoundWords[i]
	}
	if !h.NoIndices {
		p.Indices = t.indices()
		p.Indices.Base, p.Indices.Factors = h.Base, h.IndexFactors
	}
	return p, nil
}

// packedHead is what is small.
type packedHead struct {
	Name, Version, Digest string
	Released              time.Time
	Groups                int
	Number, Durations     Group
	Spelled               uint32
	NumberWords           [maxNumberLength + 1]uint32
	Categories            []Category
	Factors               []Factor
	Structures            []Structure
	Cues                  []Cue
	Policy                Policy
	Acronyms              []string
	Base                  Weights
	IndexFactors          []Weights
	NoIndices             bool
}
