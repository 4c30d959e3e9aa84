package pipeline

import "context"

// LargeValue is the size in bytes of a value above which an event is judged alone. A text
// takes about eighty times its size in memory while it is judged: a worker that
// judged two of four megabytes at a time, and kept the memory for the next one,
// would take most of a gigabyte for good.
const LargeValue = 256 << 10

// begin waits until an event of so many bytes may be judged by c; its error is
// that of ctx. done ends the judgement.
func (w *Worker) begin(ctx context.Context, c *Classifier, bytes int) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if bytes <= LargeValue {
		return func() {}, nil
	}
	select {
	case w.large <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return func() {
		*c = *c.Clone() // without its memory
		<-w.large
	}, nil
}
