package text

// Vocabulary numbers words from 1; 0 is every word it does not hold. It is
// built once and then only read, by any number of goroutines.
type Vocabulary struct {
	words []string
	// slots is a hash table with open addressing; its size is a power of two,
	// of which shift keeps the index from a hash.
	slots []slot
	shift int
}

// slot is a word's place in the table: free where id is 0.
type slot struct {
	hash uint64
	id   uint32
	size uint32
}

// NewVocabulary numbers words, which are distinct, in their order.
func NewVocabulary(words []string) *Vocabulary {
	v := &Vocabulary{words: make([]string, 1, len(words)+1)}
	v.resize(tableBits(len(words)))
	for _, w := range words {
		v.Add(w)
	}
	return v
}

// Add returns the number of word, giving it the next one if it is new.
func (v *Vocabulary) Add(word string) uint32 {
	if id := v.ID([]byte(word)); id != 0 {
		return id
	}
	if v.words == nil {
		v.words = []string{""}
	}
	v.words = append(v.words, word)
	if 2*v.Len() > len(v.slots) {
		v.resize(tableBits(v.Len()))
	}
	id := uint32(v.Len())
	v.place(id)
	return id
}

// resize makes a table of 2^bits slots for the words that are there. The words
// are placed in their order, so that the same words make the same table.
func (v *Vocabulary) resize(bits int) {
	v.slots, v.shift = make([]slot, 1<<bits), 64-bits
	for id := 1; id < v.Len(); id++ {
		v.place(uint32(id))
	}
}

func (v *Vocabulary) place(id uint32) {
	word := v.words[id]
	hash := Hash([]byte(word))
	i := hash >> v.shift
	for v.slots[i].id != 0 {
		i = (i + 1) & uint64(len(v.slots)-1)
	}
	v.slots[i] = slot{hash: hash, id: id, size: uint32(len(word))}
}

// ID returns the number of word, 0 if the vocabulary does not hold it.
func (v *Vocabulary) ID(word []byte) uint32 { return v.Lookup(Hash(word), word) }

// Lookup returns the number of word, whose hash is that of its [Token], 0 if
// the vocabulary does not hold it.
func (v *Vocabulary) Lookup(hash uint64, word []byte) uint32 {
	if len(v.slots) == 0 {
		return 0
	}
	mask := uint64(len(v.slots) - 1)
	for i := hash >> (v.shift & 63); ; i++ {
		s := &v.slots[i&mask]
		if s.id == 0 {
			return 0
		}
		if s.hash == hash && int(s.size) == len(word) && (len(word) <= short || v.words[s.id] == string(word)) {
			return s.id
		}
	}
}

// Word returns the word of a number.
func (v *Vocabulary) Word(id uint32) string { return v.words[id] }

// Len returns the highest number given.
func (v *Vocabulary) Len() int { return max(len(v.words)-1, 0) }
