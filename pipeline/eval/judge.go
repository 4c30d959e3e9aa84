package eval

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
)

// Judge classifies all documents on all processors and returns their flags by
// index, nil for a document without one. What cannot be read as an event is
// noted in c.Wrong and has no flag: to the person it is a miss. progress is
// told how many bytes were judged. The error is ctx's.
func (c *Corpus) Judge(ctx context.Context, classifier *pipeline.Classifier, progress func(n int)) ([]*flag.Flag, error) {
	flags, errs := make([]*flag.Flag, len(c.Documents)), make([]error, len(c.Documents))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		own := classifier.Clone()
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(c.Documents) {
					return
				}
				result, err := own.Classify(c.Documents[i].Record())
				flags[i], errs[i] = result.Flag, err
				progress(c.Documents[i].Size)
			}
		})
	}
	workers.Wait()
	for i, err := range errs {
		if err != nil {
			c.Wrong = append(c.Wrong, LineError{c.Documents[i].Line, err.Error()})
		}
	}
	slices.SortFunc(c.Wrong, func(a, b LineError) int { return cmp.Compare(a.Line, b.Line) })
	return flags, ctx.Err()
}

// Size is how many bytes the documents take.
func (c *Corpus) Size() (sum int64) {
	for _, d := range c.Documents {
		sum += int64(d.Size)
	}
	return sum
}
