package pipeline

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/event"
)

// TestPassages: what was found stands between brackets, passages between bars.
func TestPassages(t *testing.T) {
	type m = map[string]any
	for _, tt := range []struct {
		name, kind string
		data       any
		around     int
		want       string
	}{
		{"words on either side", "letter", m{"text": "un deux trois. Quatre j'ai un cancer. Cinq, six sept"}, 3, "text: j'ai un [cancer]. Cinq, six sept"},
		{"the words alone", "letter", m{"text": "Quatre j'ai un cancer. Cinq"}, 0, "text: [cancer]"},
		{"near each other", "letter", m{"text": "J'ai un cancer, oui un cancer, et voilà tout."}, 2, "text: ai un [cancer], oui un [cancer], et voilà tout"},
		{"far apart", "letter", m{"text": "J'ai un cancer un deux trois quatre cinq six un cancer."}, 1, "text: un [cancer] un | text: un [cancer]"},
		{"not what another says", "transcript", m{"turns": []m{{"speaker": "agent", "text": "bonjour"}, {"speaker": "customer", "text": "j'ai un cancer"}}}, 9, "turns[1].text: j'ai un [cancer]"},
		{"html as it is read", "email", m{"html": "<p>depuis l&rsquo;&eacute;t&eacute;, <b>un cancer</b> grave</p>"}, 3, "html: l’été, un [cancer] grave"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			value, err := json.Marshal(m{"specversion": "1.0", "id": "1", "source": "/s", "type": "vigie." + tt.kind + ".v1", "data": tt.data})
			if err != nil {
				t.Fatal(err)
			}
			c := classifier(t, "words")
			result, err := c.Classify(event.Record{Value: value})
			if err != nil || result.Flag == nil {
				t.Fatalf("no flag: %v", err)
			}
			var got []string
			for _, p := range c.Passages(result.Flag, tt.around) {
				text := p.Part + ": "
				for _, r := range p.Runs {
					if r.Found {
						r.Text = "[" + r.Text + "]"
					}
					text += r.Text
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " | ")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
