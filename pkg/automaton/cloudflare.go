package automaton

import (
	"cmp"
	"slices"

	"github.com/cloudflare/ahocorasick"
)

// cloudflare runs cloudflare/ahocorasick over words. The library knows bytes,
// takes 4.1 kB for each byte of its trie and says which patterns occur, not
// where. So words are spelled as short codes instead of letters, and the places
// of the patterns reported are looked for afterwards.
//
// Of its functions only MatchThreadSafe is used: Match gives wrong results when
// goroutines share it, and Contains says only that something matched.
type cloudflare struct {
	matcher  *ahocorasick.Matcher
	patterns [][]uint32
	highest  uint32
	width    int
}

// NewCloudflare builds the engine over cloudflare/ahocorasick. It needs about
// 8 kB a word of the patterns, so it is for comparison and for small lexicons.
// See [New] for what patterns must be.
func NewCloudflare(patterns [][]uint32) (Engine, error) {
	if _, err := sorted(patterns); err != nil {
		return nil, err
	}
	c := &cloudflare{patterns: make([][]uint32, len(patterns))}
	for i, p := range patterns {
		c.patterns[i] = slices.Clone(p)
		c.highest = max(c.highest, slices.Max(p))
	}
	c.width = 2
	for uint64(c.highest) >= 1<<(7*c.width) {
		c.width++
	}
	dictionary := make([][]byte, len(patterns))
	for i, p := range patterns {
		dictionary[i] = c.spell(make([]byte, 0, len(p)*c.width), p)
	}
	c.matcher = ahocorasick.NewMatcher(dictionary)
	return c, nil
}

// spell appends the codes of words. All codes of an engine are equally long;
// the first byte of each is 0x80 or more and the following are less, so that a
// match can begin and end only between words. Words above the highest of the
// patterns are spelled as 0, which is in no pattern.
func (c *cloudflare) spell(dst []byte, words []uint32) []byte {
	for _, id := range words {
		if id > c.highest {
			id = 0
		}
		for k := c.width - 1; k >= 0; k-- {
			b := byte(id>>(7*k)) & 0x7f
			if k == c.width-1 {
				b |= 0x80
			}
			dst = append(dst, b)
		}
	}
	return dst
}

// Name returns "cloudflare".
func (c *cloudflare) Name() string { return Cloudflare }

// Find implements [Engine].
func (c *cloudflare) Find(words []uint32, dst []Match) []Match {
	hits := c.matcher.MatchThreadSafe(c.spell(make([]byte, 0, len(words)*c.width), words))
	if len(hits) == 0 {
		return dst
	}
	index := places(words)
	from := len(dst)
	for _, hit := range hits {
		p := c.patterns[hit]
		for _, place := range index.of(p[0]) {
			start := int(uint32(place))
			if end := start + len(p); end <= len(words) && slices.Equal(words[start:end], p) {
				dst = append(dst, Match{Pattern: int32(hit), Start: int32(start), End: int32(end)})
			}
		}
	}
	slices.SortFunc(dst[from:], func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Pattern, b.Pattern))
	})
	return dst
}

// occurrences holds word<<32 | position for each word of a text, in order.
type occurrences []uint64

func places(words []uint32) occurrences {
	all := make(occurrences, len(words))
	for i, id := range words {
		all[i] = uint64(id)<<32 | uint64(i)
	}
	slices.Sort(all)
	return all
}

// of returns the entries of word id; the low half of each is a position.
func (o occurrences) of(id uint32) occurrences {
	from, _ := slices.BinarySearch(o, uint64(id)<<32)
	to, _ := slices.BinarySearch(o, (uint64(id)+1)<<32)
	return o[from:to]
}
