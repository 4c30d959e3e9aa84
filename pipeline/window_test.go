package pipeline

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// shipped returns a classifier by the shipped rules, compiled once.
var shipped = sync.OnceValues(func() (*Classifier, error) {
	if packed := configs.Program(lexicon.EngineVersion); packed != nil {
		program, err := lexicon.Unpack(packed)
		if err != nil {
			return nil, err
		}
		return NewClassifier(program, "words")
	}
	rs, err := lexicon.Load(configs.FS, "lexicon")
	if err != nil {
		return nil, err
	}
	if rs.Policy, err = lexicon.LoadPolicy(configs.FS, "routing.yaml"); err != nil {
		return nil, err
	}
	program, err := lexicon.Compile(rs)
	if err != nil {
		return nil, err
	}
	return NewClassifier(program, "words")
})

// written are messages of the corpora, as people write them, one after the
// other in texts of about so many bytes.
func written(t *testing.T, size int) (texts []string) {
	t.Helper()
	var text strings.Builder
	for _, name := range []string{"documents-01", "documents-05", "phrases-1", "ordinary"} {
		f, err := os.Open("eval/corpus/" + name + ".jsonl")
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() && len(texts) < 40 {
			var d struct {
				Body, Text, Answer string
				Turns              []struct{ Text string }
			}
			if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
				t.Fatal(err)
			}
			for _, turn := range d.Turns {
				d.Text += turn.Text + " "
			}
			text.WriteString(d.Body + d.Text + d.Answer + " ")
			if text.Len() > size {
				texts = append(texts, text.String())
				text.Reset()
			}
		}
		_ = f.Close()
	}
	return texts
}

// What is found through windows, of any size, is what is found at once.
func TestWindowsFindTheSame(t *testing.T) {
	whole, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	whole = whole.Clone()
	whole.hits.window.words = 1 << 30
	flagged := 0
	for _, text := range written(t, 4000) {
		value, err := json.Marshal(map[string]any{
			"specversion": "1.0", "id": "1", "source": "/s", "type": "vigie.email.v1", "time": "2026-11-02T08:00:00Z",
			"data": map[string]any{"subject": "", "text": text},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := ofFlag(t, whole, value)
		if want != "" {
			flagged++
		}
		for _, words := range []int{3, 61, 500} {
			c := whole.Clone()
			c.hits.window.words = words
			if got := ofFlag(t, c, value); got != want {
				t.Fatalf("through windows of %d words:\n%s\nat once:\n%s", words, got, want)
			}
		}
	}
	if flagged < 20 {
		t.Errorf("only %d texts are flagged", flagged)
	}
}

// ofFlag is the flag of an event, "" without one.
func ofFlag(t *testing.T, c *Classifier, value []byte) string {
	t.Helper()
	result, err := c.Classify(event.Record{Value: value})
	if err != nil {
		t.Fatal(err)
	}
	if result.Flag == nil {
		return ""
	}
	return string(result.Flag.AppendJSON(nil))
}

// A text of a megabyte is judged in a bounded multiple of its memory.
func TestTrapLongTextsTakeHundredsOfTimesTheirSize(t *testing.T) {
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	c = c.Clone()
	text := strings.Join(written(t, 20_000), " ")
	for len(text) < 1<<20 {
		text += text
	}
	value, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": "1", "source": "/s", "type": "vigie.letter.v1", "data": map[string]any{"text": text[:1<<20]},
	})
	if err != nil {
		t.Fatal(err)
	}
	before := heap()
	if ofFlag(t, c, value) == "" {
		t.Error("it is not flagged")
	}
	held := heap() - before
	runtime.KeepAlive(c)
	if limit := 100 * len(value); held > limit {
		t.Errorf("a text of %d KiB takes %d KiB of memory to judge, want at most %d", len(value)>>10, held>>10, limit>>10)
	}
	t.Logf("%d KiB for a text of %d", held>>10, len(value)>>10)
}

// heap is how many bytes are in use.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
