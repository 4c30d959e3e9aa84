//go:build unix

package text

import (
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

// sized cuts the corpus into documents of about n bytes.
func sized(texts []string, n int) (documents []string) {
	var b strings.Builder
	for _, s := range texts {
		b.WriteString(s)
		b.WriteByte('\n')
		if b.Len() >= n {
			documents = append(documents, strings.ToValidUTF8(b.String()[:n], ""))
			b.Reset()
		}
	}
	return documents
}

// cpu returns the process's CPU time, which a busy machine doesn't stretch.
func cpu(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFold folds the corpus as it is and in documents of some sizes. Each
// round also checks the same texts with utf8.ValidString some times over, which
// is the least that reading them can cost: fold/valid is the median of the
// rounds' ratios of speed. ns/op is of both.
func BenchmarkFold(b *testing.B) {
	const times = 20
	texts := corpus(b)
	run := func(name string, texts []string) {
		b.Run(name, func(b *testing.B) {
			total := 0
			for _, s := range texts {
				total += len(s)
			}
			b.ReportAllocs()
			var x Text
			var folding, checking []float64
			for b.Loop() {
				start := cpu(b)
				for _, s := range texts {
					Fold(s, &x)
				}
				folded := cpu(b)
				for range times {
					for _, s := range texts {
						if !utf8.ValidString(s) {
							b.Fatal("a text is not UTF-8")
						}
					}
				}
				folding = append(folding, float64(total)/(folded-start).Seconds()/1e6)
				checking = append(checking, float64(total)*times/(cpu(b)-folded).Seconds()/1e6)
			}
			ratios := make([]float64, len(folding))
			for i := range ratios {
				ratios[i] = folding[i] / checking[i]
			}
			b.ReportMetric(median(ratios), "fold/valid")
			b.ReportMetric(median(folding), "fold-MB/s")
			b.ReportMetric(median(checking), "valid-MB/s")
		})
	}
	run("corpus", texts)
	for _, n := range []int{300, 4_000, 20_000} {
		run(strconv.Itoa(n)+"B", sized(texts, n))
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
