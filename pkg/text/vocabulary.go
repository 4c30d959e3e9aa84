package text

// Vocabulary numbers words from 1; 0 is every word it does not hold. It is
// built once and then only read.
type Vocabulary struct {
	ids   map[string]uint32
	words []string
}

// NewVocabulary numbers words, which are distinct, in their order.
func NewVocabulary(words []string) *Vocabulary {
	v := &Vocabulary{ids: make(map[string]uint32, len(words)), words: make([]string, 1, len(words)+1)}
	for _, w := range words {
		v.Add(w)
	}
	return v
}

// Add returns the number of word, giving it the next one if it is new.
func (v *Vocabulary) Add(word string) uint32 {
	if id, ok := v.ids[word]; ok {
		return id
	}
	if v.ids == nil {
		v.ids = make(map[string]uint32)
		v.words = []string{""}
	}
	id := uint32(len(v.words))
	v.ids[word] = id
	v.words = append(v.words, word)
	return id
}

// ID returns the number of word, 0 if the vocabulary does not hold it.
func (v *Vocabulary) ID(word []byte) uint32 { return v.ids[string(word)] }

// Word returns the word of a number.
func (v *Vocabulary) Word(id uint32) string { return v.words[id] }

// Len returns the highest number given.
func (v *Vocabulary) Len() int { return max(len(v.words)-1, 0) }
