package pipeline

import (
	"testing"
	"time"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
)

// A new lexicon takes the place of the old one: two digests of one worker would
// look like two workers that differ.
func TestMetricsOfANewLexicon(t *testing.T) {
	m := newMetrics(config.Default())
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	m.judgesWith(flag.Lexicon{Name: "fr", Version: "1", Digest: "x"}, day, day)
	m.judgesWith(flag.Lexicon{Name: "fr", Version: "2", Digest: "y"}, time.Time{}, day.Add(time.Hour))
	if n := len(shown(t, m.lexicon, "vigie_lexicon_info")); n != 1 {
		t.Errorf("%d lexicons are shown, want 1", n)
	}
	if got := shown(t, m.released, "vigie_lexicon_released_timestamp_seconds"); len(got) != 0 {
		t.Errorf("the day of a release that says none is %v", got)
	}
	if got := shown(t, m.loaded, "vigie_lexicon_loaded_timestamp_seconds"); got[0] != float64(day.Add(time.Hour).Unix()) {
		t.Errorf("taken up at %v", got)
	}
}
