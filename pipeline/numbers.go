package pipeline

import "github.com/vigie-project/vigie/pkg/text"

// listNumbers lists the maximal runs of digits and number words. An amount with
// its sign is one with and without it: "<nombre> par mois" finds "780€ par mois".
func (h *hits) listNumbers(s *stream) {
	h.numbers = h.numbers[:0]
	for i := 0; i < len(s.toks); {
		if n := h.numberAt(s, i); n > 0 {
			h.numbers = append(h.numbers, place{int32(i), int32(i + n)})
			i += n
			if i < len(s.toks) && s.toks[i-1].flags&text.Money != 0 && string(s.wordAt(i)) == "euros" {
				h.numbers = append(h.numbers, place{int32(i - n), int32(i + 1)})
			}
			continue
		}
		i++
	}
}

// maxNumberWords bounds a number in words; "neuf cent quatre-vingt-dix-neuf
// mille neuf cent quatre-vingt-dix-neuf" has eleven.
const maxNumberWords = 12

// numberAt returns how many words of the stream from i on are one number.
func (h *hits) numberAt(s *stream, i int) int {
	if k := &s.toks[i]; k.word < 0 || k.exact && !h.plan.numeric[s.ids[i]] || !k.exact && !text.Numeric(s.wordAt(i)) {
		return 0
	}
	_, n := h.value(s, place{int32(i), int32(min(i+maxNumberWords, len(s.toks)))})
	return n
}

// value reads the number at the beginning of a place.
func (h *hits) value(s *stream, at place) (float64, int) {
	h.words = h.words[:0]
	for i := at.start; i < at.end && s.toks[i].sentence == s.toks[at.start].sentence; i++ {
		w := s.wordAt(int(i))
		if w == nil {
			break
		}
		h.words = append(h.words, w)
	}
	return text.Number(h.words)
}
