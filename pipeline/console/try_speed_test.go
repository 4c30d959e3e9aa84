package console

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pkg/event"
)

const (
	// mostTimes is how many times as long as a judgement alone the answer may take
	// that shows it; what it takes in milliseconds BenchmarkAnswer says.
	mostTimes = 4
	// mostAnswer bounds the answer to any text, in bytes.
	mostAnswer = 700 << 10
)

// longText is so many bytes made of the lexicon's own examples: far more signs
// than people write.
func longText(t testing.TB, c *Console, size int) string {
	t.Helper()
	var b strings.Builder
	for b.Len() < size {
		for _, section := range c.Rules.Source.Sections {
			for _, f := range section.Factors {
				for _, x := range f.Examples {
					if !strings.Contains(x.Text, " : ") && !strings.Contains(x.Text, "agent:") {
						b.WriteString(strings.TrimSpace(x.Text))
						b.WriteString("\n")
					}
				}
			}
		}
	}
	return strings.ToValidUTF8(b.String()[:size], "")
}

// processor returns the time that the process has spent on processors, its
// garbage collector's included: what else the machine does does not count.
func processor(t testing.TB) time.Duration {
	t.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		t.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// TestAnswerToLongText bounds the answer to 40 kB that somebody types in: its time
// beside that of the judgement, its size, and that of an answer to the longest
// text of all.
func TestAnswerToLongText(t *testing.T) {
	c := tryConsole(t, nil)
	text := longText(t, c, 40_000)
	var took, judged []time.Duration
	size := 0
	classifier := c.classifier()
	defer c.release(classifier)
	for i := range 15 {
		p := post{fields: []string{fmt.Sprintf("texte=%s %d", text, i)}}
		start := processor(t)
		w := send(t, c, p)
		took = append(took, processor(t)-start)
		written := event.Written{Text: text}
		e, err := written.Event("/essai", "1")
		if err != nil {
			t.Fatal(err)
		}
		start = processor(t)
		if _, err := classifier.Classify(event.Record{Value: e.Value}); err != nil {
			t.Fatal(err)
		}
		judged = append(judged, processor(t)-start)
		if w.Code != http.StatusOK || !strings.Contains(plainly(w.Body.String()), "gravité") {
			t.Fatalf("%d", w.Code)
		}
		size = w.Body.Len()
	}
	slices.Sort(took)
	slices.Sort(judged)
	answer, alone := took[len(took)/2], judged[len(judged)/2]
	t.Logf("40 kB: %v of processor time, %v of them to judge it; %d bytes of answer", answer, alone, size)
	if answer > mostTimes*alone {
		t.Errorf("the answer to 40 kB took %v, the judgement alone %v", answer, alone)
	}
	if size > mostAnswer {
		t.Errorf("the answer is %d bytes, %d at most", size, mostAnswer)
	}
	for name, longest := range map[string]string{
		"a megabyte": longText(t, c, mostText), "one word over and over": strings.Repeat("malade ", mostText/7), "turns over and over": strings.Repeat("client : je suis hospitalisée\n", mostText/32),
	} {
		start := time.Now()
		w := send(t, c, post{fields: []string{"texte=" + longest}})
		t.Logf("%s: %v, %d bytes of answer", name, time.Since(start), w.Body.Len())
		if w.Code != http.StatusOK || w.Body.Len() > mostAnswer {
			t.Errorf("%s: %d, %d bytes, %d at most", name, w.Code, w.Body.Len(), mostAnswer)
		}
	}
}

func BenchmarkAnswer(b *testing.B) {
	c := tryConsole(b, nil)
	for _, size := range []int{1_000, 40_000} {
		b.Run(fmt.Sprintf("%dkB", size/1000), func(b *testing.B) {
			p := post{fields: []string{"texte=" + longText(b, c, size)}}
			b.ReportAllocs()
			start := processor(b)
			for b.Loop() {
				if w := send(b, c, p); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
			b.ReportMetric(float64((processor(b)-start).Nanoseconds())/float64(b.N), "cpu-ns/op")
		})
	}
}
