package proposal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pipeline/proposal"
)

// What a proposal does is known again for ten minutes; what was typed is not.
func TestKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, texts := base(t)
		m := proposal.NewMeasurer(b, texts)
		typed := append([]proposal.Change{{Op: proposal.Add, Factor: "health.maladie", Block: "examples.match", New: "Ma voisine Ursule tousse"}}, bedridden...)
		first, err := m.Measure(t.Context(), typed)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(first.Failed); n != 2 || first.Failed[0].Example.Text != "Ma voisine Ursule tousse" || len(first.Terms) != 1 || first.Terms[0].Pattern != "alité" {
			t.Errorf("%+v, %+v", first.Failed, first.Terms)
		}
		text, n := m.Kept()
		if n != 1 || strings.Contains(text, "Ursule") || strings.Contains(text, "très alité") {
			t.Errorf("%d are kept: %s", n, text)
		}
		release := m.Hold() // nothing can be measured: it is known
		again, err := m.Measure(t.Context(), typed)
		release()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.Failed, again.Failed); diff != "" || first.Annotated.More != again.Annotated.More || first.Digest != again.Digest {
			t.Errorf("it is another (-first +again):\n%s", diff)
		}
		if !slices.Equal(first.Terms, again.Terms) {
			t.Errorf("the terms are %+v, then %+v", first.Terms, again.Terms)
		}
		time.Sleep(11 * time.Minute) // of the test's own clock
		if _, n := m.Kept(); n != 0 {
			t.Errorf("%d are kept for ever", n)
		}
		for i := range 20 {
			if _, err := m.Measure(t.Context(), []proposal.Change{{Op: proposal.Add, Factor: "health.maladie", Block: proposal.Terms, New: fmt.Sprintf("alité %d fois", i)}}); err != nil {
				t.Fatal(err)
			}
		}
		if _, n := m.Kept(); n != 16 {
			t.Errorf("%d are kept, want 16", n)
		}
		time.Sleep(11 * time.Minute)
		if _, n := m.Kept(); n != 0 {
			t.Errorf("%d are kept for ever", n)
		}
	})
}
