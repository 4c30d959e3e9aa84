package pipeline

import (
	"testing"

	"github.com/vigie-project/vigie/pkg/event"
)

// An event without a finding is judged without an allocation, once it is
// decoded: almost all events are, and a worker's collector has nothing to do
// for them.
func TestAnEventWithoutAFindingAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	c = c.Clone()
	var docs []*event.Document
	for _, e := range inputs(t, 0) {
		j, err := c.judge(e)
		if err != nil {
			t.Fatal(err)
		}
		if j.flag == nil && len(j.signs) == 0 {
			doc, err := c.Decode(e)
			if err != nil {
				t.Fatal(err)
			}
			docs = append(docs, doc)
		}
	}
	if len(docs) < 100 {
		t.Fatalf("only %d events without a finding", len(docs))
	}
	for _, doc := range docs {
		if n := testing.AllocsPerRun(3, func() { c.weigh(doc) }); n != 0 {
			t.Errorf("%v allocations for a text of %d words", n, len(c.stream.toks))
		}
	}
	t.Logf("%d events", len(docs))
}
