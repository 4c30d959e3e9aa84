package console

import (
	"context"
	"errors"
	"testing"

	"github.com/vigie-project/vigie/pipeline"
)

// One long text is judged at a time, beside it short ones; who waits no more
// begins nothing.
func TestTurns(t *testing.T) {
	turns := newTurns()
	end, err := turns.take(t.Context(), pipeline.LargeValue+1)
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := turns.take(gone, pipeline.LargeValue+1); !errors.Is(err, context.Canceled) {
		t.Errorf("a second long text, nobody waiting: %v", err)
	}
	if short, err := turns.take(t.Context(), pipeline.LargeValue); err != nil {
		t.Errorf("a short text beside it: %v", err)
	} else {
		short()
	}
	end()
	if end, err := turns.take(t.Context(), pipeline.LargeValue+1); err != nil {
		t.Errorf("after it: %v", err)
	} else {
		end()
	}
}
