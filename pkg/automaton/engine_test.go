package automaton

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// letters turns "ab.c" into word numbers: a is 1, "." is 0.
func letters(s string) []uint32 {
	ids := make([]uint32, 0, len(s))
	for _, c := range s {
		if c == '.' {
			ids = append(ids, 0)
			continue
		}
		ids = append(ids, uint32(c-'a')+1)
	}
	return ids
}

func TestSemantics(t *testing.T) {
	f, err := os.Open("testdata/semantics.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		cells := strings.Split(lines.Text(), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		names := strings.Fields(cells[1])
		patterns := make([][]uint32, len(names))
		for i, n := range names {
			patterns[i] = letters(n)
		}
		for _, engine := range Names() {
			t.Run(engine+"/"+cells[0], func(t *testing.T) {
				e, err := New(engine, patterns)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, m := range e.Find(letters(cells[2]), nil) {
					got = append(got, fmt.Sprintf("%s@%d-%d", names[m.Pattern], m.Start, m.End))
				}
				if diff := cmp.Diff(cells[3], strings.Join(got, " ")); diff != "" {
					t.Errorf("patterns %q in %q (-want +got):\n%s", cells[1], cells[2], diff)
				}
			})
		}
	}
}

func TestRefusedPatterns(t *testing.T) {
	for name, patterns := range map[string][][]uint32{
		"pattern 1 is empty":              {{1}, {}},
		"patterns 0 and 2 are the same":   {{1, 2}, {1}, {1, 2}},
		"pattern 0 holds the word 0":      {{1, 0}},
		"patterns 1 and 2 are the same":   {{1, 2}, {1}, {1}},
		`no engine "grep"; choose one of`: nil,
	} {
		engines := Names()
		if patterns == nil {
			engines = []string{"grep"}
		}
		for _, engine := range engines {
			if _, err := New(engine, patterns); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: error %v, want %q", engine, err, name)
			}
		}
	}
}

// naive is the definition of what Find returns.
func naive(patterns [][]uint32, words []uint32) []Match {
	var all []Match
	for end := 1; end <= len(words); end++ {
		for start := range end {
			for i, p := range patterns {
				if slices.Equal(p, words[start:end]) {
					all = append(all, Match{int32(i), int32(start), int32(end)})
				}
			}
		}
	}
	return all
}

// check compares both engines with the definition on one input.
func check(t *testing.T, patterns [][]uint32, texts ...[]uint32) {
	t.Helper()
	for _, name := range Names() {
		e, err := New(name, patterns)
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() != name {
			t.Errorf("Name() = %q, want %q", e.Name(), name)
		}
		for _, words := range texts {
			kept := []Match{{Pattern: -7}}
			got := e.Find(words, kept)
			if diff := cmp.Diff(naive(patterns, words), got[1:], cmp.Transformer("", func(m []Match) string { return fmt.Sprint(m) })); diff != "" {
				t.Fatalf("%s: patterns %v in %v (-want +got):\n%s", name, patterns, words, diff)
			}
			if got[0].Pattern != -7 {
				t.Fatalf("%s: Find lost what dst held", name)
			}
		}
	}
}

func distinct(patterns [][]uint32) [][]uint32 {
	var kept [][]uint32
	for _, p := range patterns {
		if len(p) > 0 && !slices.Contains(p, 0) && !slices.ContainsFunc(kept, func(k []uint32) bool { return slices.Equal(k, p) }) {
			kept = append(kept, p)
		}
	}
	return kept
}

func TestEnginesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(n, alphabet, scale int) []uint32 {
		words := make([]uint32, n)
		for i := range words {
			words[i] = uint32(r.IntN(alphabet) * scale)
		}
		return words
	}
	for range 400 {
		alphabet := 2 + r.IntN(5)
		// Numbers on both sides of the widths of the byte codes.
		scale := []int{1, 127, 16383, 2_000_000}[r.IntN(4)]
		patterns := make([][]uint32, 1+r.IntN(12))
		for i := range patterns {
			patterns[i] = random(1+r.IntN(5), alphabet, scale)
		}
		check(t, distinct(patterns), random(r.IntN(40), alphabet+1, scale), random(r.IntN(40), alphabet, scale))
	}
}

func FuzzEngines(f *testing.F) {
	f.Add([]byte("abc\xffbc\xffc"), []byte("abcabc"))
	f.Add([]byte("aa\xffa\xffab"), []byte("aaab\x00aab"))
	f.Add([]byte("\x01\x80\xff\x80\x01"), []byte("\x01\x80\x01\x80"))
	f.Fuzz(func(t *testing.T, dictionary, text []byte) {
		if len(dictionary) > 200 || len(text) > 200 {
			return
		}
		widen := func(b []byte) []uint32 {
			ids := make([]uint32, len(b))
			for i, c := range b {
				ids[i] = uint32(c) * uint32(c) // beyond one byte of code
			}
			return ids
		}
		var patterns [][]uint32
		for _, p := range strings.Split(string(dictionary), "\xff") {
			patterns = append(patterns, widen([]byte(p)))
		}
		check(t, distinct(patterns), widen(text))
	})
}

func TestConcurrentUse(t *testing.T) {
	patterns, texts := load(500, 20, 200)
	for _, name := range Names() {
		e, err := New(name, patterns)
		if err != nil {
			t.Fatal(err)
		}
		want := make([][]Match, len(texts))
		for i, words := range texts {
			want[i] = e.Find(words, nil)
		}
		var all sync.WaitGroup
		for g := range 8 {
			all.Go(func() {
				for i := range texts {
					k := (i + g) % len(texts)
					if got := e.Find(texts[k], nil); !slices.Equal(got, want[k]) {
						t.Errorf("%s: text %d gave other matches beside other goroutines", name, k)
					}
				}
			})
		}
		all.Wait()
	}
}

func TestWordsAllocatesNothing(t *testing.T) {
	patterns, texts := load(500, 1, 500)
	e, err := NewWords(patterns)
	if err != nil {
		t.Fatal(err)
	}
	dst := e.Find(texts[0], nil)
	if len(dst) == 0 {
		t.Fatal("no match in the sample: the measure says nothing")
	}
	if n := testing.AllocsPerRun(50, func() { dst = e.Find(texts[0], dst[:0]) }); n != 0 {
		t.Errorf("Find allocates %v times with room in dst, want 0", n)
	}
}

// load makes patterns and texts whose words are as unevenly frequent as those
// of a language (Zipf).
func load(patterns, texts, length int) ([][]uint32, [][]uint32) {
	r := rand.New(rand.NewPCG(3, 4))
	zipf := rand.NewZipf(r, 1.1, 4, 5000)
	draw := func(n int) []uint32 {
		words := make([]uint32, n)
		for i := range words {
			words[i] = uint32(zipf.Uint64()) + 1
		}
		return words
	}
	var all [][]uint32
	for len(all) < patterns {
		all = append(all, draw(2+r.IntN(3)))
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(p []uint32) bool {
		k := fmt.Sprint(p)
		defer func() { seen[k] = true }()
		return seen[k]
	})
	sample := make([][]uint32, texts)
	for i := range sample {
		sample[i] = draw(length)
	}
	return all, sample
}

func BenchmarkFind(b *testing.B) {
	patterns, texts := load(2000, 1, 2000)
	for _, name := range Names() {
		e, err := New(name, patterns)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			var dst []Match
			for b.Loop() {
				dst = e.Find(texts[0], dst[:0])
			}
			b.ReportMetric(float64(len(texts[0]))*float64(b.N)/b.Elapsed().Seconds(), "words/s")
		})
	}
}
