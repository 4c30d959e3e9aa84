package console

import (
	"context"
	"runtime"

	"github.com/vigie-project/vigie/pipeline"
)

// turns keep many readers from taking all of the machine's memory at once: a text
// takes some eighty times its size while it is judged.
type turns struct{ short, long chan struct{} }

func newTurns() turns {
	return turns{short: make(chan struct{}, runtime.GOMAXPROCS(0)), long: make(chan struct{}, 1)}
}

// take waits for a turn to judge a message of so many bytes, and returns what ends
// it; the error is that of ctx: nobody waits for the answer any more.
func (t turns) take(ctx context.Context, size int) (end func(), err error) {
	turn := t.short
	if size > pipeline.LargeValue {
		turn = t.long
	}
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
