package console

import (
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// rulesOf makes a lexicon in files ready, with factors switched off.
func rulesOf(t *testing.T, files fstest.MapFS, off ...string) *Rules {
	t.Helper()
	rs, err := lexicon.Load(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	if rs.Policy, err = lexicon.LoadPolicy(configs.FS, "routing.yaml"); err != nil {
		t.Fatal(err)
	}
	rs.Policy.Referrals, rs.Policy.Disabled = nil, off
	r := &Rules{Source: rs, Files: files, Dir: ".", Engine: "words"}
	if r.Program, err = lexicon.Compile(rs); err != nil {
		t.Fatal(err)
	}
	if r.Classifier, err = pipeline.NewClassifier(r.Program, r.Engine); err != nil {
		t.Fatal(err)
	}
	return r
}

// A lexicon from elsewhere may hold anything where a text is allowed: on the
// pages it stays a text.
func TestStrangeLexicon(t *testing.T) {
	const attack = `<script>alert(1)</script>`
	files := fstest.MapFS{
		"lexicon.yaml":       {Data: []byte("name: '" + attack + "'\nversion: '\"><img src=x>'\nauthor: A\nreviewer: B\n")},
		"qualifiers.fr.yaml": {Data: []byte("cues:\n  - name: '" + attack + "'\n    effect: negated\n    terms: |\n      pas\n")},
		"fr/health.yaml": {Data: []byte("category: health\nlabel: '" + attack + "'\nfactors:\n  - id: maladie\n    label: '" + attack + "\"x=\"'\n    fg21: health\n    severity: 2\n    terms: |\n" +
			"      malade \" onfocus=alert(1) autofocus x=\"\n      malade' & amp\n    examples:\n      match:\n        - '" + attack + " malade amp'\n")},
	}
	r := rulesOf(t, files)
	c := testConsole(t, func(o *Options) {
		o.Rules = r
		o.Names = func(id string) string {
			if id == "health.maladie" || id == "health" {
				return attack
			}
			return id
		}
	})
	d, _ := c.laid(t.Context())
	workedOut(t, c)
	term := d.byID["health.maladie"].Terms[0]
	changed := url.Values{"geste": {"mesurer"}, "changement": {changeForm(t, proposal.Change{Op: proposal.Replace, Factor: "health.maladie", Block: proposal.Terms, Old: term.Pattern, New: `"><b onclick=x()>` + "y"})}}
	for name, body := range map[string]string{
		"list":     get(c, "/lexique").Body.String(),
		"factor":   get(c, "/lexique/health.maladie").Body.String(),
		"term":     get(c, term.Address()).Body.String(),
		"form":     get(c, "/proposer?terme="+term.ID).Body.String(),
		"measured": postForm(c, "/proposer", false, changed).Body.String(),
	} {
		for _, part := range []string{attack, "<img src=x", `" onfocus=`, "<b onclick"} {
			if strings.Contains(body, part) {
				t.Errorf("%s: %q stands in the page:\n%s", name, part, body)
			}
		}
		if !strings.Contains(body, "&lt;script&gt;") {
			t.Errorf("%s: the lexicon's name is not in it", name)
		}
	}
	body := postForm(c, "/proposer/correctif", false, changed).Body.String()
	for _, line := range strings.Split(body, "\n")[:3] {
		if !strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "<") {
			t.Errorf("the patch begins with %q", line)
		}
	}
}
