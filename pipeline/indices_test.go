package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// indexRow is a row of the learned layer of a test.
func indexRow(text string, weights ...int32) lexicon.IndexSource {
	row := lexicon.IndexSource{Text: text}
	copy(row.Weights[:], weights)
	return row
}

// learnedClassifier returns a classifier of a lexicon with one factor and a
// learned layer. Weights are in thousandths before division by the root of the
// number of words, at least fewWords: 2829 is just one.
func learnedClassifier(t *testing.T, engine string, disabled ...string) *Classifier {
	t.Helper()
	pattern := func(s string) []lexicon.Entry {
		p, err := lexicon.ParsePattern(s)
		if err != nil {
			t.Fatal(err)
		}
		return []lexicon.Entry{{Pattern: p}}
	}
	rs := &lexicon.Ruleset{Name: "essai", Version: "1", Sections: []lexicon.Section{{
		ID: "health", Factors: []lexicon.FactorSource{{ID: "maladie", Label: "Maladie", Severity: 3, Weight: 1, Negatable: true, Terms: pattern("malade")}},
	}}}
	rs.Policy.Languages, rs.Policy.Disabled = []string{"fr"}, disabled
	rs.Indices = lexicon.IndicesSource{Base: lexicon.Weights{0, 0, 0, 0, 0, 0}}
	rs.Indices.Rows[lexicon.Passage] = []lexicon.IndexSource{
		indexRow("fauteuil", 2829), indexRow("plus rien", 0, 2829), indexRow("-trist-", 1500), indexRow("marrant", -5000),
		indexRow("avant:arret", 1500), indexRow("apres:condoleances", 0, 0, 2829), indexRow("adieu", 100, 0, 0, 0, 2829),
		indexRow("#3", 0, 1500), indexRow("euros", 0, 1500),
	}
	rs.Indices.Rows[lexicon.Whole] = []lexicon.IndexSource{
		indexRow("fauteuil", 0, 0, 0, 2829), indexRow("health.maladie", -400), indexRow("divorce", 0, 0, 1500, 0, 0, 2829),
	}
	program, err := lexicon.Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewClassifier(program, engine)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestIndices(t *testing.T) {
	for _, test := range []struct {
		name, kind, text string
		// want is what the flag says, "" for none.
		want string
	}{
		{"a heavy index alone", "email", "Je passe mes journées au fauteuil", "care 2 health,capacity [health.faisceau] [capacity.faisceau]"},
		{"a pair across words that do not count", "email", "il ne reste plus euh rien", "care 2 resilience [resilience.faisceau]"},
		{"not across sentences", "email", "C'est plus. Rien de neuf.", ""},
		{"two parts of words", "email", "la tristesse, attristée", ""},
		{"a part and a word of the agent's before it", "transcript", "agent: vous êtes en arrêt\nclient: oui c'est triste", "care 2 health [health.faisceau]"},
		{"the agent's own words are none", "transcript", "agent: le fauteuil\nclient: quoi", ""},
		{"a word of the agent's after it", "transcript", "client: ça fera six semaines\nagent: toutes mes condoléances", "care 2 life_events [life_events.faisceau]"},
		{"numbers of a length, and a unit", "email", "il me reste 210 euros", "care 2 resilience [resilience.faisceau]"},
		{"an index that speaks against a factor", "email", "je suis malade, c'est marrant, à demain pour la suite", ""},
		{"not in so few words", "email", "je suis malade, c'est marrant, à demain", "care 3 health [health.maladie]"},
		{"a factor that means less than it weighs", "email", "je suis malade à demain pour toute la suite", ""},
		{"not in so few words either", "email", "je suis malade à demain pour la suite", "care 3 health [health.maladie]"},
		{"a factor and an index together", "email", "je suis malade et triste, à demain pour la suite", "care 3 health [health.maladie] [health.faisceau]"},
		{"danger in what reaches a category", "email", "adieu mon fauteuil", "urgent 4 health,capacity [health.faisceau] [capacity.faisceau] unspecified"},
		{"danger alone is a chance of words", "email", "adieu", ""},
		{"not in another language", "email en", "au fauteuil", ""},
	} {
		var all []string
		for _, engine := range []string{"words", "cloudflare"} {
			got := judged(t, learnedClassifier(t, engine), test.kind, test.text)
			all = append(all, got)
			if got != test.want {
				t.Errorf("%s, %s: got %q, want %q", test.name, engine, got, test.want)
			}
		}
		if all[0] != all[1] {
			t.Errorf("%s: the engines differ", test.name)
		}
	}
}

// What the policy switches off for a legal reason, the learned layer does not
// bring back.
func TestDisabledIsNotLearned(t *testing.T) {
	for _, test := range []struct{ disabled, text, want string }{
		{"health.*", "au fauteuil", "care 2 capacity [capacity.faisceau]"},
		{"health.*", "je suis malade et triste", ""},
		{"health.*", "adieu mon fauteuil", "urgent 4 capacity [capacity.faisceau] unspecified"},
		{"health.faisceau", "au fauteuil", "care 2 capacity [capacity.faisceau]"},
		{"health.faisceau", "je suis malade", "care 3 health [health.maladie]"},
		{"health.faisceau", "je suis malade, adieu", "care 3 health [health.maladie]"},
		{"health.maladie", "je suis malade et triste", ""},
		{"health.maladie", "au fauteuil", "care 2 health,capacity [health.faisceau] [capacity.faisceau]"},
	} {
		if got := judged(t, learnedClassifier(t, "words", test.disabled), "email", test.text); got != test.want {
			t.Errorf("%s disabled, %q: got %q, want %q", test.disabled, test.text, got, test.want)
		}
	}
}

// judged writes a flag in one line.
func judged(t *testing.T, c *Classifier, kind, text string) string {
	t.Helper()
	kind, language, _ := strings.Cut(kind, " ")
	d := &datadriven.TestData{Cmd: kind, Input: text}
	if language != "" {
		d = &datadriven.TestData{Cmd: "transcript", Input: "client: " + text, CmdArgs: []datadriven.CmdArg{{Key: "language", Vals: []string{language}}}}
	}
	r, err := c.Classify(event.Record{Value: caseEvent(t, d)})
	if err != nil {
		t.Fatal(err)
	}
	f := r.Flag
	if f == nil {
		return ""
	}
	s := fmt.Sprintf("%s %d %s", f.Route, f.Severity, strings.Join(f.Categories, ","))
	for _, x := range f.Findings {
		s += fmt.Sprintf(" [%s]", x.Factor)
		if len(x.Spans) == 0 {
			t.Errorf("%s: a finding without a place", text)
		}
	}
	return strings.TrimSpace(s + " " + strings.Join(append(f.Urgency, f.Referrals...), ","))
}

// TestFaisceauShowsTheStrongest holds which words a faisceau names, and how it
// is explained.
func TestFaisceauShowsTheStrongest(t *testing.T) {
	c := learnedClassifier(t, "words")
	d := &datadriven.TestData{Cmd: "email", Input: "Je suis triste au fauteuil."}
	list, err := c.Explain(event.Record{Value: caseEvent(t, d)})
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	x := list[0]
	if want := []string{"triste", "fauteuil"}; !slices.Equal(x.Quotes, want) {
		t.Errorf("quotes %q, want %q", x.Quotes, want)
	}
	if want := "fauteuil +2.829, -trist- +1.500"; x.Pattern != want {
		t.Errorf("indices %q, want %q", x.Pattern, want)
	}
}

// Each index of a passage, and of the document, counts once, whatever words have
// it in common.
func TestIndicesCountOnce(t *testing.T) {
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	c = c.Clone()
	x := &c.program.Indices
	for _, e := range inputs(t, 0) {
		doc, err := c.Decode(e)
		if err != nil {
			t.Fatal(err)
		}
		c.weigh(doc)
		got := c.reader.read(&c.stream, c.hits.at.pairs, c.program)
		var best, want [lexicon.Decisions]float64
		var whole lexicon.Weights
		seen := make(map[int32]bool)
		for i, at := range c.reader.passages {
			var sums lexicon.Weights
			here := make(map[int32]bool)
			for _, h := range c.reader.occurrences(&c.stream, i) {
				if !here[h.index] {
					here[h.index] = true
					sums.Add(&x.Weights[lexicon.Passage][h.index])
				}
				if !seen[h.index] {
					seen[h.index] = true
					whole.Add(&x.Weights[lexicon.Whole][h.index])
				}
			}
			for d, sum := range sums {
				if score := float64(sum) * (rootScale(int(at.end-at.start)) / 1000); i == 0 || score > best[d] {
					best[d] = score
				}
			}
		}
		for d := range want {
			want[d] = best[d] + float64(float64(whole[d])*(rootScale(c.reader.words())/1000)) + float64(x.Base[d])/1000
		}
		if got.score != want {
			t.Fatalf("%v, want %v", got.score, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		words int32
		want  []place
	}{
		{0, []place{{5, 5}}},
		{24, []place{{5, 29}}},
		{25, []place{{5, 29}, {6, 30}}},
		{36, []place{{5, 29}, {17, 41}}},
		{50, []place{{5, 29}, {17, 41}, {29, 53}, {31, 55}}},
	} {
		var got []place
		for _, p := range cut(nil, passage{place{5, 5 + test.words}, 0}) {
			got = append(got, p.place)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%d words: %v, want %v", test.words, got, test.want)
		}
	}
}
