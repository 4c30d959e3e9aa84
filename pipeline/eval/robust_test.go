package eval

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// shippedClassifier returns a classifier of the lexicon in the program.
func shippedClassifier(t *testing.T) *pipeline.Classifier {
	t.Helper()
	rs, err := lexicon.Load(configs.FS, "lexicon")
	if err != nil {
		t.Fatal(err)
	}
	if rs.Policy, err = lexicon.LoadPolicy(configs.FS, "routing.yaml"); err != nil {
		t.Fatal(err)
	}
	program, err := lexicon.Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	c, err := pipeline.NewClassifier(program, "words")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// mostFall is how much micro-F1 may fall where texts are written otherwise.
const mostFall = 0.02

// TestRobust writes all documents of the corpora as people and machines do: in
// capitals, without accents, without punctuation, with words twice and fillers,
// misspelt by ear.
func TestRobust(t *testing.T) {
	if testing.Short() {
		t.Skip("judges thousands of documents five times")
	}
	files, err := filepath.Glob("corpus/documents-*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	c := shippedClassifier(t)
	plain := microOf(t, c, files, func(s string) string { return s })
	t.Logf("as written: micro-F1 %.4f", plain)
	for name, change := range map[string]func(string) string{
		"capitals": strings.ToUpper, "no accents": withoutAccents, "no punctuation": withoutPunctuation, "fillers": withFillers,
		"by ear": byEar,
	} {
		t.Run(name, func(t *testing.T) {
			f1 := microOf(t, c, files, change)
			t.Logf("micro-F1 %.4f, %+.4f", f1, f1-plain)
			if plain-f1 > mostFall {
				t.Errorf("micro-F1 falls from %.4f to %.4f", plain, f1)
			}
		})
	}
}

// microOf judges the documents of files, their texts changed, and returns micro-F1.
func microOf(t *testing.T, c *pipeline.Classifier, files []string, change func(string) string) float64 {
	t.Helper()
	var all bytes.Buffer
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			all.Write(rewritten(t, lines.Bytes(), change))
			all.WriteByte('\n')
		}
		f.Close()
	}
	corpus, err := Read(&all)
	if err != nil || len(corpus.Wrong) > 0 {
		t.Fatal(err, corpus.Wrong)
	}
	flags, err := corpus.Judge(context.Background(), c, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	score := NewScore(false)
	for i, d := range corpus.Documents {
		score.Add(d, flags[i])
	}
	return float64(score.Micro.f1().Value)
}

// rewritten changes the texts of a document.
func rewritten(t *testing.T, line []byte, change func(string) string) []byte {
	t.Helper()
	var d map[string]any
	if err := json.Unmarshal(line, &d); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"subject", "body", "answer"} {
		if s, ok := d[key].(string); ok {
			d[key] = change(s)
		}
	}
	if turns, ok := d["turns"].([]any); ok {
		for _, turn := range turns {
			turn := turn.(map[string]any)
			turn["text"] = change(turn["text"].(string))
		}
	}
	out, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func withoutAccents(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae").Replace(s)))
}

// withoutPunctuation leaves apostrophes, which are letters in French, and the
// lines of a mail with what marks them as quoted.
func withoutPunctuation(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) && r != '\'' && r != '’' {
			return ' '
		}
		return r
	}, s)
}

// withFillers says every ninth word twice and puts a filler after every seventh.
func withFillers(s string) string {
	fillers := []string{"euh", "ben", "voilà", "du coup", "hein"}
	var b strings.Builder
	for i, word := range strings.SplitAfter(s, " ") {
		b.WriteString(word)
		if !strings.HasSuffix(word, " ") || strings.ContainsAny(word, "\n>") {
			continue
		}
		if i%9 == 8 {
			b.WriteString(word)
		}
		if i%7 == 6 {
			b.WriteString(fillers[i/7%len(fillers)] + " ")
		}
	}
	return b.String()
}

// byEar misspells every sixth word that is long enough as people do who write
// what they hear.
func byEar(s string) string {
	ear := strings.NewReplacer("ss", "c", "ph", "f", "qu", "k", "eau", "o", "au", "o", "tion", "sion", "mm", "m", "nn", "n", "ll", "l", "tt", "t", "rr", "r", "h", "", "y", "i")
	var b strings.Builder
	long := 0
	for _, word := range strings.SplitAfter(s, " ") {
		if len(word) > 7 {
			if long++; long%6 == 0 {
				word = word[:1] + ear.Replace(word[1:])
			}
		}
		b.WriteString(word)
	}
	return b.String()
}

// mostOrdinaryUrgent is how many of the ordinary messages may be routed urgent.
const mostOrdinaryUrgent = 1

// TestOrdinary judges a thousand ordinary messages, written by somebody who had
// seen neither lexicon nor corpus; they are never fitted to.
func TestOrdinary(t *testing.T) {
	f, err := os.Open("corpus/ordinary.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	corpus, err := Read(f)
	if err != nil || len(corpus.Wrong) > 0 || len(corpus.Documents) < 1000 {
		t.Fatal(err, corpus.Wrong, len(corpus.Documents))
	}
	flags, err := corpus.Judge(context.Background(), shippedClassifier(t), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	flagged, urgent := 0, 0
	for i, f := range flags {
		if f == nil {
			continue
		}
		flagged++
		if f.Route == flag.RouteUrgent {
			urgent++
			t.Logf("%s: urgent", corpus.Documents[i].ID)
		}
	}
	t.Logf("%d of %d flagged, %d urgent", flagged, len(flags), urgent)
	if urgent > mostOrdinaryUrgent {
		t.Errorf("%d ordinary messages are routed urgent, at most %d may be", urgent, mostOrdinaryUrgent)
	}
}
