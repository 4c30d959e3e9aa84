package console

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline/proposal"
)

func postForm(c *Console, path string, live bool, form url.Values) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if live {
		r.Header.Set("X-Live", "1")
	}
	c.routes().ServeHTTP(w, r)
	return w
}

// changeForm is a change as the form holds it.
func changeForm(t testing.TB, x proposal.Change) string {
	t.Helper()
	data, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func added(t testing.TB, term string) string {
	return changeForm(t, proposal.Change{Op: proposal.Add, Factor: "health.maladie_grave", Block: proposal.Terms, New: term})
}

func TestProposePages(t *testing.T) {
	c := shared()(t)
	d, _ := c.laid(t.Context())
	structure, plainTerm := "", ""
	for _, f := range d.factors {
		for _, x := range f.Terms {
			if x.Structure() {
				structure = x.ID
			} else if x.Pattern == "cancer(s|)" {
				plainTerm = x.ID
			}
		}
	}
	typed := func(block, op, old, text string) url.Values {
		return url.Values{"facteur": {"health.maladie_grave"}, "faire": {op}, "liste": {block}, "ancien": {old}, "nouveau": {text}}
	}
	with := func(form url.Values, act string, changes ...string) url.Values {
		form["geste"], form["changement"] = []string{act}, changes
		return form
	}
	const attack = `<script>alert(1)</script>`
	for _, x := range []struct {
		name, path string
		form       url.Values // nil for GET
		live       bool
		status     int
		has, lacks []string
	}{
		{name: "empty", path: "/proposer", status: 200, has: []string{"Aucun changement encore", "La notation"}, lacks: []string{"Télécharger"}},
		{name: "a factor", path: "/proposer?facteur=health.maladie_grave", status: 200, has: []string{`value="health.maladie_grave" selected`, "<datalist", "cancer(s|)"}},
		{name: "a term", path: "/proposer?terme=" + url.QueryEscape(plainTerm), status: 200, has: []string{`value="replace" selected`, `value="cancer(s|)"`, "2 suites de mots"}},
		{name: "a structure", path: "/proposer?terme=" + url.QueryEscape(structure), status: 404, has: []string{"plus, ce terme"}},
		{name: "no such factor", path: "/proposer?facteur=../../etc", status: 404, has: []string{"pas ce facteur"}, lacks: []string{"etc"}},

		{name: "nothing typed", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", ""), status: 200, lacks: []string{"alert"}},
		{name: "a mistake", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", "mal (de dos"), status: 200,
			has: []string{"Colonne", ">mal <", "(de dos"}, lacks: []string{"data-seek"}},
		{name: "a good term", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", "(très|) souffreteux"), status: 200,
			has: []string{"2 suites de mots", "très souffreteux", "data-seek"}, lacks: []string{"alert"}},
		{name: "there already", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", "cancer(s|)"), status: 200, has: []string{"déjà dans cette liste"}},
		{name: "shadowed", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", "un cancer"), status: 200, has: []string{"ne trouve rien de plus", "conseil"}},
		{name: "an unknown class", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", "voir <parant>"), status: 200, has: []string{"classe inconnue &lt;parant&gt;"}},
		{name: "script", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", attack), status: 200, has: []string{"&lt;script&gt;"}, lacks: []string{attack}},
		{name: "an example that holds", path: "/proposer/reponse", live: true, form: typed("examples.match", "add", "", "J'ai un cancer"), status: 200, has: []string{"est respecté"}},
		{name: "an example that does not", path: "/proposer/reponse", live: true, form: typed("examples.no_match", "add", "", "J'ai un cancer "+attack), status: 200,
			has: []string{"échoue", "cancer(s|)"}, lacks: []string{attack}},
		{name: "long", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", strings.Repeat("a ", 2000)), status: 200, has: []string{"trop long"}},
		{name: "deep", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", strings.Repeat("(", 900)+"a"+strings.Repeat(")", 900)), status: 200, has: []string{"trop de parenthèses"}},
		{name: "huge", path: "/proposer/reponse", live: true, form: typed("terms", "add", "", strings.Repeat("(a|b|c|d|e|f|g|h|i|j) ", 80)), status: 200, has: []string{"Plus d’un milliard"}},
		{name: "no such list", path: "/proposer/reponse", live: true, form: typed("label", "add", "", "x"), status: 200, has: []string{"Changement inconnu"}},

		{name: "places", path: "/proposer/lieux", live: true, form: typed("terms", "add", "", "un cancer"), status: 200,
			has: []string{"2\u00a0documents", "1 à tort", `<mark class="sign">un cancer</mark>`, "&lt;script&gt;"}, lacks: []string{attack}},
		{name: "places of a mistake", path: "/proposer/lieux", live: true, form: typed("terms", "add", "", "(un"), status: 200, lacks: []string{"document"}},
		{name: "places of nothing", path: "/proposer/lieux", live: true, form: typed("terms", "add", "", "zigouigoui bleu"), status: 200, has: []string{"dans aucun document"}},

		{name: "add", path: "/proposer", form: with(typed("terms", "add", "", "souffreteux <b>"), "ajouter"), status: 200, has: []string{"alert"}, lacks: []string{"<b>"}},
		{name: "add well", path: "/proposer", form: with(typed("terms", "add", "", "(mal|) souffreteux"), "ajouter"), status: 200, has: []string{"1\u00a0changement", "Télécharger", "(mal|) souffreteux"}},
		{name: "add without script's words", path: "/proposer", form: with(typed("examples.match", "add", "", attack), "ajouter"), status: 200, has: []string{"1\u00a0changement"}, lacks: []string{attack}},
		{name: "add twice", path: "/proposer", form: with(typed("terms", "add", "", "souffreteux"), "ajouter", added(t, "souffreteux")), status: 200, has: []string{"déjà dans cette liste", "1\u00a0changement"}},
		{name: "take out", path: "/proposer", form: with(typed("terms", "add", "", ""), "oter:0", added(t, "souffreteux")), status: 200, has: []string{"Aucun changement encore"}},
		{name: "take out what is not there", path: "/proposer", form: with(typed("terms", "add", "", ""), "oter:-9", added(t, "souffreteux")), status: 200, has: []string{"1\u00a0changement"}},
		{name: "a change that is none", path: "/proposer", form: with(typed("terms", "add", "", ""), "", added(t, "(souffreteux")), status: 200, has: []string{"jamais fermée"}},
		{name: "a shadowed change", path: "/proposer", form: with(typed("terms", "add", "", ""), "", added(t, "un cancer")), status: 200, has: []string{"ne trouve rien de plus"}},
		{name: "a broken form", path: "/proposer", form: with(typed("terms", "add", "", ""), "", "{"), status: 400, has: []string{"rechargez la page"}},
		{name: "5,000 changes", path: "/proposer/mesure", live: true, form: with(url.Values{}, "", many(5_000, `{"op":"add"}`)...), status: 413, has: []string{"5\u202f000\u00a0changements", "role=\"alert\""}},
		{name: "10,000 changes", path: "/proposer/mesure", live: true, form: with(url.Values{}, "", many(10_000, `{"op":"add"}`)...), status: 400, has: []string{"role=\"alert\""}}, // net/url's own bound
		{name: "oversized", path: "/proposer/correctif", form: with(url.Values{}, "", many(40, strings.Repeat("x", 100_000))...), status: 413, has: []string{"trop longue"}},

		{name: "measure nothing", path: "/proposer/mesure", live: true, form: url.Values{}, status: 200, has: []string{"Aucun changement"}},
		{name: "measure a mistake", path: "/proposer/mesure", live: true, form: with(url.Values{}, "", added(t, "voir <inconnue>")), status: 200, has: []string{"ne peut pas servir", "inconnue"}},
		{name: "no patch of nothing", path: "/proposer/correctif", form: url.Values{}, status: 422, has: []string{"Aucun changement"}},
		{name: "no patch of a factor elsewhere", path: "/proposer/correctif", form: with(url.Values{}, "", changeForm(t, proposal.Change{Op: "add", Factor: "../x", Block: "terms", New: "y"})), status: 422, has: []string{"pas de facteur"}},
	} {
		var w *httptest.ResponseRecorder
		if x.form == nil {
			w = get(c, x.path)
		} else {
			w = postForm(c, x.path, x.live, x.form)
		}
		body := w.Body.String()
		if w.Code != x.status {
			t.Errorf("%s: %d, want %d", x.name, w.Code, x.status)
		}
		for _, part := range x.has {
			if !strings.Contains(body, part) {
				t.Errorf("%s: it lacks %q:\n%s", x.name, part, inMain(body))
			}
		}
		for _, part := range x.lacks {
			if strings.Contains(body, part) {
				t.Errorf("%s: it has %q", x.name, part)
			}
		}
		if x.form == nil && len(body) > 100_000 {
			t.Errorf("%s: %d bytes", x.name, len(body))
		}
	}
}

func many(n int, text string) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = text
	}
	return all
}

// inMain is what a page shows below its navigation.
func inMain(body string) string {
	if _, after, ok := strings.Cut(body, "<main"); ok {
		return after
	}
	return body
}

// What a change does to the annotated documents, with the script and without.
func TestProposeMeasured(t *testing.T) {
	c := shared()(t)
	form := url.Values{"changement": {changeForm(t, proposal.Change{Op: proposal.Add, Factor: "health.idees_suicidaires", Block: proposal.Terms, New: "vinaigre de vaisselle"}), changeForm(t, proposal.Change{Op: proposal.Add, Factor: "health.idees_suicidaires", Block: "examples.no_match", New: "Du vinaigre de vaisselle"})}}
	for _, x := range []struct {
		path string
		live bool
	}{{"/proposer/mesure", true}, {"/proposer", false}} {
		form["geste"] = []string{"mesurer"}
		body := postForm(c, x.path, x.live, form).Body.String()
		for _, part := range []string{"1 de plus, 0 de moins", "apparaît", `href="/proposer/texte/3">a-4`, "à tort", `<mark class="sign">vinaigre de vaisselle</mark>`, "Santé", "1 → 2", "trouvé dans 1\u00a0document", "Du vinaigre de vaisselle", "1\u00a0échec", "indices appris restent"} {
			if !strings.Contains(body, part) {
				t.Errorf("%s lacks %q:\n%s", x.path, part, inMain(body))
			}
		}
	}
}

func TestProposePatch(t *testing.T) {
	c := shared()(t)
	w := postForm(c, "/proposer/correctif", false, url.Values{"changement": {added(t, "(très|) souffreteux")}})
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/x-patch; charset=utf-8" || w.Header().Get("Content-Disposition") != `attachment; filename="proposition.patch"` {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
	if body := w.Body.String(); !strings.Contains(body, "--- a/fr/health.yaml\n+++ b/fr/health.yaml\n") || !strings.Contains(body, "\n+      (très|) souffreteux\n") {
		t.Errorf("the patch is\n%s", body)
	}
}

// Files that change on disk are told: a patch would be of lines that have moved.
func TestProposeFilesChanged(t *testing.T) {
	files := smallLexicon()
	c := testConsole(t, func(o *Options) { o.Rules = rulesOf(t, files) })
	form := url.Values{"changement": {changeForm(t, proposal.Change{Op: proposal.Add, Factor: "health.maladie", Block: proposal.Terms, New: "alité"})}}
	const changed = "ont changé depuis le démarrage de la console"
	if w := postForm(c, "/proposer/correctif", false, form); w.Code != http.StatusOK || strings.Contains(w.Body.String(), changed) {
		t.Errorf("before: %d\n%s", w.Code, w.Body)
	}
	files["fr/health.yaml"].Data = append([]byte("# Relu.\n"), files["fr/health.yaml"].Data...)
	if w := postForm(c, "/proposer/correctif", false, form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), changed) {
		t.Errorf("the patch: %d\n%s", w.Code, w.Body)
	}
	if w := postForm(c, "/proposer/mesure", true, form); !strings.Contains(w.Body.String(), changed) {
		t.Errorf("the measure: %s", w.Body)
	}
}

func BenchmarkPropose(b *testing.B) {
	c := shared()(b)
	form := url.Values{"facteur": {"health.maladie_grave"}, "faire": {"add"}, "liste": {"terms"}, "nouveau": {"(très|trop|) {malade} ...8 <durée>"}}
	for _, path := range []string{"/proposer/reponse", "/proposer/lieux", "/proposer"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if w := postForm(c, path, true, form); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

// A text that the console was given can be read, one that it was not cannot.
func TestTextPage(t *testing.T) {
	c := shared()(t)
	for _, x := range []struct {
		path       string
		status     int
		has, lacks []string
	}{
		{"/proposer/texte/0", 200, []string{"Document annoté a-1", "cancer(s|)", "<q>cancer</q>", `name="genre" value="courriel"`}, nil},
		{"/proposer/texte/2", 200, []string{"&lt;script&gt;", "Aucun signe"}, []string{"<script>alert"}},
		{"/proposer/texte/4", 404, []string{"pas chargé"}, nil},
		{"/proposer/texte/-1", 404, nil, nil},
		{"/proposer/texte/..%2f0", 404, nil, nil},
	} {
		w := get(c, x.path)
		if w.Code != x.status {
			t.Errorf("%s: %d, want %d", x.path, w.Code, x.status)
		}
		for _, part := range x.has {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("%s lacks %q", x.path, part)
			}
		}
		for _, part := range x.lacks {
			if strings.Contains(w.Body.String(), part) {
				t.Errorf("%s has %q", x.path, part)
			}
		}
	}
}
