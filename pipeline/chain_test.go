package pipeline

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime"
	"slices"
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

// What is found around what sequences wait for is what is found by looking for
// all of them everywhere.
func TestChainsAreThoseOfAWholeText(t *testing.T) {
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	c = c.Clone()
	var found int
	for _, text := range written(t, 1500) {
		for _, kind := range []string{"letter", "transcript"} {
			var data any = map[string]any{"text": text}
			if kind == "transcript" {
				data = map[string]any{"turns": []map[string]string{{"speaker": "customer", "text": text}}}
			}
			doc, err := c.Decode(event.Record{Value: eventWith(t, "vigie."+kind+".v1", 1, data)})
			if err != nil {
				t.Fatal(err)
			}
			c.stream.fold(doc, c.program)
			c.hits.match(&c.stream, c.program, c.engine)
			want := everywhere(c)
			for g, meant := range c.hits.plan.meant {
				if !meant {
					continue
				}
				found += len(want[g])
				if !slices.Equal(c.hits.places[g], want[g]) {
					t.Fatalf("group %d: at %v, want %v", g, c.hits.places[g], want[g])
				}
			}
		}
	}
	if found < 5000 {
		t.Errorf("only %d places", found)
	}
}

// everywhere finds the places of all groups by their definition.
func everywhere(c *Classifier) [][]place {
	p, s := c.program, &c.stream
	all := make([][]place, p.Groups)
	for _, m := range c.hits.matches {
		for i := range p.Emits[m.Pattern] {
			if e := &p.Emits[m.Pattern][i]; holds(s, e, m) {
				all[e.Group] = append(all[e.Group], place{m.Start, m.End})
			}
		}
	}
	all[p.Number] = append(all[p.Number], c.hits.numbers...)
	tidy := func(g lexicon.Group) {
		slices.SortFunc(all[g], comparePlaces)
		all[g] = slices.Compact(all[g])
	}
	for g := range all {
		tidy(lexicon.Group(g))
	}
	for _, q := range p.Sequences {
		if q.Transcript && s.doc.Kind != event.Transcript {
			continue
		}
		var chains []place
		for _, at := range all[q.Steps[0].Group] {
			if !q.Anchored || s.begins(at.start) {
				chains = append(chains, at)
			}
		}
		for _, step := range q.Steps[1:] {
			var longer []place
			for _, a := range chains {
				for _, b := range all[step.Group] {
					gap := int(b.start - a.end)
					if gap >= step.Min && gap <= step.Max && s.toks[a.start].sentence == s.toks[b.start].sentence {
						longer = append(longer, place{a.start, b.end})
					}
				}
			}
			slices.SortFunc(longer, comparePlaces)
			chains = slices.Compact(longer)
		}
		all[q.Out] = append(all[q.Out], chains...)
		tidy(q.Out)
	}
	return all
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
