package console

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
)

// smallLexicon is a lexicon of three factors.
func smallLexicon() fstest.MapFS {
	file := func(category, factors string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("category: " + category + "\nlabel: " + category + "\nfactors:\n" + factors)}
	}
	factor := func(id, word string) string {
		return fmt.Sprintf("  - id: %s\n    label: %s\n    fg21: health\n    severity: 2\n    terms: |\n      %s\n    examples:\n      match:\n        - Je suis %s, hélas\n", id, id, word, word)
	}
	return fstest.MapFS{
		"lexicon.yaml":       {Data: []byte("name: essai\nversion: '1'\nauthor: A\nreviewer: B\n")},
		"qualifiers.fr.yaml": {Data: []byte("cues:\n  - name: nié\n    effect: negated\n    terms: |\n      pas\n")},
		"fr/health.yaml":     file("health", factor("maladie", "souffrant")+factor("souffle", "essoufflé")),
		"fr/capacity.yaml":   file("capacity", factor("lecture", "illettré")),
	}
}

// Factors that the policy has switched off are said to be so: they have no
// failing examples and are found nowhere for that reason.
func TestFactorsOff(t *testing.T) {
	c := testConsole(t, func(o *Options) {
		o.Rules = rulesOf(t, smallLexicon(), "health.maladie", "capacity.*")
		corpus, err := eval.Read(strings.NewReader(`{"id":"a-1","kind":"email","subject":"","body":"Je suis souffrant et essoufflé.","labels":[{"category":"health","quote":"souffrant"}]}` + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		o.Corpus = corpus
	})
	workedOut(t, c)
	d, _ := c.laid(t.Context())
	term := d.byID["health.maladie"].Terms[0]
	draft := func(factor, list, text string) url.Values {
		return url.Values{"facteur": {factor}, "faire": {"add"}, "liste": {list}, "nouveau": {text}}
	}
	change := func(factor, list, text string) string {
		return changeForm(t, proposal.Change{Op: proposal.Add, Factor: factor, Block: proposal.Block(list), New: text})
	}
	const off = "teint par la politique\u00a0: rien n’est cherché"
	for _, x := range []struct {
		name, body string
		has, lacks []string
	}{
		{"list", get(c, "/lexique").Body.String(), []string{"2\u00a0facteurs sont éteints", `name="eteints"`, ">souffle<"}, []string{"échec</strong>"}},
		{"off alone", get(c, "/lexique?eteints=1").Body.String(), []string{">maladie<", ">lecture<"}, []string{">souffle<"}},
		{"failing alone", get(c, "/lexique?echecs=1").Body.String(), []string{"Aucun facteur ne répond"}, nil},
		{"factor", get(c, "/lexique/capacity.lecture").Body.String(), []string{off}, []string{"échec", "respecté", "0\u00a0exemple"}},
		{"factor that is on", get(c, "/lexique/health.souffle").Body.String(), []string{"tous respectés", "1\u00a0document"}, []string{off}},
		{"term", get(c, term.Address()).Body.String(), []string{off}, []string{"dans aucun document"}},
		{"draft", postForm(c, "/proposer/reponse", true, draft("health.maladie", "terms", "alité")).Body.String(), []string{off}, []string{"data-seek"}},
		{"draft of an example", postForm(c, "/proposer/reponse", true, draft("health.maladie", "examples.match", "Je suis souffrant")).Body.String(), []string{off}, []string{"échoue"}},
		{"draft that is on", postForm(c, "/proposer/reponse", true, draft("health.souffle", "terms", "alité")).Body.String(), []string{"data-seek"}, []string{off}},
		{"measured", postForm(c, "/proposer/mesure", true, url.Values{"changement": {change("health.maladie", "terms", "je suis"), change("health.maladie", "examples.match", "Je suis mal")}}).Body.String(),
			[]string{off, "aucun n’est essayé"}, []string{"trouvé nulle part", "échec"}},
		{"measured that is on", postForm(c, "/proposer/mesure", true, url.Values{"changement": {change("health.souffle", "terms", "je suis")}}).Body.String(),
			[]string{"1\u00a0exemple, tous respectés", "trouvé dans 1\u00a0document"}, []string{off}},
	} {
		for _, part := range x.has {
			if !strings.Contains(x.body, part) {
				t.Errorf("%s lacks %q:\n%s", x.name, part, inMain(x.body))
			}
		}
		for _, part := range x.lacks {
			if strings.Contains(x.body, part) {
				t.Errorf("%s has %q:\n%s", x.name, part, inMain(x.body))
			}
		}
	}
}
