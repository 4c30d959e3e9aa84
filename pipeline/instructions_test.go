package pipeline

import (
	"os"
	"slices"
	"testing"

	"github.com/vigie-project/vigie/pkg/event"
)

// TestInstructions is the fixed run whose instructions .ci/instructions counts:
// what stands in instructed, which is called for the same events each time.
func TestInstructions(t *testing.T) {
	if os.Getenv("VIGIE_INSTRUCTIONS") == "" {
		t.Skip(".ci/instructions runs it under callgrind")
	}
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	events := slices.Concat(inputs(t, 4<<10)[:20], inputs(t, 0)[:80])
	for _, e := range events { // what is made once is not counted
		if _, err := c.Classify(e); err != nil {
			t.Fatal(err)
		}
	}
	instructed(t, c, events)
}

//go:noinline
func instructed(t *testing.T, c *Classifier, events []event.Record) {
	for _, e := range events {
		result, err := c.Classify(e)
		if err != nil {
			t.Fatal(err)
		}
		if result.Flag != nil {
			result.Flag.AppendJSON(nil)
		}
	}
}
